"""What was known by a day, in columns: see `recorded` for what that means."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from peiyu.batch.recorded import KNOWN_ON, versions
from peiyu.tables.files import Unreadable
from peiyu.words import message


def rows_known(frame: pl.LazyFrame, table: str, key: str, day: date | None) -> pl.LazyFrame:
    """The rows of a table as they were known on that day; a frame without days is all known."""
    schema = frame.collect_schema()
    if schema.get(KNOWN_ON) != pl.Date:
        return frame
    recorded = pl.col(KNOWN_ON).fill_null(date.min)
    if day is not None:
        frame = frame.filter(recorded <= day)
    thing = [key, *versions(table)]
    if all(name in schema for name in thing):
        whole = pl.all_horizontal(pl.col(name).is_not_null() for name in thing)
        latest = recorded == recorded.max().over(thing)
        frame = frame.filter(latest | ~whole)
    return frame.drop(KNOWN_ON)


def files_say_when(path: Path) -> bool:
    """Does any row of a parquet file, or of a folder of them, say when it was recorded.

    Raises:
        Unreadable: a column of days holds something else.
    """
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    said = [_says_when(pl.scan_parquet(file), file.name) for file in files]  # each, for its type
    return any(said)


def _says_when(frame: pl.LazyFrame, name: str) -> bool:
    kind = frame.collect_schema().get(KNOWN_ON)
    if kind is None or kind == pl.Null:
        return False
    if kind != pl.Date:
        said = message("“{name}”的 known_on 列应为日期列，而不是{kind}", name=name, kind=str(kind))
        raise Unreadable(said)
    return bool(frame.select(pl.col(KNOWN_ON).is_not_null().any()).collect().item())
