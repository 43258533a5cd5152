"""The two languages of every door: Chinese is the source, English comes from the catalogue.

Floors never print. They return a `Message`; the door says it in its user's language.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
CATALOGUES = Path(__file__).parent / "locale"


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


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with named places, not yet said in any language."""

    text: str
    values: tuple[tuple[str, object], ...] = ()

    def say(self, lang: str = "zh") -> str:
        """The sentence in `lang`; messages among its values are said in the same language."""
        if not self.values:
            return translate(self.text, lang)
        said = {
            name: value.say(lang) if isinstance(value, Message) else value
            for name, value in self.values
        }
        return translate(self.text, lang).format_map(said)


def message(text: str, /, **values: object) -> Message:
    """A `Message` of the Chinese sentence `text` with its values."""
    return Message(text, tuple(values.items()))
