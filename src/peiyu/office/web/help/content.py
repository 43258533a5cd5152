"""The texts of the help: guides by role, questions, the glossary; kept in both languages as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from peiyu.office.accounts.models import Duty, Role
from peiyu.office.accounts.rights import Access


@dataclass(frozen=True, slots=True)
class Said:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def say(self, lang: str) -> str:
        """The words in a language."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Task:
    """Something that one does here: what, how, on which page (the name of its address)."""

    what: Said
    how: tuple[Said, ...]
    page: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What people of some roles or of a duty do here."""

    key: str
    title: Said
    intro: Said
    roles: frozenset[str]
    tasks: tuple[Task, ...]

    def is_for(self, access: Access) -> bool:
        """This person is one of them."""
        return bool(self.roles & {*map(str, access.roles), access.person.duty})


@dataclass(frozen=True, slots=True)
class Question:
    """What is often asked, and the answer."""

    ask: Said
    answer: Said


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the law with its English, its name in code, its label on pages."""

    word: str
    english: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Terms that belong together."""

    title: Said
    terms: tuple[Term, ...]


def _read(name: str) -> Any:
    text = resources.files(__package__).joinpath(f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, yaml.CSafeLoader)


@cache
def guides() -> tuple[Guide, ...]:
    """The guides in their order."""
    return tuple(
        Guide(
            raw["key"],
            Said(**raw["title"]),
            Said(**raw["intro"]),
            frozenset(raw["roles"]),
            tuple(
                Task(Said(**task["what"]), tuple(Said(**one) for one in task["how"]), task["page"])
                for task in raw["tasks"]
            ),
        )
        for raw in _read("guides")
    )


@cache
def questions() -> tuple[Question, ...]:
    """What is often asked."""
    return tuple(Question(Said(**raw["ask"]), Said(**raw["answer"])) for raw in _read("questions"))


@cache
def glossary() -> tuple[Chapter, ...]:
    """The glossary of the house, chapter by chapter."""
    return tuple(
        Chapter(Said(raw["chinese"], raw["title"]), tuple(Term(**term) for term in raw["terms"]))
        for raw in _read("glossary")
    )


EVERYBODY = frozenset({*map(str, Role), *map(str, Duty)})
"""Every role and duty: each has a guide."""
