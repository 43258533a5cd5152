"""What a cell can answer besides a value: a problem, or a value with something to tell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from peiyu.words import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell cannot be read, and what to do about it."""

    rule: Message
    remedy: Message


@dataclass(frozen=True, slots=True)
class Told:
    """A value that was read, and what the office should be told about the reading."""

    value: object
    text: Message


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell in which Excel itself shows an error, or a formula that was never computed."""

    shown: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A number that Excel shows otherwise than it is stored: 0.055 as 5.5%, 12 as 12万元."""

    number: float
    percent: bool = False
    suffix: str = ""
    divided: int = 1
    """By how much the shown number is smaller than the stored one (a format with a comma)."""

    def as_shown(self) -> str:
        """The number roughly as the sheet shows it, for sentences."""
        number = Decimal(format(self.number, ".15g"))
        if self.percent:
            return f"{(number * 100).normalize():f}%"
        return f"{number / self.divided:f}{self.suffix}"
