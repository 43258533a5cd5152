"""Something that waits for a person, before its working days are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from peiyu.words import Message


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: until when, what, with whom, why it is theirs, where it is done."""

    due_on: date | None
    what: Message
    thing: Message | str
    why: Message
    link: str
    verb: str
