"""With `--lang en` no Chinese is said, but for what users wrote themselves."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.batch import forms
from tests.batch.forms import ON, Firm, firms, write_json, write_lines, write_sheet
from tests.cli.conftest import Run, run_command
from tests.cli.test_wrong_input import NO_FILES_TO_JUDGE

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
ENGLISH = ("--lang", "en")


def renamed(firm: Firm, number: int) -> Firm:
    """The enterprise with a name in Latin letters; its code stays."""
    return Firm(f"Company {number} Ltd.", firm.code, firm.case, firm.expect)


def chinese(texts: Iterable[object]) -> list[str]:
    """Texts in which something Chinese is left."""
    return sorted({str(text) for text in texts if CHINESE.search(str(text))})


def strings(value: Any) -> Iterator[str]:
    """Every text of a json document, names of fields too."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from strings(one)
    if isinstance(value, str):
        yield value


def cells(path: Path) -> Iterator[object]:
    """Every text of a workbook: sheets, cells, notes, the sentences of its checks."""
    for sheet in openpyxl.load_workbook(path).worksheets:
        yield sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                yield cell.value or ""
                yield cell.comment.text if cell.comment else ""
        for rule in sheet.data_validations.dataValidation:
            yield from (rule.error or "", rule.errorTitle or "", rule.formula1 or "")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list with something to refuse and to remark, all of it written in English."""
    folder = tmp_path_factory.mktemp("listed")
    records = [forms.record(renamed(firm, at)) for at, firm in enumerate(firms()[::2])]
    records[0]["facts"] = {"established_on": "the day before", "standards": -1}
    records[1]["years"] = {"2012": {}, "2025": {"sales_revenue": "a lot", "net_assets": 1.005}}
    records[2]["colour"] = "red"
    records.append({"name": "Company 3 Ltd.", "code": records[3].get("code")})
    return write_json(folder / "list.json", [*records, {}, 7])


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook in which nearly everything is the matter."""
    heads = ["Name of the enterprise", "Day of establishment", "2025 Sales revenue (yuan)", "Colour",
             "Total employees, average of the year 2025", "2024 Sales revenue (dollars)"]  # fmt: skip
    rows = [
        ["Alpha Ltd.", "1 Jan", "about 5", "red", 40, 7], ["Beta Ltd.", "2010-05-01", 5.005, "", "#REF!", 1],
        ["Beta Ltd.", "2011-05-01", 6, "", 1, 1], ["", "2010-05-01", 1, "", 1, 1], ["Total", "", 12, "", 42, 9],
        ["Alpha Ltd.", "1 Jan", "about 5", "red", 40, 7], ["Gamma Ltd.", "2010-05-01", 10**14, "", 5, 1],
    ]  # fmt: skip
    years = [["Name of the enterprise", "Fiscal year", "Sales revenue (yuan)"], ["Beta Ltd.", 2025, 8],
             ["Beta Ltd.", 2012, 8], ["Delta Ltd.", 2025, 8], ["Beta Ltd.", "last year", 8]]  # fmt: skip
    ip = [["Name of the enterprise", "IP no.", "Kind", "Granted on"], ["Beta Ltd.", "IP01", "Invention patent", "2019"],
          ["Beta Ltd.", "IP01", "magic", "2019-05-05"], ["Beta Ltd.", "", "Design patent", 43600]]  # fmt: skip
    folder = tmp_path_factory.mktemp("sheets")
    titles = ["Enterprises", "Years", "Intellectual property", "Scribbles"]
    return write_sheet(
        folder / "mess.xlsx", [heads, *rows], years, ip, [["a"], ["b"]], titles=titles
    )


