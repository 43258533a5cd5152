"""The same enterprises give the same outcomes, however they come in and however they go out."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.batch import forms
from tests.batch.forms import ON, Firm, firms
from tests.cli.conftest import run_command

ENDINGS = (".xlsx", ".json", ".csv", ".parquet")
Write = Callable[[Path, tuple[Firm, ...]], Path]


def of_template(folder: Path, found: tuple[Firm, ...]) -> Path:
    blank = folder / "blank.xlsx"
    assert run_command("template", "hnte", "-o", blank, "--on", ON).exit_code == 0
    return forms.fill_template(blank, folder / "filled.xlsx", found)


def of_english_template(folder: Path, found: tuple[Firm, ...]) -> Path:
    blank = folder / "blank-en.xlsx"
    done = run_command("template", "hnte", "-o", blank, "--on", ON, "--lang", "en")
    assert done.exit_code == 0
    return forms.fill_template(blank, folder / "filled-en.xlsx", found)


WHOLE: dict[str, Write] = {
    "template": of_template,
    "English template": of_english_template,
    "folder of csv": lambda folder, found: forms.write_folder(folder / "sheets", found),
    "json list": lambda folder, found: forms.write_json(
        folder / "list.json", [forms.record(firm) for firm in found]
    ),
    "json under a name": lambda folder, found: forms.write_json(
        folder / "named.json", {"enterprises": [forms.record(firm) for firm in found]}
    ),
    "folder of parquet": lambda folder, found: forms.write_parquet(folder / "columns", found),
}
FLAT: dict[str, Write] = {
    "flat sheet": lambda folder, found: forms.write_flat_xlsx(folder / "flat.xlsx", found),
    "flat csv": lambda folder, found: forms.write_lines(
        folder / "flat.csv", forms.flat_lines(found)
    ),
    "flat csv in 万元": lambda folder, found: forms.write_lines(
        folder / "wan.csv", forms.flat_lines(found, wan=True), "gb18030"
    ),
    "parquet file": lambda folder, found: forms.write_parquet(folder / "flat.parquet", found),
}


def pairs(forms_in: dict[str, Write]) -> list[tuple[str, str]]:
    """Every form in with every form out where readers differ most, else with the last two."""
    fully = {"template", "json list", "folder of parquet", "flat csv"}
    return [
        (form, ending)
        for form in forms_in
        for ending in (ENDINGS if form in fully else (".json", ".parquet"))
    ]


def judged(
    source: Path, ending: str, *more: str, refusals: bool = False
) -> dict[str, dict[str, object]]:
    output = source.parent / f"{source.stem}-result{ending}"
    done = run_command("assess", source, "--on", ON, "-o", output, "--no-readings", *more)
    assert done.exit_code == refusals, done.output
    return forms.results(output)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The enterprises in a form, written once."""
    return cache(lambda form: written(form, tmp_path_factory.mktemp("source")))


def written(form: str, folder: Path) -> Path:
    return WHOLE[form](folder, firms()) if form in WHOLE else FLAT[form](folder, firms(flat=True))


@pytest.fixture(scope="module")
def whole(source: Callable[[str], Path]) -> dict[str, dict[str, object]]:
    """Outcomes of all from a json list to json: what every other form is held to."""
    return judged(source("json list"), ".json")


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    folder = tmp_path_factory.mktemp("flat")
    return judged(WHOLE["json list"](folder, firms(flat=True)), ".json")


def test_there_are_enough_enterprises_of_every_kind() -> None:
    found = firms()
    tables = {table for firm in found for table, rows in firm.case.tables.items() if rows}
    assert len(found) >= 36 and len(firms(flat=True)) >= 15
    assert tables >= {"ip", "uses", "rd", "products", "conversions", "incidents", "sheets"}
    assert {len(firm.code) for firm in found} == {0, 18}


def test_outcomes_are_those_of_the_written_examples(whole: dict[str, dict[str, object]]) -> None:
    said = [
        (firm.name, what, whole[firm.name][what], outcome)
        for firm in firms()
        for what, outcome in firm.expect.items()
        if what in whole[firm.name]
    ]
    assert len(said) > 60
    assert [one for one in said if one[2] != one[3]] == []
    assert {outcome for found in whole.values() for outcome in found.values()} >= {
        "met", "unmet", "unknown", "expert", "not_applicable",
    }  # fmt: skip


@pytest.mark.parametrize(("form", "ending"), pairs(WHOLE))
def test_every_form_with_tables_gives_the_same(
    form: str, ending: str, source: Callable[[str], Path], whole: dict[str, dict[str, object]]
) -> None:
    assert judged(source(form), ending) == whole


@pytest.mark.parametrize(("form", "ending"), pairs(FLAT))
def test_every_form_of_one_sheet_gives_the_same(
    form: str, ending: str, source: Callable[[str], Path], flat: dict[str, dict[str, object]]
) -> None:
    assert judged(source(form), ending) == flat


def test_one_enterprise_alone_gives_what_it_gives_among_many(
    tmp_path: Path, whole: dict[str, dict[str, object]]
) -> None:
    for firm in firms()[::6]:
        one = forms.write_json(tmp_path / "one.json", forms.record(firm))
        assert judged(one, ".json") == {firm.name: whole[firm.name]}


def test_amounts_without_a_unit_are_read_in_the_unit_that_is_chosen(
    tmp_path: Path, flat: dict[str, dict[str, object]]
) -> None:
    lines = forms.flat_lines(firms(flat=True), wan=True)
    lines[0] = [heading.removesuffix("（万元）") for heading in lines[0]]
    bare = forms.write_lines(tmp_path / "bare.csv", lines)
    assert judged(bare, ".json", "--unit", "万元") == flat
    assert judged(bare, ".json", refusals=True) != flat  # as yuan it is finer than a fen


@pytest.mark.parametrize("form", ["template", "json list", "folder of parquet"])
def test_the_order_of_the_rows_changes_nothing_but_the_order(
    form: str, tmp_path: Path, whole: dict[str, dict[str, object]]
) -> None:
    turned = WHOLE[form](tmp_path, tuple(reversed(firms())))
    for ending in (".json", ".parquet"):
        found = judged(turned, ending)
        assert found == whole
        assert list(found) == [firm.name for firm in reversed(firms())]


def test_the_same_file_read_twice_gives_the_same_bytes(
    tmp_path: Path, source: Callable[[str], Path]
) -> None:
    for ending, files in ((".json", 1), (".csv", 4)):
        results = []
        for number in (1, 2):
            output = tmp_path / f"{number}{ending}"
            run_command("assess", source("template"), "--on", ON, "-o", output)
            beside = sorted(tmp_path.glob(f"{number}.*{ending}"))
            results.append([file.read_bytes() for file in {output: 0, **dict.fromkeys(beside)}])
        assert results[0] == results[1]
        assert len(results[0]) == files
