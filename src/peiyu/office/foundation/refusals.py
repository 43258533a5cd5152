"""A refusal: what an action says when it will not, the same words at every door."""

from __future__ import annotations

from dataclasses import dataclass

from peiyu.words import Message, message


class Refused(Exception):
    """The action is not done; nothing was changed. `field` names the value that is the matter."""

    def __init__(self, said: Message, *, field: str = "") -> None:
        super().__init__(said.say())
        self.message = said
        self.field = field

    def say(self, lang: str = "zh") -> str:
        """The reason and what to do, in the language of the reader."""
        return self.message.say(lang)


class NotAllowed(Refused):
    """The right is missing: this person may not do this to this thing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people changed: what one wanted, what now stands there."""

    field: str
    wanted: object
    stands: object


class Conflict(Refused):
    """Someone else saved first. Nothing is lost: both values come with the refusal."""

    def __init__(self, said: Message, differences: tuple[Difference, ...]) -> None:
        super().__init__(said)
        self.differences = differences


class SeveralRefused(Refused):
    """Several values are the matter at once; a form shows each at its field."""

    def __init__(self, refusals: tuple[Refused, ...]) -> None:
        super().__init__(refusals[0].message, field=refusals[0].field)
        self.refusals = refusals


def too_long(text: str, most: int, field: str = "reason") -> Refused:
    """That a text has more signs than are kept."""
    said = "有{length}个字，最多{most}个"
    if field == "reason":
        said = "理由有 {length} 字，最多 {most} 字；请写短些，或作为附件"
    return Refused(message(said, length=len(text), most=most), field=field)
