"""The two languages of every door: Chinese is the source, English comes from the catalogue.

Floors never print. They return a `Message`; the door says it in its user's language.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
CATALOGUES = Path(__file__).parent / "locale"
NUMBER = "{number}"


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The catalogue of `lang`; Chinese needs none."""
    if lang not in LANGUAGES:
        raise ValueError(f"no language {lang!r}: choose one of {', '.join(LANGUAGES)}")
    if lang == "zh":
        return gettext.NullTranslations()
    return gettext.translation("peiyu", CATALOGUES, [lang])


def translate(text: str, lang: str) -> str:
    """`text`, written in Chinese in the code, in the language of the reader."""
    return catalogue(lang).gettext(text) if text else text


def mark(text: str) -> str:
    """Mark `text` for the catalogue where it is said later."""
    return text


def joined(between: str, parts: Iterable[str], lang: str) -> str:
    """Parts with a mark of Chinese punctuation between them, or with what English puts there."""
    return translate(between, lang).join(parts)


def aside(text: str, lang: str) -> str:
    """Words in brackets, to follow what they explain."""
    return message("（{aside}）", aside=text).say(lang)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with named places, not yet said in any language.

    What counts something has the place `number`; English tells one from many by it.
    """

    text: str
    values: tuple[tuple[str, object], ...] = ()

    def say(self, lang: str = "zh") -> str:
        """The sentence in `lang`; messages and lists among its values are said in it too."""
        if not self.values:
            return translate(self.text, lang)
        said = {name: _said(value, lang) for name, value in self.values}
        if NUMBER in self.text:
            many = 1 if str(said["number"]) == "1" else 2
            return catalogue(lang).ngettext(self.text, self.text, many).format_map(said)
        return translate(self.text, lang).format_map(said)


def _said(value: object, lang: str) -> object:
    if isinstance(value, tuple):
        return joined("、", (str(_said(part, lang)) for part in value), lang)
    return value.say(lang) if isinstance(value, Message) else value


def message(text: str, /, **values: object) -> Message:
    """A `Message` of the Chinese sentence `text` with its values."""
    return Message(text, tuple(values.items()))
