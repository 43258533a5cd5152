"""Two languages: every sentence has its English, and English pages say nothing in Chinese."""

import re
from datetime import date
from functools import cache
from string import Formatter

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from peiyu.batch.documents import document
from peiyu.batch.layouts import layout
from peiyu.batch.templates import example
from peiyu.cli import peiyu
from peiyu.policy.explain import program
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.wording import Speaker, amount, dated_value
from peiyu.tables.reading import read_workbook
from peiyu.tables.writing import write_template
from peiyu.words import LANGUAGES, aside, catalogue, joined, message
from tools import messages

CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
QUOTED = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕\d+号|三（一）2")
"""The number of a document and the place of a clause, quoted as they are written there."""
DAY = date(2019, 6, 17)
WAN = 10**6  # fen
NAMES = {"en": ("Anxin Electric", "Boyuan Software"), "zh": ("安心机电", "博远软件")}


@cache
def english():
    """Each sentence with its English; one that counts has two."""
    return [
        (entry.id, [entry.string]) if isinstance(entry.id, str) else (entry.id[0], entry.string)
        for entry in messages.gathered()
        if entry.id
    ]


def places(sentence):
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name)


def chinese_in(text):
    return [line for line in text.splitlines() if CHINESE.search(line)]


def run(*arguments, status=0):
    result = CliRunner().invoke(peiyu, [*map(str, arguments), "--lang", "en"])
    assert result.exit_code == status, result.output
    return result.output


def cells(path):
    book = CalamineWorkbook.from_path(path)
    for title in book.sheet_names:
        yield title
        for row in book.get_sheet_by_name(title).to_python():
            yield from filter(None, map(str, row))


def rows_of(lang):
    """Two enterprises as in a template: one as in its example, one with much amiss."""
    rows = example(DAY, lang)
    first, second = NAMES[lang]
    for table in rows.values():
        for row in table:
            row |= {key: first for key in ("name", "used_by") if key in row}
    (main,) = rows["enterprise"]
    odd = {"name": second, "established_on": date(2018, 6, 18), "net_assets.2": -500 * WAN,
           "rd_total.1": None, "st_staff_average.1": 700, "ip_class1": 0}  # fmt: skip
    rows["enterprise"].append({**main, **odd})
    rows["ip"].append({**rows["ip"][1], "no": "IP03", "kind": "trademark", "owner_self": None})
    rows["uses"][0]["grant_number"] = rows["ip"][1]["grant_number"]
    rows["incidents"].append({**rows["incidents"][0], "happened_on": DAY, "major": None})
    return rows


def filled_in(path, lang, rows):
    """A template in `lang`, filled in."""
    write_template(path, layout(HNTE, DAY, lang=lang), title="", rows=rows, lang=lang)
    return path


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    rows = rows_of("en")
    rows["standards"].append({"name": "?", "number": "GB/T 1", "level": "national"})
    return filled_in(tmp_path_factory.mktemp("words") / "filled.xlsx", "en", rows)


# ---------------------------------------------------------------------------- the catalogue


def test_every_sentence_has_its_english_and_the_catalogue_is_compiled(capsys):
    assert messages.main(check=True) == 0, capsys.readouterr().out


def test_english_has_the_places_of_its_sentence():
    wrong = [text for text, said in english() for one in said if places(one) != places(text)]
    assert wrong == []


def test_english_is_said_in_no_chinese_sign():
    said = [QUOTED.sub("", one) for _, all_of_it in english() for one in all_of_it]
    assert [one for one in said if CHINESE.search(one)] == []


def test_a_sentence_within_a_formatted_string_or_a_choice_is_gathered():
    gathered = {text for text, _ in english()}
    assert {"公式", "整行", "此单元格", "统一社会信用代码"} <= gathered


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'fr': choose one of zh, en"):
        catalogue("fr")


# ---------------------------------------------------------------------------- small words


@pytest.mark.parametrize(
    ("number", "said"), [("1", "1 day"), ("2", "2 days"), ("0", "0 days"), ("1.5", "1.5 days")]
)
def test_english_tells_one_from_many(number, said):
    assert message("{number}天", number=number).say("en") == said
    assert message("{number}天", number=number).say("zh") == f"{number}天"


def test_lists_and_brackets_take_the_signs_of_the_language():
    assert [joined("、", "ab", lang) for lang in LANGUAGES] == ["a、b", "a, b"]
    assert ["x" + aside("y", lang) for lang in LANGUAGES] == ["x（y）", "x (y)"]
    assert message("{columns} 列金额：{text}", columns=("A", "C"), text=message("元")).say(
        "en"
    ) == ("amounts of column A, C: yuan")