@pytest.mark.parametrize("ending", [".json", ".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize("source", ["listed", "sheets"])
def test_results_are_english(
    source: str, ending: str, request: pytest.FixtureRequest, run: Run, here: Path
) -> None:
    output = here / f"out{ending}"
    done = run("assess", request.getfixturevalue(source), "--on", ON, "-o", output, *ENGLISH)
    assert done.exit_code == 1
    assert chinese([*done.stdout.splitlines(), *done.stderr.splitlines()]) == []
    if ending == ".xlsx":
        assert chinese(cells(output)) == []
        assert len(openpyxl.load_workbook(output).sheetnames) == 7
    elif ending == ".json":
        document = json.loads(output.read_text("utf-8"))
        assert chinese(strings(document)) == []
        assert len(document["refused"]) > 5 and document["notes"]
    else:
        for kind in ("refused", "notes", "method"):
            with output.with_suffix(f".{kind}.csv").open(encoding="utf-8-sig", newline="") as file:
                lines = list(csv.reader(file))
            assert chinese(cell for line in lines for cell in line) == []
            assert len(lines) > (1 if ending == ".csv" or kind == "method" else 0)


def test_reasons_are_english(run: Run, listed: Path) -> None:
    for number in (0, 1, 8, 15):
        who = f"Company {number} Ltd."
        done = run("explain", listed, "--enterprise", who, "--on", ON, *ENGLISH)
        assert done.exit_code in (0, 1)
        assert chinese(done.stdout.splitlines()) == []
        assert len(done.stdout.splitlines()) > 60
        done = run("explain", listed, "--enterprise", who, "--on", ON, "--json", *ENGLISH)
        assert chinese(strings(json.loads(done.stdout))) == []


def test_the_template_is_english(run: Run, here: Path) -> None:
    done = run("template", "hnte", "-o", "t.xlsx", "--on", ON, *ENGLISH)
    assert chinese([done.output]) == []
    book = openpyxl.load_workbook("t.xlsx")
    terms = {cell.value for cell in book.worksheets[-1]["B"]}  # the dictionary gives them in both
    assert chinese(text for text in cells(here / "t.xlsx") if text not in terms) == []


def test_the_schema_is_english(run: Run) -> None:
    assert chinese(strings(json.loads(run("schema", "hnte", *ENGLISH).stdout))) == []


@pytest.mark.parametrize("name", NO_FILES_TO_JUDGE)
def test_what_cannot_be_read_is_said_in_english(name: str, run: Run, here: Path) -> None:
    file, content = NO_FILES_TO_JUDGE[name]
    (here / file).write_bytes(content)
    done = run("assess", file, "--on", ON, "-o", "out.json", *ENGLISH)
    assert done.exit_code == 2 and done.stderr.strip()
    own = content.decode("utf-8", "ignore")  # what users wrote may be quoted
    left = re.sub("“[^”]*”", "", done.stderr) if CHINESE.search(own) else done.stderr
    assert chinese(left.splitlines()) == []


FAULTS: dict[str, tuple[str, ...]] = {
    "a day too early": ("assess", "a.csv", "--on", "2015-01-01", "-o", "out.json"),
    "a switch misspelt": ("assess", "a.csv", "--switch", "other=1", "-o", "out.json"),
    "a reading misspelt": ("assess", "a.csv", "--switch", "other_cost_cap=1", "-o", "out.json"),
    "a switch without a reading": ("assess", "a.csv", "--switch", "other", "-o", "out.json"),
    "a column of no fact": ("assess", "a.csv", "--column", "a=b", "-o", "out.json"),
    "an unknown ending": ("assess", "a.csv", "-o", "out.doc"),
    "the source itself": ("assess", "a.csv", "-o", "a.csv"),
    "a folder in the way": ("assess", "a.csv", "-o", "a.csv/out.json"),
    "a unit for json": ("assess", "a.json", "--unit", "万元", "-o", "out.json"),
    "the folder itself": ("assess", "in", "-o", "in/out.json"),
    "a template of another kind": ("template", "hnte", "-o", "t.doc"),
    "nobody": ("explain", "a.csv", "--enterprise", "Nobody"),
    "somebody": ("explain", "a.csv", "--enterprise", "Ltd"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_typed_wrongly_is_said_in_english(name: str, run: Run, here: Path) -> None:
    (here / "in").mkdir()
    write_lines(here / "a.csv", [["Name of the enterprise", "Day of establishment"],
                                 ["Alpha Ltd.", "2010-01-01"], ["Beta Ltd.", "2010-01-01"]])  # fmt: skip
    write_json(here / "a.json", {"name": "Alpha Ltd."})
    words = FAULTS[name] if "--on" in FAULTS[name] else (*FAULTS[name], "--on", str(ON))
    done = run(*words, *ENGLISH)
    assert done.exit_code == 2 and done.stderr.strip()
    assert chinese(done.stderr.splitlines()) == []


def test_an_english_list_is_judged_as_the_same_list_in_chinese(
    run: Run, listed: Path, here: Path
) -> None:
    for lang in ("zh", "en"):
        run_command("assess", listed, "--on", ON, "-o", here / f"{lang}.json", "--lang", lang)
    assert forms.results(here / "zh.json") == forms.results(here / "en.json")
    told = [json.loads((here / f"{lang}.json").read_text("utf-8")) for lang in ("zh", "en")]
    places = [[(r["address"], r["value"]) for r in document["refused"]] for document in told]
    assert places[0] == places[1]
