"""The city is the same every time, looks like Jiyuan, and nobody in it is real."""

import hashlib
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from stdnum.cn import uscc

from peiyu.batch.layouts import layout
from peiyu.demo.city import DAY, city
from peiyu.demo.identity import BIRDS_AND_BEASTS, PLANTS, body_check_digit, grant_number
from peiyu.demo.places import PLACES
from peiyu.demo.stories import STORIES
from peiyu.demo.trades import TRADES
from peiyu.policy import facts
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.tables.spelling import name_key

from .conftest import DATA

SOURCE = Path(__file__).parents[2] / "src"


def lines(name):
    return (DATA / name).read_text("utf-8").split()


def test_the_same_seed_draws_the_same_city(drawn):
    assert city().rows == drawn.rows
    assert city(seed=1).rows != drawn.rows


def test_another_process_draws_the_same_city(drawn):
    script = (
        "import hashlib; from peiyu.demo.city import city;"
        "print(hashlib.sha256(repr(city().rows).encode()).hexdigest())"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": "1"},
    )
    assert told.stdout.strip() == hashlib.sha256(repr(drawn.rows).encode()).hexdigest()


def test_there_are_320_enterprises_each_with_its_own_name_and_code(drawn):
    assert len(drawn.firms) == sum(story.count for story in STORIES) == 320
    assert len(drawn.rows["enterprise"]) == 320
    assert len({name_key(firm.name) for firm in drawn.firms}) == 320
    assert len({firm.code for firm in drawn.firms}) == 320


def test_credit_codes_have_right_check_digits_and_serials_nobody_has(drawn):
    for firm in drawn.firms:
        assert uscc.is_valid(firm.code), firm.code
        assert body_check_digit(firm.code[8:16]) == firm.code[16]
        assert firm.code[8:].startswith(("02", "MAX"))
    regions = Counter(firm.code[2:8] for firm in drawn.firms)
    assert regions.keys() == {"419001", "410881"}
    assert 0 < regions["410881"] < 40


def test_a_body_number_known_from_the_standard_has_its_check_digit():
    assert body_check_digit("79510131") == "4"
    assert body_check_digit("MA0699U0") == "7"


def test_patent_numbers_have_their_check_digit():
    number = grant_number("invention", 2014, Random(1))
    digits = number.removeprefix("ZL").replace(".", "")
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    check = sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11
    assert digits[-1] == ("X" if check == 10 else str(check))


def test_grant_number_stand_once_and_beyond_any_given_out(drawn):
    numbers = [row["grant_number"] for row in drawn.rows["ip"]]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        serial = number[7:] if number.startswith("ZL") else number.partition("SR")[2] or number
        assert serial[0] == "9", number


def test_no_enterprise_has_two_rights_of_one_title(drawn):
    titles = [(row["code"], row["title"]) for row in drawn.rows["ip"]]
    assert len(set(titles)) == len(titles)


def test_no_enterprise_bears_a_real_name(drawn):
    real = lines("real_names.txt")
    assert len(real) > 2215
    keys = {name_key(name) for name in real}
    together = "\n".join(real)
    used = {word for word in trade_names() if word in together}
    assert not used
    for firm in drawn.firms:
        assert name_key(firm.name) not in keys
        assert any(word in firm.name for word in trade_names())


def trade_names():
    return {plant + beast for plant in PLANTS for beast in BIRDS_AND_BEASTS}


def test_nothing_personal_is_in_any_column(drawn):
    secret = {facts.Secrecy.PERSONAL, facts.Secrecy.SENSITIVE}
    for table, rows in drawn.rows.items():
        columns = {name.partition(".")[0] for row in rows for name in row}
        known = {fact.name: fact for fact in (*facts.BY_NAME[table], *facts.YEARS)}
        assert not [n for n in columns if n in known and known[n].secrecy in secret]
    experts = {row["expert"] for row in drawn.rows["sheets"]}
    assert all(expert.isascii() and len(expert) <= 3 for expert in experts)


