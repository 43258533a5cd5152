"""Cut the fonts of papers anew; needs npm and fontTools: `uv run --with fonttools tools/fonts.py`."""

import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset

HOUSE = Path(__file__).parents[1]
TARGET = HOUSE / "src/peiyu/papers/fonts"
PACKAGE = "@expo-google-fonts/noto-serif-sc@0.4.3"
FACES = {"Regular": ("400Regular", "gbk"), "Bold": ("700Bold", "gb2312")}
BESIDE = "…—–‘’“”·•※→←↑↓√×÷±≤≥≠≈∑∞∥∠°′″℃①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳■□▲△●○◆◇★☆〇〔〕【】《》〈〉「」『』〖〗￥％‰㎡㎏㎜㎝"


def characters(coding: str) -> set[str]:
    """All characters of a Chinese coding, the Latin ones and some signs beside."""
    found = {chr(number) for number in (*range(0x20, 0x7F), *range(0xA0, 0x180))} | set(BESIDE)
    for first in range(0x81, 0xFF):
        for second in range(0x40, 0xFF):
            try:
                found |= set(bytes([first, second]).decode(coding))
            except UnicodeDecodeError:
                continue
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        for face, (source, coding) in FACES.items():
            options = subset.Options()
            options.layout_features = ["kern", "mark", "ccmp", "locl", "halt", "vert"]
            options.hinting = options.glyph_names = False
            options.notdef_outline = True
            options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
            font = subset.load_font(f"{folder}/package/{source}/NotoSerifSC_{source}.ttf", options)
            cutter = subset.Subsetter(options)
            cutter.populate(text="".join(characters(coding)))
            cutter.subset(font)
            subset.save_font(font, str(TARGET / f"NotoSerifSC-{face}.ttf"), options)
        (TARGET / "OFL.txt").write_bytes((folder / "package/LICENSE_FONT").read_bytes())


if __name__ == "__main__":
    main()
