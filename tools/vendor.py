"""Fetch what the pages and their tests take from others: `make vendor`; needs npm.

Each folder gets the files with the version, the licence and the hashes; nothing is built later.
Of Tabler only the parts that the pages use are kept: see `PARTS`.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

HOUSE = Path(__file__).parents[1]
STATIC = HOUSE / "src/peiyu/office/web/static/vendor"
TESTS = HOUSE / "tests/office/axe"

# The classes of Tabler that the pages use; what it says of elements without class is kept too.
PARTS = ("btn", "form-check-input", "form-control", "form-select")

# The outline icons that a template may name.
ICONS = """
adjustments-horizontal alert-square arrow-back-up arrow-right bell book building-bank
building-factory-2 calendar camera certificate check checklist chevron-down chevron-left
chevron-right circle-check cloud-check cloud-off columns copy database device-floppy devices
download external-link file-spreadsheet file-text filter-off fingerprint forms gavel help hierarchy
history home key language link-plus list-check lock login logout map-2 map-pin menu-2 message
microphone note paperclip pencil pin plus printer refresh route search settings shield-check stack-2
table target trash transfer upload user-check user-plus user users writing-sign x
""".split()


def fetched(package: str, folder: Path) -> tuple[Path, str]:
    """A package of the npm registry, unpacked, and its version."""
    told = subprocess.run(
        ["npm", "pack", "--json", "--pack-destination", str(folder), package],
        check=True, capture_output=True, text=True, cwd=folder,
    ).stdout  # fmt: skip
    found = json.loads(told)[0]
    unpacked = folder / found["name"].replace("/", "-")
    with tarfile.open(folder / found["filename"]) as archive:
        archive.extractall(unpacked, filter="data")
    return unpacked / "package", found["version"]


def clean(text: str) -> str:
    """Without the pointer to a source map, which would be asked for and not found."""
    return re.sub(r"\n?/[/*]# sourceMappingURL=.*", "", text).rstrip() + "\n"


def rules(css: str) -> Iterator[tuple[str, str]]:
    """The rules of a sheet: what stands before the outer braces, and what stands in them."""
    start = depth = opened = 0
    for place in (found.start() for found in re.finditer(r"[{};]", css)):
        if css[place] == "{":
            opened = opened if depth else place
            depth += 1
        elif css[place] == "}":
            depth -= 1
            if not depth:
                yield css[start:opened].strip(), css[opened + 1 : place]
                start = place + 1
        elif not depth:  # a statement without braces: @charset
            start = place + 1


def selectors(head: str) -> Iterator[str]:
    """What stands between the outer commas."""
    depth = start = 0
    for place, sign in enumerate(head + ","):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            yield head[start:place]
            start = place + 1


def wanted(selector: str) -> bool:
    """Every class that it names is one of our parts; it is not of a theme or layout that we lack."""
    names = re.findall(r"\.(-?[A-Za-z_][\w-]*)", selector)
    other = re.search(r"data-bs-|data-theme=dark|\[class|scrollbar|::part|:host", selector)
    return not other and all(name in PARTS for name in names)


def kept(css: str) -> str:
    """The rules of Tabler that our pages use."""
    said = []
    for head, body in rules(css):
        if head.startswith(("@media", "@supports")):
            inner = "" if "prefers-color-scheme" in head else kept(body)
            said += [f"{head}{{\n{inner}}}\n"] if inner else []
        elif not head.startswith("@"):
            ours = ",".join(filter(wanted, selectors(head)))
            said += [f"{ours}{{{body}}}\n"] if ours else []
    return "".join(said)


VARIABLE = re.compile(
    r"(?<=[{;])(--[\w-]+):(?:\"[^\"]*\"|'[^']*'|\([^)]*\)|[^;{}\"'(])*(?:;|(?=\}))"
)


def trimmed(css: str) -> str:
    """The sheet cut down to our parts, and to the variables that these read."""
    css = kept(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    before = ""
    while css != before:  # a variable that none reads may have been the only reader of another
        before, read = css, frozenset(re.findall(r"var\((--[\w-]+)", css))
        css = VARIABLE.sub(partial(_if_read, read), css)
        css = re.sub(r"(?m)^[^{}\n]*\{\}\n", "", css)
    return css


def _if_read(read: frozenset[str], variable: re.Match[str]) -> str:
    return variable[0] if variable[1] in read else ""


def symbol(folder: Path, name: str) -> str:
    """One icon as a symbol of the sprite."""
    text = (folder / f"icons/outline/{name}.svg").read_text("utf-8")
    drawn = " ".join(re.findall(r"<(?:path|circle|rect|line)[^>]*/>", text))
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{drawn}</symbol>\n'


def put(folder: Path, files: dict[str, str], version: str, licence: Path) -> None:
    """Write the files of one package with version, licence and hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    files |= {"LICENSE": licence.read_text("utf-8"), "VERSION": f"{version}\n"}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    hashes = [
        f"{hashlib.sha256(text.encode()).hexdigest()}  {name}" for name, text in files.items()
    ]
    (folder / "SHA256SUMS").write_text("\n".join(hashes) + "\n")
    print(folder.relative_to(HOUSE), version, *(f"{n} {len(t)}" for n, t in files.items()))


def main() -> int:
    """Fetch all of it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        tabler, version = fetched("@tabler/core@1.6", folder)
        css = (tabler / "dist/css/tabler.min.css").read_text("utf-8")
        heading = (
            f"/* Tabler {version}, MIT; cut down to {', '.join(PARTS)} by tools/vendor.py */\n"
        )
        # The package holds no licence of its own; that of the icons is by the same hand.
        icons, drawn = fetched("@tabler/icons@3", folder)
        put(STATIC / "tabler", {"tabler.css": heading + trimmed(css)}, version, icons / "LICENSE")
        sprite = "".join(symbol(icons, name) for name in ICONS)
        sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{sprite}</svg>\n'
        put(STATIC / "icons", {"icons.svg": sprite}, drawn, icons / "LICENSE")
        charts, version = fetched("echarts@6", folder)
        script = clean((charts / "dist/echarts.common.min.js").read_text("utf-8"))
        notice = (charts / "NOTICE").read_text("utf-8")
        put(
            STATIC / "echarts",
            {"echarts.js": script, "NOTICE": notice},
            version,
            charts / "LICENSE",
        )
        axe, version = fetched("axe-core@4", folder)
        script = clean((axe / "axe.min.js").read_text("utf-8"))
        put(TESTS, {"axe.js": script}, version, axe / "LICENSE")
    return 0


if __name__ == "__main__":
    sys.exit(main())