def test_rows_have_only_columns_of_the_layout_and_no_blanks(drawn):
    sheets = {sheet.name: sheet for sheet in layout(HNTE, drawn.on)}
    assert drawn.rows.keys() == sheets.keys()
    for table, rows in drawn.rows.items():
        columns = {column.name for column in sheets[table].columns}
        for row in rows:
            assert row.keys() <= columns
            assert None not in row.values()


def test_amounts_are_whole_fen_and_mostly_round(drawn):
    amounts = []
    for table, rows in drawn.rows.items():
        money = {
            fact.name
            for fact in (*facts.BY_NAME[table], *facts.YEARS)
            if fact.unit is facts.Unit.FEN
        }
        for row in rows:
            amounts += [v for name, v in row.items() if name.partition(".")[0] in money]
    assert all(type(amount) is int for amount in amounts)
    to_the_fen = sum(1 for amount in amounts if amount % 10_000)
    whole_wan = sum(1 for amount in amounts if amount % 1_000_000 == 0)
    assert 0 < to_the_fen < len(amounts) // 10
    assert whole_wan > len(amounts) // 4


def test_sales_reach_from_the_least_to_the_most_with_both_bounds_inside(drawn):
    sales = sorted(
        row["sales_revenue.1"] for row in drawn.rows["enterprise"] if "sales_revenue.1" in row
    )
    fen = 100
    assert (sales[0], sales[-1]) == (300_000 * fen, 3_000_000_000 * fen)
    for bound in (50_000_000 * fen, 200_000_000 * fen):
        assert bound in sales and bound + 1 in sales
        assert sum(1 for amount in sales if amount > bound) > 20
    assert 5_000_000 * fen < sales[len(sales) // 2] < 60_000_000 * fen


def test_every_place_and_trade_is_there_the_zones_and_their_neighbours_most(drawn):
    where = Counter((firm.zone or firm.town).chinese for firm in drawn.firms)
    assert where.keys() == {place.chinese for place in PLACES}
    heavy = {"虎岭高新技术产业开发区", "玉川产业集聚区", "玉泉街道", "克井镇", "承留镇", "天坛街道"}
    assert {name for name, _ in where.most_common(6)} == heavy
    assert all(firm.zone is None or firm.town.chinese in firm.zone.within for firm in drawn.firms)
    assert {firm.trade for firm in drawn.firms} == set(TRADES)


def test_technical_fields_are_of_the_list():
    fields = set(lines("technical_fields.txt"))
    assert all(field in fields for trade in TRADES for field in trade.fields)


def test_the_day_of_the_demo_is_a_monday():
    assert date(2019, 6, 17) == DAY
    assert DAY.strftime("%A") == "Monday"


FILLED = {
    "ip": (55, 65), "products": (38, 45), "conversions": (38, 45), "months": (25, 25),
    "incidents": (10, 10), "standards": (8, 8), "sheets": (14, 14),
}  # fmt: skip


@pytest.mark.parametrize("table", FILLED)
def test_as_many_enterprises_as_planned_fill_each_table(drawn, table):
    least, most = FILLED[table]
    assert least <= len({row["code"] for row in drawn.rows[table]}) <= most


def test_thirty_enterprises_give_rd_by_category_some_beyond_what_counts(drawn):
    by_activity = {row["code"] for row in drawn.rows["rd"]}
    by_year = {row["code"] for row in drawn.rows["years"] if "rd_labour" in row}
    assert len(by_activity | by_year) == 30 and not by_activity & by_year
    rows = [*drawn.rows["rd"], *(row for row in drawn.rows["years"] if "rd_labour" in row)]
    assert any(row["rd_entrusted_domestic"] for row in rows)
    assert any(row["rd_entrusted_foreign"] for row in rows)
    names = [name for name, _, _ in facts.RD_CATEGORIES]
    spent = [sum(row[name] for name in names) for row in rows]
    assert any(5 * row["rd_other"] > total for row, total in zip(rows, spent, strict=True))
