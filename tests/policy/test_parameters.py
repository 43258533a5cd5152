"""Every figure of the law has its date and its source, and none is read where it was not the law."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import Any

import pytest
import yaml

from peiyu.policy import articles, explain, hnte_certificate, patents, plan, tech_sme_number
from peiyu.policy import parameters as room
from peiyu.policy.case import Case
from peiyu.policy.parameters import (
    Dated,
    Figures,
    NotInForce,
    Parameter,
    Step,
    StepTable,
    number,
    parameters,
)
from peiyu.policy.rulebooks import HNTE, RULEBOOKS
from peiyu.policy.tree import Outcome
from tests.policy.cases import enterprise

ALL = parameters()
ON = date(2026, 7, 20)
FIRST_DAY = date(2016, 1, 1)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FILES = sorted(
    (file for file in resources.files(room).iterdir() if file.name.endswith(".yaml")),
    key=lambda file: file.name,
)


def repealed() -> Parameter:
    """A figure that was raised once and is the law no more."""
    return Parameter(
        "fee", "费用", "Fee", "yuan", "number",
        (
            Dated(date(2016, 1, 1), Fraction(100), "M11(5)"),
            Dated(date(2020, 7, 1), Fraction(200), "M11(6)"),
            Dated(date(2024, 1, 1), None, "M23"),
        ),
    )  # fmt: skip


def scalars(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from scalars(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from scalars(entry)
    else:
        yield value


# ----------------------------------------------------------------------------------- through time


def test_a_figure_counts_from_its_date() -> None:
    fee = repealed()
    assert fee.dated(date(2016, 1, 1)).value == 100
    assert fee.dated(date(2020, 6, 30)).value == 100
    assert fee.dated(date(2020, 7, 1)).value == 200
    assert fee.dated(date(2023, 12, 31)).source == "M11(6)"


def test_a_figure_raises_before_its_first_date() -> None:
    with pytest.raises(NotInForce, match=r"fee has no value on 2015-12-31: its first is of 2016"):
        repealed().dated(date(2015, 12, 31))


def test_a_figure_raises_from_its_repeal_on() -> None:
    with pytest.raises(NotInForce, match=r"fee was repealed from 2024-01-01 \(M23\)"):
        repealed().dated(date(2024, 1, 1))


def test_a_repealed_figure_is_still_read_for_the_days_when_it_was_the_law() -> None:
    assert repealed().dated(date(2023, 12, 31)).value == 200


@pytest.mark.parametrize("name", ALL)
def test_no_figure_is_read_before_it_was_the_law(name: str) -> None:
    first = ALL[name].values[0].since
    Figures(first).value(name)
    with pytest.raises(NotInForce):
        Figures(date.fromordinal(first.toordinal() - 1)).value(name)


def test_no_rule_runs_on_a_day_without_its_figures() -> None:
    case = Case("a")
    explain.assess(HNTE, case, FIRST_DAY)
    with pytest.raises(NotInForce):
        explain.assess(HNTE, case, date(2015, 12, 31))


def test_no_such_figure_is_no_figure() -> None:
    with pytest.raises(KeyError):
        Figures(ON).value("hnte_luck")


# ------------------------------------------------------------------------------------- the files


@pytest.mark.parametrize("found", ALL.values(), ids=list(ALL))
def test_every_figure_has_unit_title_and_english(found: Parameter) -> None:
    assert found.unit
    assert CHINESE.search(found.title)
    assert found.english and not CHINESE.search(found.english)


@pytest.mark.parametrize("found", ALL.values(), ids=list(ALL))
def test_every_value_of_a_figure_names_an_article_that_opens(found: Parameter) -> None:
    assert found.values
    for entry in found.values:
        assert articles.article(entry.source).cite == entry.source


@pytest.mark.parametrize("found", ALL.values(), ids=list(ALL))
def test_no_figure_is_older_than_its_article(found: Parameter) -> None:
    for entry in found.values:
        since = articles.article(entry.source).document.in_force_from
        assert since is not None and entry.since >= since


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_file_of_figures_holds_a_binary_fraction(file: Any) -> None:
    raw = yaml.safe_load(file.read_text("utf-8"))
    assert [value for value in scalars(raw) if isinstance(value, float)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_of_figures_says_nothing_that_is_not_read(file: Any) -> None:
    raw = yaml.safe_load(file.read_text("utf-8"))
    assert raw.keys() <= {"title", "english", "unit", "shape", "values"}
    for entry in raw["values"].values():
        assert entry.keys() <= {"value", "source", "note"}


def test_every_figure_of_the_law_is_read_by_a_rulebook() -> None:
    read = {name for book in RULEBOOKS.values() for name in (*book.parameters(), book.pass_mark)}
    read |= {tech_sme_number.RATE, tech_sme_number.RATE_OF_ALL, tech_sme_number.CHANGE_MONTHS}
    read |= {*patents.TERMS.values(), patents.GRACE}
    read |= {*hnte_certificate.FIGURES, *plan.FIGURES}
    assert sorted(ALL) == sorted(read - {""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hnte_registered_days", 365),
        ("hnte_incident_days", 365),
        ("hnte_st_staff_share", Fraction(10, 100)),
        ("hnte_rd_domestic_share", Fraction(60, 100)),
        ("hnte_ht_income_share", Fraction(60, 100)),
        ("hnte_main_product_share", Fraction(50, 100)),
        ("hnte_entrusted_rate", Fraction(80, 100)),
        ("hnte_other_cost_share", Fraction(20, 100)),
        ("hnte_pass_mark", 70),
        ("hnte_ip_most_points", 30),
        ("hnte_panel_size", 5),
        ("hnte_panel_technical_share", Fraction(60, 100)),
    ],
)
def test_the_figures_are_those_of_the_law(name: str, value: int | Fraction) -> None:
    assert Figures(ON).number(name) == value


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("hnte_rd_tiers", "<=5000000000:1/20 <=20000000000:1/25 else:3/100"),
        ("hnte_conversion_points", ">=5:25-30 >=4:19-24 >=3:13-18 >=2:7-12 >=1:1-6 else:0"),
        ("hnte_growth_points", ">=7/20:9-10 >=1/4:7-8 >=3/20:5-6 >=1/20:3-4 >0:1-2 else:0"),
        ("hnte_growth_points_a4", ">=7/20:9-10 >=1/4:7-8 >=3/20:5-6 >1/20:3-4 >0:1-2 else:0"),
        ("hnte_ip_class2_points", ">=5:5-6 >=3:3-4 >=1:1-2 else:0"),
    ],
)
def test_the_steps_are_those_of_the_law(name: str, steps: str) -> None:
    def gives(low: Fraction, high: Fraction) -> str:
        return f"{low}" if low == high else f"{low}-{high}"

    table = Figures(ON).steps(name)
    found = [f"{s.operator}{s.limit}:{gives(s.low, s.high)}" for s in table.steps]
    assert " ".join([*found, f"else:{gives(table.low, table.high)}"]) == steps


def test_the_points_that_experts_give_are_those_of_the_law() -> None:
    points = Figures(ON).value("hnte_points")
    assert points == {
        "advancement": (0, 8),
        "support": (0, 8),
        "quantity_class1": (7, 8),
        "obtained_self": (1, 6),
        "obtained_otherwise": (1, 3),
        "standards": (1, 2),
        "management_system": (0, 6),
        "institution": (0, 6),
        "incentives": (0, 4),
        "talent": (0, 4),
        "conversion_below_one": (1, 6),
        "growth": (0, 10),
    }


def test_no_kind_of_ip_is_in_both_classes_and_a_trademark_is_in_none() -> None:
    one, two = (set(Figures(ON).words(f"hnte_ip_class{n}")) for n in (1, 2))
    assert not one & two
    assert "trademark" not in one | two


# -------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("written", "unit", "stored"),
    [
        (5, "days", Fraction(5)),
        ("60%", "share", Fraction(3, 5)),
        ("12.5%", "share", Fraction(1, 8)),
        (50_000_000, "yuan", Fraction(5_000_000_000)),
        ("0.01", "yuan", Fraction(1)),
        ("5%", "yuan", Fraction(1, 20)),
    ],
)
def test_a_number_is_read_exactly(written: object, unit: str, stored: Fraction) -> None:
    assert number(written, unit) == stored


@pytest.mark.parametrize("written", [0.6, 1.0, True])
def test_a_binary_fraction_is_refused(written: object) -> None:
    with pytest.raises(TypeError, match=r"write .* as a whole number or as a share"):
        number(written, "share")


@pytest.mark.parametrize(
    ("value", "step"),
    [
        (Fraction(0), (0, 0)),
        (Fraction(1, 100), (1, 2)),
        (Fraction(499, 100), (1, 2)),
        (Fraction(5), (3, 4)),
        (Fraction(600), (3, 4)),
    ],
)
def test_the_first_step_that_holds_counts(value: Fraction, step: tuple[int, int]) -> None:
    assert rising().at(value, unknown_is=-1) == step


def test_an_open_end_stands_on_the_last_or_on_the_first_step() -> None:
    assert rising().at(None, unknown_is=-1) == (0, 0)
    assert rising().at(None, unknown_is=1) == (3, 4)


def rising() -> StepTable:
    steps = (
        Step(">=", Fraction(5), Fraction(3), Fraction(4)),
        Step(">", Fraction(0), Fraction(1), Fraction(2)),
    )
    return StepTable(steps, Fraction(0), Fraction(0))


@pytest.mark.parametrize("read", ["number", "steps", "words"])
def test_a_figure_read_as_something_else_is_refused(read: str) -> None:
    wrong = {"number": "hnte_rd_tiers", "steps": "hnte_pass_mark", "words": "hnte_pass_mark"}
    with pytest.raises(AssertionError, match="is not a"):
        getattr(Figures(ON), read)(wrong[read])


# --------------------------------------------------------------------------------- what would be if


def test_a_replaced_figure_stands_for_the_law_and_no_other_does() -> None:
    figures = Figures(ON, (("hnte_st_staff_share", "12%"),))
    assert figures.number("hnte_st_staff_share") == Fraction(12, 100)
    assert figures.number("hnte_ht_income_share") == Figures(ON).number("hnte_ht_income_share")


def test_a_replaced_figure_changes_the_verdict_and_leaves_the_law_as_it_is() -> None:
    case = enterprise("hnte", "w01_complete")
    raised = explain.program(HNTE, ON, replaced={"hnte_st_staff_share": "12%"})
    assert explain.Assessment(raised, case).outcome("st_staff") is Outcome.UNMET
    assert explain.assess(HNTE, case, ON).outcome("st_staff") is Outcome.MET


def test_a_replaced_figure_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError, match="hnte_luck"):
        explain.program(HNTE, ON, replaced={"hnte_luck": "1"})
