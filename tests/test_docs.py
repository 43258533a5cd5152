"""What the pages say is true: links open, commands parse, quoted output is what comes out."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from peiyu.cli import peiyu
from peiyu.demo.workbook import write_city
from peiyu.policy import facts
from peiyu.policy.rulebooks import RULEBOOKS
from tools import picture

HOUSE = Path(__file__).parents[1]
PAGES = [*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md"), *HOUSE.glob("changelog.d/*.md")]
GUIDE = sorted(HOUSE.glob("docs/guide/*.md"))
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "⋮"
LARGEST_PICTURE = 150_000
PNG = b"\x89PNG\r\n\x1a\n"


def name_of(page):
    return str(page.relative_to(HOUSE))


def blocks(page):
    """The commands of a page with the output quoted below each, ⋮ standing for what is left out."""
    found = []
    for kind, text in FENCED.findall(page.read_text("utf-8")):
        for line in text.splitlines() if kind == "console" else ():
            if line.startswith("$ "):
                found.append((line[2:].partition("  #")[0].strip(), []))
            else:
                found[-1][1].append(line)
    return found


def all_blocks(first):
    """Every distinct command whose first words are these, with all that any page quotes of it."""
    found = {}
    for page in PAGES:
        for command, quoted in blocks(page):
            if command.startswith(first):
                found.setdefault(command, []).append((name_of(page), quoted))
    return found


def said_in_order(quoted, output):
    """Does the output hold the quoted pieces one after the other; else the first that it lacks."""
    at = 0
    for line in quoted:
        for piece in line.split(LEFT_OUT):
            found = output.find(piece.rstrip(), at)
            if found < 0:
                return piece
            at = found + len(piece.rstrip())
    return None


def anchors(page):
    """The headings of a page as addresses within it."""
    heads = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_opens(page):
    text = FENCED.sub("", page.read_text("utf-8"))
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        opened = (page.parent / path).resolve() if path else page
        if not opened.exists() or (anchor and anchor not in anchors(opened)):
            broken.append(target)
    assert broken == []


def test_the_guide_stands_in_both_languages():
    names = {page.name for page in GUIDE}
    chinese = {name for name in names if not name.endswith(".en.md")}
    assert names == chinese | {name.replace(".md", ".en.md") for name in chinese}


def understood(line):
    """Whether the command knows every word of this line."""
    command, words = peiyu, shlex.split(line)
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    _, left, _ = command.make_parser(click.Context(command)).parse_args(words)
    return not left


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_in_a_sentence_or_to_be_typed_is_understood(page):
    text = page.read_text("utf-8")
    said = re.findall(r"`peiyu ([a-z][^`]*)`", FENCED.sub("", text))
    for kind, typed in FENCED.findall(text):
        if kind in ("sh", "ini"):
            said += re.findall(r"(?:^|[ /])peiyu ([a-z].*)$", typed, re.MULTILINE)
    assert [line for line in said if not understood(line)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_variable_that_a_page_names_is_read(page):
    readers = ("office/config/environment.py", "batch/engines/duck.py")
    environment = "".join((HOUSE / "src/peiyu" / file).read_text("utf-8") for file in readers)
    read = {*re.findall(r"PEIYU_[A-Z]+", environment), "PEIYU_SECRET", "PEIYU_TEST"}
    assert set(re.findall(r"PEIYU_[A-Z]+", page.read_text("utf-8"))) <= read


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_target_of_make_that_a_page_names_is_there(page):
    there = re.findall(r"^([a-z]+):", (HOUSE / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"(?:`|^\$ )make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    assert set(named) <= set(there)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder as the reader has it: the pages beside it, the demo city in out/."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "docs").symlink_to(HOUSE / "docs")
    (folder / "out").mkdir()
    write_city(folder / "out/demo-city.xlsx")
    return folder


@pytest.mark.parametrize("command", sorted(all_blocks("peiyu ")))
def test_a_command_prints_what_is_quoted(command, desk, monkeypatch):
    monkeypatch.chdir(desk)
    done = CliRunner().invoke(peiyu, shlex.split(command)[1:], prog_name="peiyu")
    assert done.exit_code in (0, 1), done.output
    for page, quoted in all_blocks("peiyu ")[command]:
        assert said_in_order(quoted, done.output) is None, page


def test_the_demo_prints_what_is_quoted(tmp_path):
    own = {
        name: said for name, said in os.environ.items() if not name.startswith(("PEIYU", "DJANGO"))
    }
    command = [sys.executable, "-m", "peiyu.cli", "demo", "--build-only"]
    done = subprocess.run(
        command, cwd=tmp_path, env=own, capture_output=True, text=True, check=True
    )
    for page, quoted in all_blocks("make demo")["make demo"]:
        assert said_in_order(quoted, done.stdout) is None, page


def test_make_help_prints_what_is_quoted():
    done = subprocess.run(["make", "help"], cwd=HOUSE, capture_output=True, text=True, check=True)
    for page, quoted in all_blocks("make help")["make help"]:
        assert said_in_order(quoted, done.stdout) is None, page


@pytest.mark.parametrize("lang", ["", ".en"])
def test_the_guide_names_every_column(lang):
    said = (HOUSE / f"docs/guide/data{lang}.md").read_text("utf-8")
    for table in facts.TABLES:
        part = said.partition(f" `{table.name}`\n")[2].partition("\n###")[0]
        lacking = [fact.name for fact in table if f"| `{fact.name}` |" not in part]
        assert not lacking, f"{table.name}: {lacking}"


@pytest.mark.parametrize("lang", ["", ".en"])
def test_the_guide_names_every_condition_and_reading(lang):
    pages = [HOUSE / f"docs/guide/{name}{lang}.md" for name in ("rules", "programmes")]
    said = "".join(page.read_text("utf-8") for page in pages)
    for book in RULEBOOKS.values():
        names = {criterion.id for criterion in book.criteria}
        for switch in book.switches:
            names |= {switch.name, *(reading for reading, _ in switch.readings)}
        assert not [name for name in names if f"`{name}`" not in said]


@pytest.mark.parametrize("lang", picture.PICTURES)
def test_the_picture_shows_what_is_printed_and_asks_no_other_machine(lang):
    drawn = (picture.DOCS / picture.PICTURES[lang]).read_text("utf-8")
    assert drawn == picture.drawn_in(lang), "behind the code: .venv/bin/python tools/picture.py"
    assert not re.search(r"https?:|//|@import|href", drawn.replace(picture.NAMESPACE, ""))


@pytest.mark.parametrize("lang", picture.PHOTOS)
def test_the_picture_of_the_office_is_small(lang):
    taken = (picture.DOCS / picture.PHOTOS[lang]).read_bytes()
    assert taken.startswith(PNG)
    assert len(taken) < LARGEST_PICTURE, ".venv/bin/python tools/picture.py"
