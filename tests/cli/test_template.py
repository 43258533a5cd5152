"""The blank template: what is in it, and that it comes back as it went out."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from peiyu.policy.rulebooks import HNTE
from tests.cli.conftest import Run, run_command

ON = "2019-06-17"
SHEETS = {
    "zh": ["填表说明", "企业", "年度数据", "知识产权", "知识产权使用记录", "研发活动费用",
           "高新技术产品（服务）", "科技成果转化", "人员月度", "事故与违法", "标准制定", "评分表", "数据字典"],
    "en": ["Guide", "Enterprises", "Years", "Intellectual property", "Uses of IP in recognitions",
           "R&D activities", "High-tech products", "Conversions", "Staff by month", "Incidents",
           "Standards", "Expert sheets", "Dictionary"],
}  # fmt: skip
HARD = [criterion.id for criterion in HNTE.group("gate", "hard")]


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The template in a language."""
    folder = tmp_path_factory.mktemp("blank")

    def made(lang: str) -> Path:
        target = folder / f"{lang}.xlsx"
        if not target.exists():
            done = run_command("template", "hnte", "-o", target, "--on", ON, "--lang", lang)
            assert done.exit_code == 0
        return target

    return made


def unmarked(source: Path, target: Path, *sheets: str) -> Path:
    """The template with its example taken for an enterprise, on some sheets or on all."""
    book = openpyxl.load_workbook(source)
    for sheet in book.worksheets[1:-1]:
        for row in sheet.iter_rows() if not sheets or sheet.title in sheets else ():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(("示例企业", "Example E")):
                    cell.value = "沁园数控有限公司"
    book.save(target)
    return target


def data_sheets(book: Workbook) -> list[str]:
    return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheets_stand_in_their_order(lang: str, blank: Callable[[str], Path]) -> None:
    assert data_sheets(openpyxl.load_workbook(blank(lang))) == SHEETS[lang]


def test_headings_are_chinese_and_give_their_units(blank: Callable[[str], Path]) -> None:
    book = openpyxl.load_workbook(blank("zh"))
    upper, lower = (
        [cell.value for cell in row] for row in book["企业"].iter_rows(min_row=1, max_row=2)
    )
    assert upper[:4] == ["统一社会信用代码", "* 企业名称", "所在镇（街道、园区）", "成立日期"]
    assert [word for word in upper if str(word)[:2] == "20"] == ["2016年", "2017年", "2018年"]
    assert lower[upper.index("2016年")] == "销售收入（元）"
    assert lower[upper.index("2018年") + 6] == "职工总数（全年月平均）（人）"
    assert "可用Ⅰ类知识产权数（项）" in upper
    for sheet in book.worksheets[2:-1]:
        words = [cell.value for cell in sheet[1] if cell.value]
        assert all(any("一" <= sign <= "鿿" for sign in word) for word in words), sheet.title
    assert [cell.value for cell in book["评分表"][1]][5] == "技术的先进程度（分）"


def test_cells_of_choice_have_a_drop_down(blank: Callable[[str], Path]) -> None:
    book = openpyxl.load_workbook(blank("zh"))
    sheet = book["知识产权"]
    by_column = {str(rule.sqref)[0]: rule for rule in sheet.data_validations.dataValidation}
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    kind = by_column[heads["类别"]]
    assert kind.type == "list" and "发明专利,国防专利" in kind.formula1
    assert by_column[heads["在中国境内授权或审批"]].formula1 == '"是,否"'
    assert by_column[heads["授权日期"]].type == "date"
    states = [
        rule
        for rule in book["企业"].data_validations.dataValidation
        if rule.formula1 == '"全部,部分,未填"'
    ]
    assert len(states) == 8
    assert all(sheet.data_validations.dataValidation for sheet in book.worksheets[1:-1])


def test_notes_hang_on_headings_and_the_guide_says_how(blank: Callable[[str], Path]) -> None:
    book = openpyxl.load_workbook(blank("zh"))
    notes = {cell.value: cell.comment.text for cell in book["企业"][1] if cell.comment}
    assert "改制、更名的企业填原成立日期" in notes["成立日期"]
    guide = " ".join(str(row[0]) for row in book["填表说明"].iter_rows(values_only=True))
    assert "申请日 2019-06-17" in guide and "不知道的留空" in guide and "peiyu assess" in guide


