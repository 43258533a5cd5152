"""Awards, subsidies and relief: the written examples, to the fen, by both interpreters."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

from peiyu.policy import explain, tree
from peiyu.policy.articles import article
from peiyu.policy.case import Case
from peiyu.policy.columns import population
from peiyu.policy.columns.judging import Columns
from peiyu.policy.explain import Assessment, Program
from peiyu.policy.parameters import Figures, NotInForce, parameters
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from tests.policy.cases import OPEN, Example, amount, examples

NAMES = tuple(sorted(name for name, book in RULEBOOKS.items() if book.grants))
EXAMPLES = [(name, example) for name in NAMES for example in examples(name)]
OUTCOMES = {outcome.name.lower() for outcome in tree.Outcome}
LINES = ("hard", "verdict")
FLAGS, SILENT = "flags", "silent"

Ends = tuple[int | None, int | None]
Told = Mapping[str, Any]  # outcomes by name, amounts by `name.ends`


def title(value: Any) -> str:
    return value if isinstance(value, str) else f"{value.file}: {value.name}"


def ends(text: Any) -> Ends:
    """An amount, or the ends of an interval, in fen."""
    low, high = text if isinstance(text, list) else (text, text)
    return amount(low), None if high == OPEN else amount(high)


def wanted(book: Rulebook, example: Example) -> dict[str, Any]:
    """What an example says, grants with their amounts apart from their outcomes."""
    said: dict[str, Any] = {}
    grants = {grant.id for grant in book.grants}
    for name, text in example.expect.items():
        if name in (FLAGS, SILENT):
            continue
        if name in grants and (isinstance(text, list) or text not in OUTCOMES):
            said |= {name: "met", f"{name}.ends": ends(text)}
        else:
            assert text in OUTCOMES, f"{example.name}: {name}"
            said[name] = text
    return said


def explained(book: Rulebook, example: Example) -> Told:
    program = explain.program(book, example.on, example.switches, example.replaced)
    found = Assessment(program, example.case)
    told: dict[str, Any] = {name: o.name.lower() for name, o in found.outcomes.items()}
    told |= {"hard": found.hard.name.lower(), "verdict": found.verdict.name.lower()}
    for name, granted in found.grants.items():
        told[name] = granted.outcome.name.lower()
        told[f"{name}.ends"] = (granted.low, granted.high)
    return told


@cache
def together(
    name: str, on: date, reading: tuple[tuple[str, str], ...], replaced: tuple[tuple[str, str], ...]
) -> Mapping[str, Told]:
    """All examples of a day, a reading and what is set in one population."""
    book = RULEBOOKS[name]
    cases = [
        example.case for of, example in EXAMPLES
        if (of, example.on, example.reading, tuple(example.replaced.items())) == (name, on, reading, replaced)
    ]  # fmt: skip
    figures = Figures(on, replaced)
    judged = Columns(book, on, population(cases), dict(reading), figures).judged().collect()
    told = {}
    for row in judged.iter_rows(named=True):
        names = (*(criterion.id for criterion in book.criteria), *LINES)
        told[row["key"]] = {found: row[found] for found in names}
        for grant in book.grants:
            told[row["key"]] |= {
                grant.id: row[grant.id],
                f"{grant.id}.ends": (row[f"{grant.id}.low"], row[f"{grant.id}.high"]),
            }
    return told


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=title)
def test_one_enterprise_is_given_what_is_written(name: str, example: Example) -> None:
    told, said = explained(RULEBOOKS[name], example), wanted(RULEBOOKS[name], example)
    assert {key: told[key] for key in said} == said


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=title)
def test_a_population_is_given_what_is_written(name: str, example: Example) -> None:
    of_all = together(name, example.on, example.reading, tuple(example.replaced.items()))
    told, said = of_all[example.case.key], wanted(RULEBOOKS[name], example)
    assert {key: told[key] for key in said} == said


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=title)
def test_both_interpreters_give_the_same_in_everything(name: str, example: Example) -> None:
    of_all = together(name, example.on, example.reading, tuple(example.replaced.items()))
    assert of_all[example.case.key] == explained(RULEBOOKS[name], example)


@pytest.mark.parametrize(
    ("name", "example"),
    [pair for pair in EXAMPLES if not pair[1].expect.keys().isdisjoint((FLAGS, SILENT))],
    ids=title,
)
def test_flags_are_raised_as_written(name: str, example: Example) -> None:
    book = RULEBOOKS[name]
    figures = Figures(example.on, tuple(example.replaced.items()))
    readings = book.readings(example.switches)
    program = Program(book, example.on, readings, figures, tuple(f.when for f in book.flags))
    values = program.run(example.case).values
    raised = {flag.id for flag in book.flags if values[program.at(flag.when)] == tree.Outcome.MET}
    assert set(example.expect.get(FLAGS, ())) <= raised
    assert not set(example.expect.get(SILENT, ())) & raised


# --------------------------------------------------------------------------------- what they claim


@pytest.mark.parametrize("name", NAMES)
def test_every_grant_and_condition_is_shown_by_an_example(name: str) -> None:
    shown = {key for of, example in EXAMPLES if of == name for key in example.expect}
    book = RULEBOOKS[name]
    assert {grant.id for grant in book.grants} <= shown
    for grant in book.grants:
        given = [e.expect[grant.id] for of, e in EXAMPLES if of == name and grant.id in e.expect]
        assert [text for text in given if isinstance(text, str) and text not in OUTCOMES]
        assert "unmet" in given and ("unknown" in given or any(isinstance(t, list) for t in given))


@pytest.mark.parametrize("name", NAMES)
def test_every_reading_that_is_not_the_default_is_shown_by_an_example(name: str) -> None:
    shown = {pair for of, e in EXAMPLES if of == name for pair in e.switches.items()}
    for switch in RULEBOOKS[name].switches:
        for reading, _ in switch.readings:
            assert reading == switch.default or (switch.name, reading) in shown


@pytest.mark.parametrize("name", NAMES)
def test_every_flag_is_raised_by_an_example(name: str) -> None:
    raised = {flag for of, e in EXAMPLES if of == name for flag in e.expect.get(FLAGS, ())}
    assert {flag.id for flag in RULEBOOKS[name].flags} == raised


@pytest.mark.parametrize("name", NAMES)
def test_every_citation_opens(name: str) -> None:
    book = RULEBOOKS[name]
    roots = (*book.roots(), *(flag.when for flag in book.flags))
    cited = {getattr(node, "article", "") for node in tree.walk(*roots)} - {""}
    for part in (*book.criteria, *book.grants, *book.flags, *book.switches):
        cited.add(part.article)
    for cite in (*cited, book.governing_article):
        assert article(cite).cite == cite


@pytest.mark.parametrize("name", NAMES)
def test_every_switch_is_used_and_every_choice_is_a_switch(name: str) -> None:
    book = RULEBOOKS[name]
    roots = (*book.roots(), *(flag.when for flag in book.flags))
    choices = [node for node in tree.walk(*roots) if isinstance(node, tree.Choice)]
    assert {node.switch for node in choices} == {switch.name for switch in book.switches}
    for node in choices:
        readings = [reading for reading, _ in book.switch(node.switch).readings]
        assert [reading for reading, _ in node.readings] == readings


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_given_before_the_scheme(name: str) -> None:
    book, case = RULEBOOKS[name], Case("a")
    explain.assess(book, case, book.since)
    with pytest.raises(NotInForce):
        explain.assess(book, case, date.fromordinal(book.since.toordinal() - 1))


@pytest.mark.parametrize("name", NAMES)
def test_of_an_enterprise_of_which_nothing_is_known_nothing_is_said(name: str) -> None:
    found = explain.assess(RULEBOOKS[name], Case("a"), date(2024, 6, 1))
    for granted in found.grants.values():
        assert granted.outcome is tree.Outcome.UNKNOWN
        assert granted.low is not None and granted.low >= 0


def test_the_uncertain_day_of_the_later_award_is_said_to_be_uncertain() -> None:
    entry = parameters()["jiyuan_first_award"].dated(date(2024, 1, 1))
    assert "不确定" in entry.note
    assert article(entry.source).certainty.name == "UNCERTAIN"
