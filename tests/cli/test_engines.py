"""Another engine, the same answer: files as they lie, files with faults, and what cannot be."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlglot import exp, parse_one

from peiyu.batch import frames
from peiyu.policy.rulebooks import RULEBOOKS
from tests.batch import forms
from tests.cli.conftest import run_command

ON = "2026-07-20"
FORMS = {
    "folder of parquet": lambda at: forms.write_parquet(at / "columns", forms.firms()),
    "parquet file": lambda at: forms.write_parquet(at / "flat.parquet", forms.firms(flat=True)),
    "json list": lambda at: forms.write_json(
        at / "list.json", [forms.record(firm) for firm in forms.firms()]
    ),
}


def answered(source: Path, engine: str, *more: str, status: int = 0) -> tuple[pl.DataFrame, str]:
    output = source.parent / f"{source.stem}-{engine}.parquet"
    done = run_command("assess", source, "--on", ON, "--engine", engine, "-o", output, *more)
    assert done.exit_code == status, done.output
    frame = pl.read_parquet(output)
    words = frame.with_columns(pl.col(pl.Enum).cast(pl.String)).sort("key")
    return words, done.output.replace(output.name, "")


def same(source: Path, *more: str, status: int = 0) -> pl.DataFrame:
    ours, said = answered(source, "polars", *more, status=status)
    theirs, again = answered(source, "duckdb", *more, status=status)
    assert theirs.select(ours.columns).equals(ours)
    assert again == said
    return ours


@pytest.mark.parametrize("form", FORMS)
def test_duckdb_answers_as_polars_does(form, tmp_path):
    assert len(same(FORMS[form](tmp_path))) > 20


def test_switches_and_rulebooks_reach_the_engine(tmp_path):
    source = FORMS["folder of parquet"](tmp_path)
    usual = same(source)
    other = same(source, "--switch", "short_first_year=annualised")
    assert not usual.equals(other)
    assert "evaluated" in same(source, "--rulebook", "tech_sme").columns


def test_files_with_faults_are_cleaned_for_every_engine(tmp_path):
    frame = pl.DataFrame({
        "key": ["甲", "乙", "甲", None, "丙"],
        "name": ["甲公司", "乙公司", "又是甲", "无名", "丙公司"],
        "established_on": [date(2010, 1, 1)] * 5,
        "sales_revenue.1": [10**9, -5, 10**9, 1, 10**15 + 1],
        "resident": ["是", "是", "是", "是", "是"],
    })  # fmt: skip
    frame.write_parquet(tmp_path / "faulty.parquet")
    found = same(tmp_path / "faulty.parquet", status=1)
    assert found["name"].to_list() == ["丙公司", "乙公司", "甲公司"]


@pytest.mark.parametrize("at_once", [1, 3, 4_000_000])
def test_repeats_are_found_however_many_keys_are_looked_at_together(tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(frames, "AT_ONCE", at_once)
    keys = [f"企业{number}" for number in range(10)]
    for repeats in ([], ["企业3", "企业9", "企业3"]):
        pl.DataFrame({"key": [*keys, *repeats]}).write_parquet(tmp_path / "in.parquet")
        found = frames.read_parquet(tmp_path / "in.parquet", date(2026, 7, 20))
        assert [refusal.value for refusal in found.refusals] == repeats
        assert found.names.collect().height == len(keys)


def test_what_was_recorded_later_stands_for_what_was_before(tmp_path):
    day = date(2026, 1, 1)
    frame = pl.DataFrame({
        "key": ["甲", "甲"], "resident": [False, True], "known_on": [day, day + timedelta(9)],
    })  # fmt: skip
    frame.write_parquet(tmp_path / "recorded.parquet")
    assert same(tmp_path / "recorded.parquet")["resident"].to_list() == ["met"]


def test_values_that_no_column_holds_are_refused_alike(tmp_path):
    frame = pl.DataFrame(
        {"key": ["甲", "乙"], "ip_class1": [2**63 + 5, 2], "ip.state": [300, 0]},
        schema_overrides={"ip_class1": pl.UInt64},
    )
    frame.write_parquet(tmp_path / "large.parquet")
    assert same(tmp_path / "large.parquet", status=1)["key"].to_list() == ["乙", "甲"]


def test_an_engine_that_gives_up_says_why(tmp_path, monkeypatch):
    source = FORMS["parquet file"](tmp_path)
    output = tmp_path / "out.parquet"
    for memory in ("1XB", "1KB"):
        monkeypatch.setenv("PEIYU_DUCKDB_MEMORY", memory)
        done = run_command("assess", source, "--on", ON, "--engine", "duckdb", "-o", output)
        assert done.exit_code == 2
        assert "duckdb 没有算完" in done.output
        assert not output.exists()


def test_a_place_with_odd_signs_is_only_a_place(tmp_path):
    folder = tmp_path / 'it\'s "odd"; --'
    folder.mkdir()
    same(FORMS["parquet file"](folder))


def test_nothing_is_left_beside_the_result(tmp_path):
    source = FORMS["folder of parquet"](tmp_path)
    answered(source, "duckdb")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_the_long_form_has_a_row_for_each_condition(tmp_path):
    source = FORMS["folder of parquet"](tmp_path)
    wide, _ = answered(source, "polars")
    long, _ = answered(source, "polars", "--long")
    assert set(long.columns) == {"key", "criterion", "outcome"}
    names = [criterion.id for criterion in RULEBOOKS["hnte"].criteria]
    expected = [(row["key"], name, row[name]) for row in wide.to_dicts() for name in names]
    assert sorted(long.select("key", "criterion", "outcome").rows()) == sorted(expected)
    for more in (("--engine", "duckdb", "-o", "out.parquet"), ("-o", "out.json")):
        done = run_command("assess", source, "--on", ON, "--long", *more)
        assert done.exit_code == 2
        assert "--long" in done.output


def test_reasons_are_not_asked_of_an_engine(tmp_path):
    source = FORMS["json list"](tmp_path)
    done = run_command(
        "assess", source, "--on", ON, "--engine", "duckdb", "-o", tmp_path / "out.xlsx"
    )
    assert done.exit_code == 2
    assert ".parquet" in done.output
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("name", sorted(RULEBOOKS))
def test_the_statement_is_printed_for_ones_own_cluster(name, run):
    done = run("sql", name, "--on", ON, "--table", "ip", "--table", "ip", "--table", "uses")
    assert done.exit_code == 0, done.output
    read = {table.name for table in parse_one(done.output, dialect="spark").find_all(exp.Table)}
    assert "enterprise" in read
    assert not {"rd", "products", "conversions"} & read


def test_a_table_that_does_not_exist_is_told(run):
    done = run("sql", "hnte", "--on", ON, "--table", "ips", "--lang", "en")
    assert done.exit_code == 2
    assert "no table “ips”" in done.output