def test_the_same_amount_is_exact_in_the_unit_of_either_language():
    assert [amount(123_456_789, lang) for lang in LANGUAGES] == [
        "123.456789万元",
        "1,234,567.89 yuan",
    ]


def test_a_figure_of_the_law_is_said_with_its_unit():
    assert [dated_value(DAYS, "days", lang) for lang in LANGUAGES] == ["365天", "365 days"]


DAYS = program(HNTE, DAY).figures.number("hnte_registered_days")


# ------------------------------------------------------------------------------- formulas


def formula(criterion, lang, **switches):
    laid = program(HNTE, DAY, switches)
    return Speaker(lang, laid.readings, laid.figures).say(HNTE.criterion(criterion).root)


def test_a_formula_reads_the_same_in_either_language():
    assert formula("ht_income", "zh") == "近一年高新技术产品（服务）收入 ÷ 近一年总收入 ≥ 60%"
    assert formula("ht_income", "en") == (
        "High-tech income of the last year ÷ Total income of the last year ≥ 60%"
    )


def test_what_is_stated_is_told_from_what_is_worked_out():
    assert "| 填报的2018年净资产；未知时用2018年资产总额－2018年负债总额 |" in document(
        program(HNTE, DAY)
    )
    assert (
        "| Net assets (2018) as stated; "
        "if unknown, Total assets (2018) − Total liabilities (2018) |"
    ) in document(program(HNTE, DAY), "en")


def test_mixed_conditions_stand_in_brackets():
    said = document(program(HNTE, DAY), "en")
    assert (
        "- Has a certificate, or (Has a grant notice, and Has the fee receipt); otherwise" in said
    )


@pytest.mark.parametrize("switch", HNTE.switches, ids=lambda switch: switch.name)
def test_the_rulebook_in_english_holds_no_chinese_under_any_reading(switch):
    for reading, _ in switch.readings:
        assert chinese_in(document(program(HNTE, DAY, {switch.name: reading}), "en")) == []


# ---------------------------------------------------------------------------- the command


def test_rulebook_and_schema_hold_no_chinese():
    assert chinese_in(run("rulebook", "hnte", "--on", DAY)) == []
    assert chinese_in(run("schema", "hnte")) == []


def test_the_reasons_of_an_english_workbook_hold_no_chinese(workbook):
    first, second = NAMES["en"]
    assert chinese_in(run("explain", workbook, "--enterprise", first, "--on", DAY)) == []
    assert chinese_in(run("explain", workbook, "--enterprise", second, "--on", DAY, "--json")) == []


def test_the_results_of_an_english_workbook_hold_no_chinese(workbook, tmp_path):
    for ending in ("xlsx", "json", "csv"):
        result = tmp_path / f"result.{ending}"
        assert chinese_in(run("assess", workbook, "--on", DAY, "-o", result, status=1)) == []
    assert [text for text in cells(tmp_path / "result.xlsx") if CHINESE.search(text)] == []
    for file in (*tmp_path.glob("*.csv"), *tmp_path.glob("*.json")):
        assert chinese_in(file.read_text("utf-8-sig")) == []


def test_of_a_chinese_workbook_only_its_own_words_stay_chinese(tmp_path):
    source = filled_in(tmp_path / "filled.xlsx", "zh", rows_of("zh"))
    own = {word for word in (*cells(source), *NAMES["zh"]) if CHINESE.search(word)}
    said = run("explain", source, "--enterprise", NAMES["zh"][1], "--on", DAY)
    for word in sorted(own, key=len, reverse=True):
        said = said.replace(word, "")
    assert chinese_in(said) == []


def test_the_english_template_is_chinese_only_in_the_terms_of_its_dictionary(tmp_path):
    blank = tmp_path / "template.xlsx"
    assert chinese_in(run("template", "hnte", "--on", DAY, "-o", blank)) == []
    book = CalamineWorkbook.from_path(blank)
    *sheets, dictionary = [book.get_sheet_by_name(title).to_python() for title in book.sheet_names]
    found = [str(cell) for rows in sheets for row in rows for cell in row]
    found += [str(cell) for row in dictionary for cell in (*row[:1], *row[2:])]
    assert [text for text in found if CHINESE.search(text)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("printed", LANGUAGES)
def test_a_template_of_either_language_is_read_in_either(tmp_path, printed, lang):
    rows = rows_of(printed)
    source = filled_in(tmp_path / "filled.xlsx", printed, rows)
    read = read_workbook(source, layout(HNTE, DAY, lang=lang, every=True))
    assert [refusal.rule.say(lang) for refusal in read.refusals] == []
    assert [note.text.say(lang) for note in read.notes] == []
    found = {name: len(sheet.rows) for name, sheet in read.sheets.items()}
    assert found == {name: len(table) for name, table in rows.items()}
