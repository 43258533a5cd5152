"""Whatever is handed in, the command answers in words: no traceback, no half result, no lost source."""

import io
import json
import math
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.batch.forms import results, table_of, write_json, write_lines, write_sheet
from tests.cli.conftest import Run

ON = "2019-06-17"
HEADS = ["企业名称", "成立日期", "2018年销售收入（元）", "2018年职工总数", "2018年科技人员数"]
GOOD = ["沁园数控有限公司", "2010-05-01", 56000000, 80, 9]
RESULTS = (".xlsx", ".json", ".csv", ".parquet")


def zipped(**members: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return memory.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for line in (HEADS, GOOD):
        book.active.append(line)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def columns(**values: list[Any]) -> bytes:
    memory = io.BytesIO()
    pl.DataFrame(values).write_parquet(memory)
    return memory.getvalue()


NO_FILES_TO_JUDGE: dict[str, tuple[str, bytes]] = {
    "an empty workbook": ("a.xlsx", b""),
    "an empty csv": ("a.csv", b""),
    "a csv of blanks": ("a.csv", b" \r\n,,,\r\n"),
    "an empty json": ("a.json", b""),
    "an empty parquet": ("a.parquet", b""),
    "zeros": ("a.xlsx", bytes(4096)),
    "a zip of something": ("a.xlsx", zipped(readme=b"hello")),
    "a word document": ("a.xlsx", zipped(word__document=b"<x/>")),
    "a workbook cut off": ("a.xlsx", workbook()[:3000]),
    "a workbook with a broken sheet": (
        "a.xlsx", workbook().replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheetX.xml"),
    ),
    "a workbook named csv": ("a.csv", workbook()),
    "a csv named xlsx": ("a.xlsx", "企业名称,成立日期\n甲,2010-01-01\n".encode()),
    "a page of the web": ("a.xlsx", b"<html><table><tr><td>1</td></tr></table></html>"),
    "a csv with a zero byte": ("a.csv", "企业名称,成立日期\n甲\x00乙,2010-01-01\n".encode()),
    "a csv without whose": ("a.csv", "成立日期,2018年销售收入\n2010-01-01,5\n".encode()),
    "a csv of other things": ("a.csv", b"id,x,y\n1,2,3\n"),
    "a text": ("a.txt", "这不是表格\n".encode()),
    "json cut off": ("a.json", b'[{"name": "a"'),
    "json of numbers": ("a.json", b"[1, 2, 3.5, null, true]"),
    "a number in json": ("a.json", b"7"),
    "an empty list in json": ("a.json", b"[]"),
    "json without whose": ("a.json", b'[{"facts": {"standards": 1}}, {"name": ""}, {"name": [5]}]'),
    "json as deep as a well": ("a.json", b"[" * 100_000 + b"]" * 100_000),
    "objects as deep as a well": ("a.json", b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "a number of ten thousand digits": ("a.json", b'{"name": "a", "x": ' + b"9" * 10_000 + b"}"),
    "an exponent beyond all": ("a.json", b'{"name": "a", "x": 1e99999999999999999999}'),
    "a name twice in an object": ("a.json", b'{"name": "a", "name": "b"}'),
    "half a character": ("a.json", b'{"name": "\\ud800"}'),
    "json in utf-16": ("a.json", '{"name": "甲"}'.encode("utf-16")),
    "parquet cut off": ("a.parquet", columns(key=["甲", "乙"])[:-40]),
    "a csv named parquet": ("a.parquet", b"key,name\n1,2\n"),
    "parquet without whose": ("a.parquet", columns(established=["2010"])),
    "parquet of keys that are no words": ("a.parquet", columns(key=[[1], [2]])),
    "parquet without rows": ("a.parquet", columns(key=pl.Series([], dtype=pl.String))),
    "parquet of nobody": ("a.parquet", columns(key=pl.Series([None, None], dtype=pl.String))),
    "an unknown ending": ("a.docx", b"PK\x03\x04 nothing"),
    "no ending": ("a", b"nothing at all"),
}  # fmt: skip


@pytest.mark.parametrize("output", ["out.json", "out.parquet"])
@pytest.mark.parametrize("name", NO_FILES_TO_JUDGE)
def test_a_file_of_which_nothing_can_be_read_ends_with_2_and_a_sentence(
    name: str, output: str, run: Run, here: Path
) -> None:
    file, content = NO_FILES_TO_JUDGE[name]
    (here / file).write_bytes(content)
    done = run("assess", file, "--on", ON, "-o", output)
    assert done.exit_code == 2, done.output
    assert any("一" <= sign <= "鿿" for sign in done.stderr)
    assert [found.name for found in here.iterdir()] == [file]


@pytest.mark.parametrize("name", ["a workbook cut off", "json cut off", "parquet cut off"])
def test_what_cannot_be_read_cannot_be_explained_either(name: str, run: Run, here: Path) -> None:
    file, content = NO_FILES_TO_JUDGE[name]
    (here / file).write_bytes(content)
    done = run("explain", file, "--enterprise", "甲", "--on", ON)
    assert done.exit_code == 2 and done.stdout == "" and done.stderr


def test_a_file_that_is_not_there_is_named(run: Run, here: Path) -> None:
    done = run("assess", "nowhere.xlsx", "--on", ON, "-o", "out.json")
    assert done.exit_code == 2 and "nowhere.xlsx" in done.stderr


@pytest.mark.parametrize("name", ["folder", "folder.json", "folder.parquet", "folder.xlsx"])
def test_a_folder_without_sheets_is_refused(name: str, run: Run, here: Path) -> None:
    (here / name).mkdir()
    (here / name / "notes.txt").write_text("no sheet")
    for output in ("out.json", "out.parquet"):
        done = run("assess", name, "--on", ON, "-o", output)
        assert done.exit_code == 2 and done.stderr and list(here.glob("out*")) == []


# ------------------------------------------------------------------------- odd but readable input


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_csv_is_read_in_every_usual_coding(coding: str, run: Run, here: Path) -> None:
    source = write_lines(here / "a.csv", [HEADS, GOOD], coding)
    assert run("assess", source, "--on", ON, "-o", "out.json").exit_code == 0
    assert list(results(here / "out.json")) == [GOOD[0]]


ODD_VALUES = [
    "9" * 400, "1e400", "-1e5", "NaN", "Infinity", "-5", "1.005", "#REF!", "=1+1", "十万", "12人左右",
    "1,2,3", "\u202e100", "٣٤", "１２３４５６７８９０１２３４５６７８９", "0x1F", "5 亿美元", "-", "无", "−500",
]  # fmt: skip


@pytest.mark.parametrize("value", ODD_VALUES)
def test_an_odd_amount_is_refused_or_read_but_never_breaks_off(
    value: str, run: Run, here: Path
) -> None:
    source = write_lines(here / "a.csv", [HEADS, [*GOOD[:2], value, 80, 9], [*GOOD[:4], 9]])
    done = run("assess", source, "--on", ON, "-o", "out.json")
    found = json.loads(Path("out.json").read_text("utf-8"))
    assert done.exit_code == 1  # the second row is the same enterprise with another amount
    cells = [r for r in found["refused"] if not r["whole_row"]]
    unknown = value in ("NaN", "-", "无")
    assert [r["address"] for r in cells] == ([] if unknown else ["C2"])
    assert found["enterprises"][0]["criteria"][5]["outcome"] == "met"


JSON_NUMBERS = ["NaN", "Infinity", "-Infinity", "-5", "1e999999999", "1e-999999999", "1E30", "0.001",
                "9" * 4000, "true", '"abc"', "[5]", "{}", '{"value": [1]}']  # fmt: skip


@pytest.mark.parametrize("value", JSON_NUMBERS)
def test_an_odd_number_in_json_is_refused_by_its_path(value: str, run: Run, here: Path) -> None:
    text = '{"name": "甲", "years": {"2018": {"sales_revenue": %s, "staff_average": 80, "st_staff_average": 9}}}'
    (here / "a.json").write_text(text % value, "utf-8")
    for output in ("out.json", "out.parquet"):
        assert run("assess", "a.json", "--on", ON, "-o", output).exit_code == 1
    (told,) = json.loads(Path("out.json").read_text("utf-8"))["refused"]
    assert told["address"] == "years.2018.sales_revenue" and len(told["value"]) <= 60
    assert results(here / "out.json")["甲"]["st_staff"] == "met"


@pytest.mark.parametrize(
    "broken",
    [
        {"years": {"²⁰¹⁸": {"sales_revenue": 1}}}, {"years": {"02018": {}}}, {"years": [2018]},
        {"years": {"2018": 5}}, {"facts": None}, {"facts": {"established_on": "2010-02-30"}},
        {"facts": {"name": "乙"}}, {"states": {"ip": ["complete"]}}, {"states": {"ip": "full"}},
        {"states": 3}, {"tables": []}, {"tables": {"ip": {}}}, {"tables": {"patents": []}},
        {"tables": {"ip": [7]}}, {"tables": {"ip": [{"nr": "1"}]}}, {"sources": {}}, {"code": "123"},
        {"code": 5}, {"territory": [7]}, {"turnover": 5}, {"facts": {"tech_field": ["a"]}},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_the_schema_is_refused_and_the_rest_judged(
    broken: dict[str, Any], run: Run, here: Path
) -> None:
    record = {"name": "甲", "facts": {"resident": True}, **broken}
    write_json(here / "a.json", [record, {"name": "乙"}])
    assert run("assess", "a.json", "--on", ON, "-o", "out.json").exit_code == 1
    told = json.loads(Path("out.json").read_text("utf-8"))["refused"]
    assert len(told) == 1 and told[0]["address"].startswith("[0]") and told[0]["remedy"]
    assert list(results(here / "out.json")) == ["甲", "乙"]


def test_a_float_or_text_column_of_figures_in_parquet_is_refused_as_a_whole(
    run: Run, here: Path
) -> None:
    frame = {
        "key": ["甲", "乙"], "sales_revenue.2018": [1.5, 2.0], "staff_average.2018": ["80", "90"],
        "established_on": ["2010-01-01", None], "resident": [1, 0], "standards": [1, 2],
        "ip.state": ["all", None],
    }  # fmt: skip
    pl.DataFrame(frame).write_parquet("a.parquet")
    for output in ("out.json", "out.parquet"):
        assert run("assess", "a.parquet", "--on", ON, "-o", output).exit_code == 1
    told = json.loads(Path("out.json").read_text("utf-8"))["refused"]
    assert [r["heading"] for r in told] == [
        name for name in frame if name not in ("key", "standards")
    ]
    assert all("请" in r["remedy"] and "而不是" in r["rule"] for r in told)


def test_values_of_parquet_out_of_their_bounds_are_refused_one_by_one(run: Run, here: Path) -> None:
    frame = {
        "key": ["甲", "乙", "丙"], "sales_revenue.2018": [-1, 10**15 + 1, 500],
        "ip.state": [2, 3, -1], "staff_average.2018": pl.Series([2**63, 8000, 8000], dtype=pl.UInt64),
    }  # fmt: skip
    pl.DataFrame(frame).write_parquet("a.parquet")
    for output in ("out.json", "out.parquet"):
        assert run("assess", "a.parquet", "--on", ON, "-o", output).exit_code == 1
    told = json.loads(Path("out.json").read_text("utf-8"))["refused"]
    assert sorted(r["address"] for r in told) == [
        "ip.state[2]", "ip.state[3]", "sales_revenue.2018[1]", "sales_revenue.2018[2]",
        "staff_average.2018[1]",
    ]  # fmt: skip


def test_the_same_figure_in_two_columns_of_parquet_is_refused(run: Run, here: Path) -> None:
    frame = {"key": ["甲"], "sales_revenue.2018": [500], "sales_revenue.1": [700]}
    pl.DataFrame(frame).write_parquet("a.parquet")
    assert run("assess", "a.parquet", "--on", ON, "-o", "out.json").exit_code == 1
    (told,) = json.loads(Path("out.json").read_text("utf-8"))["refused"]
    assert told["heading"] == "sales_revenue.1" and "sales_revenue.2018" in told["rule"]


def test_a_key_that_stands_twice_in_parquet_is_judged_once(run: Run, here: Path) -> None:
    frame = {
        "key": ["甲", "乙", "甲", None],
        "name": ["a", "b", "c", "d"],
        "resident": [True, False, False, True],
    }
    pl.DataFrame(frame).write_parquet("a.parquet")
    for output in ("out.json", "out.parquet"):
        assert run("assess", "a.parquet", "--on", ON, "-o", output).exit_code == 1
        found = results(here / output)
        assert {name: firm["resident"] for name, firm in found.items()} == {
            "a": "met",
            "b": "unmet",
        }
    document = json.loads(Path("out.json").read_text("utf-8"))
    assert [(r["address"], r["whole_row"]) for r in document["refused"]] == [
        ("4", True),
        ("3", True),
    ]
    assert document["method"]["not_judged"] == 1


def test_what_a_folder_of_parquet_holds_besides_is_said(run: Run, here: Path) -> None:
    (here / "in").mkdir()
    pl.DataFrame({"key": ["甲"], "colour": ["red"]}).write_parquet("in/enterprise.parquet")
    pl.DataFrame({"key": ["甲"], "year": [2018]}).write_parquet("in/years.parquet")
    rows = {"key": ["甲", "丙"], "no": ["IP01", "IP02"], "shade": ["a", "b"]}
    pl.DataFrame(rows).write_parquet("in/ip.parquet")
    assert run("assess", "in", "--on", ON, "-o", "out.json").exit_code == 0
    notes = json.loads(Path("out.json").read_text("utf-8"))["notes"]
    assert {(note["sheet"], note["address"]) for note in notes} == {
        ("enterprise.parquet", "colour"), ("years.parquet", ""), ("ip.parquet", "shade"),
        ("ip.parquet", "key"),
    }  # fmt: skip


# ------------------------------------------------------------------------------------ names, text

NAMES = [
    'He said "甲" & <乙> 有限公司', "O'Neil; DROP TABLE", "🦊🏭有限公司", "名" * 500, "a\tb\nc", "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)", "-2+3", '=HYPERLINK("http://x","y")', "https://example.org/a", "[bold]甲[/bold]", "{name}",
    "%s %d", "null", "\u202e有限公司", "甲\u200b乙",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_text_of_users_goes_out_as_text(name: str, run: Run, here: Path) -> None:
    write_json(here / "a.json", {"name": name, "territory": name, "facts": {"tech_field": name}})
    for ending in RESULTS:
        done = run("assess", "a.json", "--on", ON, "-o", f"out{ending}")
        if name == "null":  # a word for nothing
            assert done.exit_code == 2
            return
        assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook("out.xlsx")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None
                if isinstance(cell.value, str) and cell.value.strip() == name.strip():
                    assert cell.data_type == "s"
    (row,) = table_of(book["总览"], "企业名称")
    shown = json.loads(Path("out.json").read_text("utf-8"))["enterprises"][0]["name"]
    assert row["企业名称"] == row["所在镇（街道、园区）"] == shown
    cells = Path("out.csv").read_text("utf-8-sig").splitlines()[1].split(",")
    assert all(cell.lstrip('"')[:1] not in tuple("=+-@") for cell in cells)
    done = run("explain", "a.json", "--enterprise", name, "--on", ON)
    assert done.exit_code == 0 and " ".join(shown.split()) in " ".join(done.stdout.split())


def test_formulas_in_a_sheet_go_out_as_text_and_guarded(run: Run, here: Path) -> None:
    names = ["=1+1", "+cmd", "@sum", "-1有限公司"]
    source = write_lines(here / "a.csv", [HEADS, *([name, *GOOD[1:]] for name in names)])
    for ending in (".xlsx", ".csv"):
        run("assess", source, "--on", ON, "-o", f"out{ending}")
    book = openpyxl.load_workbook("out.xlsx")
    top = next(cell.row for cell in book["总览"]["A"] if cell.value == "企业名称")
    cells = list(book["总览"]["A"])[top:]
    assert [(cell.value, cell.data_type) for cell in cells] == [(name, "s") for name in names]
    lines = Path("out.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[1] for line in lines] == [f"'{name}" for name in names]


def test_two_rows_of_one_name_are_one_enterprise_however_it_is_typed(run: Run, here: Path) -> None:
    typed = ["济水（河南）轴承有限公司", "济水(河南)轴承有限公司", "济水（河南） 轴承有限公司。"]
    lines = [HEADS, *([name, *GOOD[1:]] for name in typed), [typed[1], *GOOD[1:4], 8]]
    done = run("assess", write_lines(here / "a.csv", lines), "--on", ON, "-o", "out.json")
    document = json.loads(Path("out.json").read_text("utf-8"))
    assert [firm["name"] for firm in document["enterprises"]] == typed[:1]
    assert done.exit_code == 1 and [r["address"] for r in document["refused"]] == ["A5"]
    assert any("共 2 处：A3、A4" in note["text"] for note in document["notes"])
    rows = [["企业名称", "知识产权编号"], *([name, f"IP{at}"] for at, name in enumerate(typed))]
    book = write_sheet(
        here / "b.xlsx", [HEADS, [typed[0], *GOOD[1:]]], rows, titles=["企业", "知识产权"]
    )
    assert run("assess", book, "--on", ON, "-o", "out.json").exit_code == 0
    (firm,) = json.loads(Path("out.json").read_text("utf-8"))["enterprises"]
    assert {row["row"] for found in firm["criteria"] for row in found["rows"]} == {
        "IP0",
        "IP1",
        "IP2",
    }
    for name in typed:
        assert run("explain", book, "--enterprise", name, "--on", ON).exit_code == 0


def test_two_enterprises_of_one_name_in_json_are_told_apart_by_their_codes(
    run: Run, here: Path
) -> None:
    codes = ["91000000MADE00001A", "91000000MADE00002B"]
    records = [{"code": code, "name": "同名有限公司"} for code in codes]
    write_json(here / "a.json", [*records, records[0]])
    assert run("assess", "a.json", "--on", ON, "-o", "out.json").exit_code == 1
    document = json.loads(Path("out.json").read_text("utf-8"))
    assert [firm["key"] for firm in document["enterprises"]] == codes
    assert [r["address"] for r in document["refused"] if r["whole_row"]] == ["[2]"]
    assert document["method"]["not_judged"] == 0  # it is judged, once
    assert run("explain", "a.json", "--enterprise", "同名", "--on", ON).exit_code == 2
    assert run("explain", "a.json", "--enterprise", codes[1].lower(), "--on", ON).exit_code in (
        0,
        1,
    )


# ---------------------------------------------------------------------------------------- results


@pytest.mark.parametrize("ending", RESULTS)
def test_a_result_makes_the_folder_that_is_not_there(ending: str, run: Run, here: Path) -> None:
    source = write_lines(here / "a.csv", [HEADS, GOOD])
    assert run("assess", source, "--on", ON, "-o", f"new/deep/out{ending}").exit_code == 0
    assert list(results(here / f"new/deep/out{ending}")) == [GOOD[0]]


@pytest.mark.parametrize("name", ["out.txt", "out.xls", "out", "out.JSONL", "out.parquet.gz"])
def test_an_unknown_ending_of_a_result_is_refused_before_reading(
    name: str, run: Run, here: Path
) -> None:
    source = write_lines(here / "a.csv", [HEADS, GOOD])
    done = run("assess", source, "--on", ON, "-o", name)
    assert done.exit_code == 2 and ".parquet" in done.stderr and not (here / name).exists()


Words = Callable[[Path], tuple[Any, ...]]
WRITERS: dict[str, Words] = {
    **{
        f"assess{ending}": lambda to, ending=ending: ("assess", "a.csv", "-o", to / f"out{ending}")
        for ending in RESULTS
    },
    "template": lambda to: ("template", "hnte", "-o", to / "t.xlsx"),
    "rulebook": lambda to: ("rulebook", "hnte", "-o", to / "r.md"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
def test_a_path_that_cannot_be_written_is_said(name: str, run: Run, here: Path) -> None:
    write_lines(here / "a.csv", [HEADS, GOOD])
    (here / "file").write_text("in the way")
    done = run(*WRITERS[name](here / "file"), "--on", ON)
    assert done.exit_code == 2 and "写不出" in done.stderr and str(here / "file") in done.stderr
    assert sorted(found.name for found in here.iterdir()) == ["a.csv", "file"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # an archive unsaved
@pytest.mark.parametrize("ending", RESULTS)
def test_a_full_disk_is_said(ending: str, run: Run, here: Path) -> None:
    write_lines(here / "a.csv", [HEADS, GOOD])
    Path(f"out{ending}").symlink_to("/dev/full")
    done = run("assess", "a.csv", "--on", ON, "-o", f"out{ending}")
    assert done.exit_code == 2 and done.stderr


@pytest.mark.parametrize(
    "name", ["a.xlsx", "a.csv", "a.json", "a.parquet", "sub/../a.csv", "link.csv", "other.csv"]
)
def test_a_result_never_goes_over_its_source(name: str, run: Run, here: Path) -> None:
    (here / "sub").mkdir()
    write_sheet(here / "a.xlsx", [HEADS, GOOD])
    write_lines(here / "a.csv", [HEADS, GOOD])
    write_json(here / "a.json", {"name": "甲"})
    pl.DataFrame({"key": ["甲"]}).write_parquet("a.parquet")
    Path("link.csv").symlink_to("a.csv")
    Path("other.csv").hardlink_to("a.csv")
    source = "a.csv" if name.endswith(".csv") else name
    before = Path(source).read_bytes()
    done = run("assess", source, "--on", ON, "-o", name)
    assert done.exit_code == 2 and "相同" in done.stderr
    assert Path(source).read_bytes() == before


@pytest.mark.parametrize("name", ["in/out.csv", "in/deep/out.json", "in/enterprise.parquet"])
def test_a_result_never_goes_into_the_folder_it_is_made_from(
    name: str, run: Run, here: Path
) -> None:
    (here / "in").mkdir()
    write_lines(here / "in/企业.csv", [HEADS, GOOD])
    done = run("assess", "in", "--on", ON, "-o", name)
    assert done.exit_code == 2 and "来源文件夹之外" in done.stderr
    assert [file.name for file in (here / "in").iterdir()] == ["企业.csv"]


@pytest.mark.parametrize("kind", ["refused", "notes", "method"])
def test_the_lists_beside_a_result_never_go_over_its_source(
    kind: str, run: Run, here: Path
) -> None:
    source = write_lines(here / f"out.{kind}.csv", [HEADS, GOOD])
    before = source.read_bytes()
    for ending in (".csv", ".parquet"):
        assert run("assess", source, "--on", ON, "-o", f"out{ending}").exit_code == 2
        assert source.read_bytes() == before


def test_a_new_result_takes_the_place_of_an_old_one(run: Run, here: Path) -> None:
    for ending in RESULTS:
        for name in ("甲", "乙"):
            write_json(here / "a.json", {"name": name})
            assert run("assess", "a.json", "--on", ON, "-o", f"out{ending}").exit_code == 0
        assert list(results(here / f"out{ending}")) == ["乙"]


def test_figures_that_json_cannot_say_are_never_written(run: Run, here: Path) -> None:
    write_json(here / "a.json", {"name": "甲", "years": {"2018": {"sales_revenue": math.nan}}})
    run("assess", "a.json", "--on", ON, "-o", "out.json")
    text = Path("out.json").read_text("utf-8")
    assert json.loads(text, parse_constant=pytest.fail)["enterprises"][0]["name"] == "甲"
