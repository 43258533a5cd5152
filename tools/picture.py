"""Draw docs/explain.svg: the terminal as `peiyu explain` leaves it for one enterprise of the demo city.

The enterprise fails one condition by a little. Some conditions are left out; every line that is
there stands as it was printed. No font is fetched: those of the reader's own terminal are named.
"""

import io
import re
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from peiyu.batch.cases import cases_of
from peiyu.batch.judging import judge
from peiyu.batch.layouts import layout
from peiyu.batch.reports import report
from peiyu.batch.workbooks import Run
from peiyu.cli.law import STYLES
from peiyu.demo.city import DAY, City, city
from peiyu.demo.workbook import write_city
from peiyu.policy.explain import program
from peiyu.policy.reasons import near
from peiyu.policy.rulebooks import HNTE
from peiyu.tables.reading import read_any

TARGET = Path(__file__).parents[1] / "docs/explain.svg"
STORY = "short_of_rd"
SHOWN = ("近三年研究开发费用总额", "得分明细")
WIDTH = 108
LEFT_OUT = ("dim", "⋮")

Line = tuple[str, str]

INK = (38, 38, 38)
RED, GREEN, AMBER, BLUE = (176, 42, 48), (32, 110, 60), (146, 96, 0), (36, 84, 160)
VIOLET, CYAN, GREY = (120, 60, 130), (0, 110, 120), (112, 112, 112)
PAPER = TerminalTheme(
    (250, 250, 247),
    INK,
    [INK, RED, GREEN, AMBER, BLUE, VIOLET, CYAN, GREY],
    [GREY, RED, GREEN, AMBER, BLUE, VIOLET, CYAN, INK],
)
FONTS = (
    "'Sarasa Mono SC', 'Noto Sans Mono CJK SC', 'Source Han Mono SC', 'Cascadia Mono', Menlo, "
    "Consolas, 'DejaVu Sans Mono', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', monospace"
)
SVG = f"""<svg viewBox="0 0 {{width}} {{height}}" xmlns="http://www.w3.org/2000/svg">
<style>
.{{unique_id}}-matrix {{{{ font-family: {FONTS}; font-size: {{char_height}}px; line-height: {{line_height}}px; }}}}
.{{unique_id}}-title {{{{ font-family: {FONTS}; font-size: 16px; }}}}
{{styles}}
</style>
<defs>
<clipPath id="{{unique_id}}-clip-terminal">
<rect x="0" y="0" width="{{terminal_width}}" height="{{terminal_height}}"/>
</clipPath>
{{lines}}
</defs>
{{chrome}}
<g transform="translate({{terminal_x}}, {{terminal_y}})" clip-path="url(#{{unique_id}}-clip-terminal)">
{{backgrounds}}
<g class="{{unique_id}}-matrix">
{{matrix}}
</g>
</g>
</svg>
"""


def lines_of(drawn: City, folder: Path) -> tuple[str, list[Line]]:
    """The command, and the lines that it prints, by style."""
    workbook = write_city(folder / "demo-city.xlsx", drawn)
    plain = [firm for firm in drawn.by_story[STORY] if not firm.tables]
    name = plain[0].name
    rules = program(HNTE, DAY)
    found = cases_of(read_any(workbook, layout(HNTE, DAY, every=True)), DAY)
    case = next(case for case in found.cases if case.name == name)
    item = next(judge(HNTE, [case], DAY))
    closeness = {c.id: near(item.assessment, c.id) for c in HNTE.criteria}
    command = f"peiyu explain out/{workbook.name} --enterprise {name} --on {DAY}"
    return command, list(report(item, Run(rules, workbook.name, found, "zh"), closeness))


def excerpt(lines: list[Line]) -> list[Line]:
    """The first lines and the parts that are shown; ⋮ stands where others were."""
    parts: list[list[Line]] = [[]]
    for line in lines:
        if line[0] == "head":
            parts.append([])
        parts[-1].append(line)
    kept = parts[0]
    for part in parts[1:]:
        if part[0][1].lstrip("✓✗?◇– ").startswith(SHOWN):
            kept += [("", ""), *part]
        elif kept[-1] != LEFT_OUT:
            kept += [("", ""), LEFT_OUT]
    return kept


def widened(svg: str) -> str:
    """The drawing with each text as wide as its cells: rich counts a Chinese sign as one cell."""
    cell = float(re.search(r'textLength="([\d.]+)"[^>]*>\$', svg)[1])  # the prompt is one cell wide

    def set_width(found: re.Match[str]) -> str:
        width = cell_len(unescape(found[2])) * cell
        return f'textLength="{width:.1f}"{found[1]}>{found[2]}</text>'

    return re.sub(r'textLength="[\d.]+"([^>]*)>([^<]*)</text>', set_width, svg)


def main() -> None:
    """Write the picture; the same city gives the same file."""
    with TemporaryDirectory() as folder:
        command, lines = lines_of(city(), Path(folder))
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False
    )
    console.print(Text("$", style="bright_black"), Text(command, style="bold"))
    for style, text in excerpt(lines):
        for piece in chop_cells(text, WIDTH) or [""]:  # a terminal breaks where its line is full
            console.print(Text(piece, style=STYLES.get(style, "")))
    svg = console.export_svg(title="peiyu", theme=PAPER, code_format=SVG, unique_id="explain")
    lines_of_svg = (line.rstrip() for line in widened(svg).splitlines())
    TARGET.write_text("\n".join(lines_of_svg) + "\n", "utf-8")


if __name__ == "__main__":
    main()
