"""The pictures of the pages: what `peiyu explain` prints, and the office at work.

docs/explain.svg and explain.en.svg: an enterprise of the demo that fails one condition by a little.
Some conditions are left out; every line that is there stands as it was printed. No font is fetched:
those of the reader's own terminal are named.

docs/office.png and office.en.png: a page of the demo city, built anew, as Chromium shows it.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from rich.cells import cell_len, chop_cells

from peiyu.batch.cases import cases_of
from peiyu.batch.judging import judge
from peiyu.batch.layouts import layout
from peiyu.batch.reports import report
from peiyu.batch.workbooks import Run
from peiyu.demo.city import DAY, city
from peiyu.demo.workbook import write_city
from peiyu.policy.explain import program
from peiyu.policy.reasons import near
from peiyu.policy.rulebooks import HNTE
from peiyu.tables.reading import read_any
from peiyu.words import translate

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = {"zh": "explain.svg", "en": "explain.en.svg"}
PHOTOS = {"zh": "office.png", "en": "office.en.png"}
PAGE = "/enterprises/?status=active&industry=C"
WIDE, HIGH = 1440, 900
TINTS = 64  # colours that a page needs; more only make the file larger
PATIENCE = 600  # seconds in which the demo is built and answers
STORY = "short_of_rd"
SHOWN = ("近三年研究开发费用总额占同期销售收入总额的比例", "得分明细")
WIDTH = 104  # cells of the terminal; a Chinese sign takes two
CELL, LINE, MARGIN = 9, 25, 24
FONTS = (
    "'Sarasa Mono SC', 'Noto Sans Mono CJK SC', 'Source Han Mono SC', "
    "Menlo, Consolas, 'DejaVu Sans Mono', monospace"
)
COLOURS = {
    "met": "#206e3c", "unmet": "#b02a30", "unknown": "#926000", "expert": "#2454a0",
    "near": "#006e78", "dim": "#707070",
}  # fmt: skip
BOLD = ("command", "title", "verdict", "head")
LEFT_OUT = ("dim", "⋮")
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'

Line = tuple[str, str]  # style, text


def printed(lang: str) -> list[Line]:
    """The command and the lines that it prints."""
    drawn = city()
    name = next(firm.name for firm in drawn.by_story[STORY] if not firm.tables)
    rules = program(HNTE, DAY)
    with TemporaryDirectory() as folder:
        workbook = write_city(Path(folder) / "demo-city.xlsx", drawn)
        found = cases_of(read_any(workbook, layout(HNTE, DAY, every=True)), DAY)
    case = next(case for case in found.cases if case.name == name)
    item = next(judge(HNTE, [case], DAY, lang=lang))
    closeness = {c.id: near(item.assessment, c.id) for c in HNTE.criteria}
    command = f"$ peiyu explain out/{workbook.name} --enterprise {name} --on {DAY}"
    command += "" if lang == "zh" else f" --lang {lang}"
    return [("command", command), *report(item, Run(rules, workbook.name, found, lang), closeness)]


def excerpt(lines: list[Line], lang: str) -> list[Line]:
    """The first lines and the parts that are shown; ⋮ stands where others were."""
    shown = tuple(translate(title, lang) for title in SHOWN)
    parts: list[list[Line]] = [[]]
    for line in lines:
        if line[0] == "head":
            parts.append([])
        parts[-1].append(line)
    kept = parts[0]
    for part in parts[1:]:
        if part[0][1].lstrip("✓✗?◇– ").startswith(shown):
            kept += [("", ""), *part]
        elif kept[-1] != LEFT_OUT:
            kept += [("", ""), LEFT_OUT]
    return kept


def folded(lines: list[Line]) -> list[Line]:
    """The lines as a terminal breaks them: where its own line is full."""
    return [(style, piece) for style, text in lines for piece in chop_cells(text, WIDTH) or [""]]


def drawn_line(style: str, text: str, number: int) -> str:
    """One line of the picture; a full one is held to its width, whatever the font."""
    bare = text.lstrip(" ")
    x, y = MARGIN + CELL * (len(text) - len(bare)), MARGIN + LINE * number + LINE * 3 // 4
    marks = f' fill="{COLOURS[style]}"' if style in COLOURS else ""
    marks += ' font-weight="bold"' if style in BOLD else ""
    if cell_len(text) > WIDTH - 8:
        marks += f' textLength="{CELL * cell_len(bare)}"'
    return f'<text x="{x}" y="{y}"{marks}>{escape(bare)}</text>'


def picture(lines: list[Line]) -> str:
    """The lines on paper."""
    width, height = 2 * MARGIN + CELL * WIDTH, 2 * MARGIN + LINE * len(lines)
    texts = [drawn_line(style, text, at) for at, (style, text) in enumerate(lines) if text.strip()]
    return "\n".join((
        f'<svg {NAMESPACE} viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f'<rect width="{width}" height="{height}" rx="8" fill="#fafaf7" stroke="#d8d8d2"/>',
        f'<g font-family="{FONTS}" font-size="{2 * CELL}" fill="#262626">',
        *texts, "</g>", "</svg>", "",
    ))  # fmt: skip


def drawn_in(lang: str) -> str:
    """The picture in a language, as the code now prints it."""
    return picture(folded(excerpt(printed(lang), lang)))


@contextmanager
def office() -> Iterator[str]:
    """The demo city, built anew and served; its address."""
    with TemporaryDirectory() as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "peiyu.cli", "demo", "--home", f"{home}/city"]
        with subprocess.Popen(
            [*command, "--port", str(port)], stdout=subprocess.DEVNULL
        ) as serving:
            try:
                _answers(port)
                yield f"http://127.0.0.1:{port}"
            finally:
                serving.terminate()


def photograph(browser: Browser, address: str, lang: str) -> bytes:
    """A page of the office as an officer of the bureau sees it, small enough for a README."""
    view = browser.new_context(
        locale={"zh": "zh-CN"}.get(lang, lang), viewport={"width": WIDE, "height": HIGH}
    )
    page = view.new_page()
    page.goto(f"{address}/login/")
    page.locator("button[name=person]").first.click()
    if lang != "zh":
        page.goto(f"{address}/me/")
        page.locator("main").get_by_role("button", name="English").click()
    page.goto(address + PAGE)
    page.wait_for_load_state("networkidle")
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    out = BytesIO()
    shot.quantize(TINTS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    view.close()
    return out.getvalue()


def _answers(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise TimeoutError("the demo does not answer")


if __name__ == "__main__":
    for lang, name in PICTURES.items():
        (DOCS / name).write_text(drawn_in(lang), "utf-8")
    with office() as address, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for lang, name in PHOTOS.items():
            (DOCS / name).write_bytes(photograph(browser, address, lang))
        browser.close()