def test_the_dictionary_names_every_column_of_every_sheet(blank: Callable[[str], Path]) -> None:
    book = openpyxl.load_workbook(blank("zh"))
    lines = list(book["数据字典"].iter_rows(values_only=True))
    assert lines[0][:4] == ("表", "项目", "英文", "单位")
    assert {line[0] for line in lines[1:]} == set(SHEETS["zh"][1:-1])
    terms = {(line[0], line[1]) for line in lines[1:]}
    for sheet in book.worksheets[2:-1]:
        for cell in sheet[1]:
            word = cell.value.removeprefix("* ")
            bare = word.rpartition("（")[0]
            known = {(sheet.title, word), (sheet.title, bare), ("企业", word)}
            assert known & terms, (sheet.title, word)


def test_each_data_sheet_has_an_example_row(blank: Callable[[str], Path]) -> None:
    book = openpyxl.load_workbook(blank("zh"))
    for sheet in book.worksheets[1:-1]:
        values = [cell.value for row in sheet.iter_rows(min_row=2, max_row=4) for cell in row]
        assert "示例企业有限公司" in values, sheet.title


def test_the_untouched_template_judges_nobody_and_says_why(
    blank: Callable[[str], Path], run: Run, here: Path
) -> None:
    for lang, said in (("zh", "示例行，没有读入"), ("en", "xample")):
        done = run("assess", blank(lang), "--on", ON, "-o", "out.xlsx", "--lang", lang)
        assert done.exit_code == 2
        assert said in done.stderr
        assert done.stdout == ""
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("sheets", [(), ("企业", "Enterprises")], ids=["all", "first"])
def test_the_example_meets_every_condition_that_a_machine_can_judge(
    sheets: tuple[str, ...], lang: str, blank: Callable[[str], Path], run: Run, here: Path
) -> None:
    source = unmarked(blank(lang), here / "real.xlsx", *sheets)
    done = run("assess", source, "--on", ON, "-o", "out.json")
    assert done.exit_code == 0, done.output
    (found,) = json.loads(Path("out.json").read_text("utf-8"))["enterprises"]
    outcomes = {criterion["id"]: criterion["outcome"] for criterion in found["criteria"]}
    assert [outcomes[name] for name in HARD] == ["met"] * len(HARD)
    assert (found["hard"], found["verdict"]) == ("met", "expert")
    assert found["flags"] == []


def test_the_english_template_reads_back_as_the_chinese_one(
    blank: Callable[[str], Path], run: Run, here: Path
) -> None:
    read = []
    for lang in ("zh", "en"):
        source = unmarked(blank(lang), here / f"{lang}.xlsx")
        assert run("assess", source, "--on", ON, "-o", "out.json").exit_code == 0
        (found,) = json.loads(Path("out.json").read_text("utf-8"))["enterprises"]
        facts = {
            (fact["name"], fact["year"]): fact["value"]
            for criterion in found["criteria"]
            for fact in criterion["facts"]
        }
        rows = [
            (row["table"], row["row"], row["counts"])
            for criterion in found["criteria"]
            for row in criterion["rows"]
            if row["table"] != "conversions"  # they have names of the language
        ]
        read.append((facts, rows, found["score"], found["items"]))
    assert read[0] == read[1]
    assert len(read[0][0]) > 10 and len(read[0][1]) > 20


def test_a_template_of_another_day_asks_for_other_years(run: Run, here: Path) -> None:
    for on, years in (("2017-01-01", "2014–2016"), ("2026-12-31", "2023–2025")):
        done = run("template", "hnte", "-o", "new/folder/t.xlsx", "--on", on)
        assert done.exit_code == 0 and years in done.stdout
        heads = [
            cell.value for cell in openpyxl.load_workbook(here / "new/folder/t.xlsx")["企业"][1]
        ]
        assert f"{years[-4:]}年" in heads


@pytest.mark.parametrize("name", ["t.xls", "t.csv", "t"])
def test_a_template_is_a_workbook_and_nothing_else(name: str, run: Run, here: Path) -> None:
    done = run("template", "hnte", "-o", name, "--on", ON)
    assert done.exit_code == 2 and ".xlsx" in done.stderr and not (here / name).exists()
