"""The house holds: its floors, its law, its papers."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

HOUSE = Path(__file__).parents[1]
PEIYU = HOUSE / "src/peiyu"
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())
LAW = sorted((PEIYU / "policy/rulebooks").rglob("*.py"))


def tracked_files():
    """The files that git keeps, or would keep if they were added now."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git work tree")
    return [HOUSE / name for name in listed.stdout.split("\0") if name]


def modules_in(folder):
    """What can be imported from a folder: modules, and folders that hold some."""
    return {
        path.stem
        for path in folder.iterdir()
        if (path.suffix == ".py" and not path.stem.startswith("__"))
        or (path.is_dir() and any(path.rglob("*.py")))
    }


def names_in(contract):
    """The last names that a stacking in pyproject.toml gives, its order and brackets aside."""
    contracts = {found["id"]: found for found in PROJECT["tool"]["importlinter"]["contracts"]}
    return Counter(re.findall(r"(\w+)\b(?!\.)", " ".join(contracts[contract]["layers"])))


def test_every_module_has_its_floor():
    assert modules_in(PEIYU) <= names_in("floors").keys()


def test_every_room_of_the_office_has_its_place():
    assert modules_in(PEIYU / "office") <= names_in("rooms").keys()


@pytest.mark.parametrize("contract", ["floors", "rooms"])
def test_nothing_stands_twice_in_a_stacking(contract):
    assert names_in(contract).total() == len(names_in(contract))


def test_imports_run_downhill():
    assert lint_imports(config_filename=str(HOUSE / "pyproject.toml"), no_cache=True) == 0


def test_no_module_is_a_drawer_for_anything():
    drawers = {"common", "helper", "helpers", "misc", "util", "utils"}
    assert not [path for path in PEIYU.rglob("*") if path.stem in drawers]


def test_explaining_one_enterprise_loads_no_data_engine():
    script = (
        "import sys, peiyu.policy.explain, peiyu.policy.rulebooks;"
        "print(*{'django', 'duckdb', 'pandas', 'polars', 'pyarrow'} & sys.modules.keys())"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(PEIYU.parent)},
    )
    assert loaded.stdout.split() == []


@pytest.mark.parametrize("file", LAW, ids=lambda file: file.stem)
def test_the_law_holds_no_float_and_no_division(file):
    inexact = [
        f"{file.name}:{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(file.read_text()))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]
    assert inexact == []


def test_no_file_names_the_host_of_a_package_registry():
    hosts = re.compile(rb"\b(pypi|pythonhosted|npmjs|debian)\.(com|net|org)\b")
    named = [
        f"{file.relative_to(HOUSE)}: {found[0].decode()}"
        for file in tracked_files()
        if file.is_file() and file.suffix != ".whl"
        for found in hosts.finditer(file.read_bytes())
    ]
    assert named == []


def test_decisions_are_numbered_without_gap_or_double():
    pages = sorted((HOUSE / "docs/decisions").glob("*.md"))
    assert [page.name[:5] for page in pages] == [f"{n:04}-" for n in range(1, len(pages) + 1)]


def test_every_target_of_make_says_what_it_does():
    makefile = (HOUSE / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    helped = set(re.findall(r"^([a-z-]+):.* ## \S", makefile, re.MULTILINE))
    assert phony == helped == set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_the_version_is_the_same_wherever_it_is_said():
    said = re.search(r'__version__ = "(.+)"', (PEIYU / "__init__.py").read_text())[1]
    assert said == PROJECT["project"]["version"]
