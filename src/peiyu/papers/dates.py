"""Days and numbers as official papers write them (GB/T 9704—2012, 7.2.5 and 7.3.5.4)."""

from __future__ import annotations

from datetime import date


def official_date(day: date) -> str:
    """Arabic numerals, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def official_number(mark: str, year: int, number: int) -> str:
    """发文字号: the body's mark, the year in six-cornered brackets, the number without 第 or zeros."""
    return f"{mark}〔{year}〕{number}号"
