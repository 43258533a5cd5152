"""Lists on the screen, and where results may be written: for the subcommands that show lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import click

from peiyu.cli import law
from peiyu.cli.law import stop
from peiyu.words import message, translate

MOST_SHOWN = 30

output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None,
    help="结果文件，按后缀；不写就列在屏幕上 · result by its ending, on the screen without one",
)  # fmt: skip


def endings(output: Path | None, known: Sequence[str], lang: str) -> None:
    """Stop at a file of a kind that is not written."""
    if output is not None and output.suffix.lower() not in known:
        said = message("结果文件请以这些后缀结尾：{endings}", endings=tuple(known))
        stop(said, lang)


def may_write(output: Path, source: Path, beside: Iterable[str], lang: str) -> None:
    """Stop before a result, or a list beside it, would write over what it is made from."""
    law.may_write(output, source, lang)
    files = (output.with_suffix(ending).resolve() for ending in beside)
    if any(file.exists() and file.samefile(source) for file in files):
        stop(message("结果文件不能与来源文件相同"), lang)


def tell_rest(total: int, lang: str) -> None:
    """How many rows a list on the screen leaves out."""
    if total > MOST_SHOWN:
        left = message("……另有 {count} 行，写进文件可见（-o）", count=total - MOST_SHOWN)
        click.echo(left.say(lang))


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]], lang: str) -> None:
    """A list in columns, plain in a pipe."""
    law.print_lines(aligned(translate(title, lang), [list(heads), *map(list, rows)]))


def aligned(title: str, rows: Sequence[Sequence[object]]) -> Iterator[tuple[str, str]]:
    """Rows with their columns below one another; a column without a word is left out."""
    from rich.cells import cell_len

    filled = [any(map(_cell, column)) for column in zip(*rows[1:], strict=True)]
    rows = [[value for value, keep in zip(row, filled, strict=True) if keep] for row in rows]
    said = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*said, strict=True)]
    yield "head", title
    for at, row in enumerate(rows):
        cells = []
        for value, text, width in zip(row, said[at], widths, strict=True):
            space = " " * (width - cell_len(text))
            cells.append(space + text if _is_number(value) else text + space)
        yield "dim" if at == 0 else "plain", "  ".join(cells).rstrip()


def _cell(value: object) -> str:
    return f"{value:,}" if _is_number(value) else "" if value is None else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal)
