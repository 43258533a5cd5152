"""The command as a process: exit status, what goes to which stream, pipes that break."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.batch.forms import write_json, write_lines

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from peiyu.cli import main; main()"]
HEADS = ["企业名称", "成立日期", "2018年职工总数"]
ON = ("--on", "2019-06-17")
OF_THE_LAW = ("template", "assess", "explain", "replay", "ladder", "rulebook", "schema")
OF_THE_OFFICE = (
    "demo",
    "prepare",
    "begin",
    "serve",
    "work",
    "backup",
    "restore",
    "record",
    "example",
)


def peiyu(*words: str, cwd: Path, seed: str = "0") -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, outside of any terminal."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONHASHSEED": seed,
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.run(
        [*COMMAND, *words], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("cell", "status"), [("80", 0), ("some", 1)], ids=["all judged", "with refusals"]
)
def test_results_go_to_the_file_a_summary_to_stdout_complaints_to_stderr(
    cell: str, status: int, tmp_path: Path
) -> None:
    write_lines(tmp_path / "a.csv", [HEADS, ["甲有限公司", "2010-01-01", cell]])
    done = peiyu("assess", "a.csv", *ON, "-o", "out.json", cwd=tmp_path)
    assert done.returncode == status
    assert "已核对 1 家" in done.stdout and "结果写在 out.json" in done.stdout
    assert ("some" in done.stderr) is bool(status) and "some" not in done.stdout
    assert "Traceback" not in done.stderr and "\x1b" not in done.stdout + done.stderr
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["method"]["judged"] == 1


def test_nothing_judged_is_2_and_only_stderr_says_why(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.csv", [HEADS])
    done = peiyu("assess", "a.csv", *ON, "-o", "out.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and "没有核对任何企业" in done.stderr


def test_what_is_not_a_command_or_an_option_is_2(tmp_path: Path) -> None:
    for words in (
        ("judge",),
        ("assess",),
        ("assess", "--frob"),
        ("schema", "hnte", "--lang", "fr"),
    ):
        done = peiyu(*words, cwd=tmp_path)
        assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr


def test_json_on_stdout_is_nothing_but_json(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"name": "甲有限公司", "facts": {"standards": "?!"}})
    done = peiyu("explain", "a.json", "--enterprise", "甲", *ON, "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["refused"][0]["address"] == "facts.standards"
    assert json.loads(peiyu("schema", "hnte", cwd=tmp_path).stdout)["title"] == "高新技术企业认定"


def test_a_reader_that_stops_early_ends_the_command_quietly(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"}
    for words in ("rulebook hnte", "schema hnte"):
        line = f'"{sys.executable}" -c "from peiyu.cli import main; main()" {words} | head -c 20'
        done = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, env=env, capture_output=True, check=False
        )
        assert done.stderr == b"" and len(done.stdout) == 20


def test_the_same_file_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    record = {
        "name": "甲",
        "b": 1,
        "a": 2,
        "z": 3,
        "facts": {"y": 1, "x": 2},
        "tables": {"q": [], "p": []},
    }
    write_json(tmp_path / "a.json", [record, {"name": "乙", "states": {"w": 1, "v": 2}}])
    for seed in ("1", "2"):
        for ending in ("json", "csv"):
            words = ("assess", "a.json", *ON, "--no-readings", "-o", f"{seed}.{ending}")
            done = peiyu(*words, cwd=tmp_path, seed=seed)
            assert done.returncode == 1
    for ending in ("json", "csv", "refused.csv", "notes.csv", "method.csv"):
        assert (tmp_path / f"1.{ending}").read_bytes() == (tmp_path / f"2.{ending}").read_bytes()


def test_help_names_every_subcommand_with_what_it_is_for(tmp_path: Path) -> None:
    for words in (("--help",), ("-h",), ()):
        said = (done := peiyu(*words, cwd=tmp_path)).stdout + done.stderr
        for name in (*OF_THE_LAW, *OF_THE_OFFICE):
            assert f"\n  {name} " in said
    for name in (*OF_THE_LAW, "example"):
        done = peiyu(name, "--help", cwd=tmp_path)
        assert done.returncode == 0 and "--lang" in done.stdout


def test_help_and_templates_come_without_the_engine_of_columns(tmp_path: Path) -> None:
    code = (
        "import sys; from peiyu.cli import peiyu\n"
        "try: peiyu(['template', 'hnte', '-o', 't.xlsx', '--on', '2019-06-17'])\n"
        "except SystemExit: print('polars' in sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "False"
