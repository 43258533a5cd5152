"""The registration number of a technology SME: its form, its days, its two tax effects."""

from datetime import date
from fractions import Fraction

import pytest

from peiyu.policy.articles import article
from peiyu.policy.parameters import parameters
from peiyu.policy.tech_sme_number import (
    RATE,
    NoNumber,
    is_valid,
    loss_status,
    parse,
    super_deduction,
    update_due,
    updated_in_time,
)


def test_a_published_number_is_read() -> None:
    found = parse("2024341181A8020396")
    assert (found.year, found.division, found.flag, found.tail) == (2024, "341181", "A", "8020396")
    assert found.meaning == "成立不足一个完整会计年度" and found.warnings == ()


@pytest.mark.parametrize(("flag", "warned"), [("0", 0), ("A", 0), ("B", 0), ("C", 1), ("7", 1)])
def test_another_flag_is_read_with_a_warning(flag: str, warned: int) -> None:
    found = parse(f" 2019419001{flag.lower()}8000001 ")
    assert found.flag == flag and len(found.warnings) == warned
    assert bool(found.meaning) is not bool(warned)


@pytest.mark.parametrize(
    "written",
    ["", "2024341181A802039", "2024341181A80203960", "2024341181-8020396", "202434118１A8020396", "A024341181A8020396"],
)  # fmt: skip
def test_what_has_not_the_form_is_refused_with_what_was_written(written: str) -> None:
    with pytest.raises(NoNumber, match="18位") as refused:
        parse(written)
    assert refused.value.written == written


def test_the_update_is_due_by_the_end_of_march_that_day_included() -> None:
    number = parse("201941900108000001")
    assert update_due(number) == date(2020, 3, 31)
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 3, 31), date(2020, 4, 1))
    assert [updated_in_time(number, day) for day in days] == [False, True, True, False]


def test_a_number_counts_from_its_announcement_to_the_end_of_march() -> None:
    number, announced = parse("201941900108000001"), date(2019, 5, 20)
    days = (date(2019, 5, 19), date(2019, 5, 20), date(2020, 3, 31), date(2020, 4, 1))
    assert [is_valid(number, announced, day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("number_year", "obtained", "tax_year", "rate"),
    [
        (2018, date(2018, 5, 31), 2017, Fraction(3, 4)),
        (2018, date(2018, 6, 1), 2017, None),
        (2017, date(2017, 12, 1), 2017, None),
        (2018, date(2018, 5, 31), 2018, None),
        (2022, date(2022, 5, 31), 2021, None),
        (2023, date(2023, 6, 1), 2022, None),
        (2023, date(2023, 5, 31), 2022, Fraction(1)),
        (2024, date(2024, 5, 31), 2023, None),
        (2017, date(2017, 5, 31), 2016, None),
    ],
)
def test_the_rate_takes_a_number_of_the_next_year_by_the_end_of_may(
    number_year: int, obtained: date, tax_year: int, rate: Fraction | None
) -> None:
    found = super_deduction(parse(f"{number_year}41900108000001"), obtained, tax_year)
    assert (found.applies, found.rate) == (rate is not None, rate)
    assert article(found.article) and found.why.say("zh")


@pytest.mark.parametrize(
    ("tax_year", "rate", "source"),
    [
        (2018, "75%", "T99-1"),
        (2019, "75%", "T99-1"),
        (2021, "75%", "T99-1"),
        (2023, "100%", "T7-1"),
    ],
)
def test_where_all_have_one_rate_the_number_does_not_matter(
    tax_year: int, rate: str, source: str
) -> None:
    number = parse(f"{tax_year + 1}41900108000001")
    found = super_deduction(number, date(tax_year + 1, 5, 1), tax_year)
    assert not found.applies and found.rate is None and found.article == source
    assert "不取决于编号" in found.why.say("zh") and found.why.say("zh").endswith(rate)


def test_every_value_of_the_rate_has_its_own_source() -> None:
    sources = [entry.source for entry in parameters()[RATE].values]
    assert sources == ["T34-1", "T99-1", "T16-1", "T7-1"]


@pytest.mark.parametrize(
    ("flag", "why"),
    [("A", "成立不足一个完整会计年度"), ("B", "汇算清缴期结束之后取得"), ("C", "含义不详")],
)
def test_another_flag_than_naught_opens_no_deduction(flag: str, why: str) -> None:
    for tax_year in (2017, 2022):
        number = parse(f"{tax_year + 1}419001{flag}8000001")
        found = super_deduction(number, date(tax_year + 1, 5, 1), tax_year)
        assert not found.applies and found.rate is None and why in found.why.say("zh")


def test_conditions_lost_at_the_update_close_the_year() -> None:
    number = parse("201841900108000001")
    found = super_deduction(number, date(2018, 5, 1), 2017, lost_on_update=True)
    assert not found.applies and "不得享受" in found.why.say("zh")


@pytest.mark.parametrize(
    ("number_year", "tax_year", "applies"),
    [(2018, 2018, True), (2018, 2017, False), (2019, 2018, False), (2017, 2017, False)],
)
def test_the_year_of_losses_is_the_one_in_the_number(
    number_year: int, tax_year: int, applies: bool
) -> None:
    found = loss_status(parse(f"{number_year}41900108000001"), tax_year)
    assert found.applies is applies and article(found.article)
