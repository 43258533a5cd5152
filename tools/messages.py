"""Gather what code, templates and dictionary say in Chinese and keep its English beside it.

`messages.py` writes the catalogue and its compiled form; `--check` only says what is behind.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from peiyu.policy.evidence import TABLES
from peiyu.policy.facts import BY_NAME
from peiyu.words import NUMBER

# The calls that say a sentence, and where among their arguments one may stand.
KEYWORDS = {
    "message": slice(1),
    "mark": slice(1),
    "say": slice(1),
    "translate": slice(1),
    "_": slice(1),
    "joined": slice(1),
    "_heads": slice(1, None),
    "Column": slice(1, 2),
    "Entry": slice(1, 2),
    "Status": slice(1, 2),
    "refuse": slice(1, 3),
}

HOUSE = Path(__file__).parents[1]
SOURCE = HOUSE / "src"
CATALOGUE = SOURCE / "peiyu/locale/en/LC_MESSAGES/peiyu.po"
# Floors ask for the first; Django, for what stands in gettext calls, for the second.
COMPILED = (CATALOGUE.with_suffix(".mo"), CATALOGUE.with_name("django.mo"))
ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # the format wants one; only git knows the true one


# A template says a sentence by its tag, and a label by its filter.
IN_TEMPLATES = re.compile(
    r"""{%\s*(?:say|status\s+"\w+")\s+(?:"([^"]+)"|'([^']+)')|(?:"([^"]+)"|'([^']+)')\s*\|\s*said\b"""
)
CHOICES = {"TextChoices", "IntegerChoices"}
STEP_LABEL = 4  # among the arguments of a `Step`


def sentences() -> Iterator[str]:
    """What the code says, in its order; then what the templates say."""
    for file in sorted(SOURCE.rglob("*.py")):
        yield from said_in_code(file.read_text("utf-8"))
    for file in sorted(SOURCE.rglob("templates/**/*.html")):
        yield from said_in_template(file.read_text("utf-8"))


def said_in_code(text: str) -> Iterator[str]:
    """The sentences and labels of a module, also what stands within an f-string."""
    tree = ast.parse(text)
    names = _named(tree)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call | ast.ClassDef)]
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        for said in _labels(node) if isinstance(node, ast.ClassDef) else _arguments(node):
            for words in _constants(said, names, node.lineno):
                if "{" in words or not words.isascii():
                    yield words


Named = dict[str, list[tuple[int, int, ast.expr]]]


def _named(tree: ast.Module) -> Named:
    """What each name of a function was given there: from which line to the function's last, and what."""
    found: Named = {}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        place = (node.lineno, function.end_lineno or node.lineno, node.value)
                        found.setdefault(target.id, []).append(place)
    return found


def _constants(said: ast.expr, names: Named, line: int) -> Iterator[str]:
    """The words of an argument: as it stands, either of two, or those that a name was given before."""
    if isinstance(said, ast.IfExp):
        yield from _constants(said.body, names, line)
        yield from _constants(said.orelse, names, line)
    elif isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield said.value
    elif isinstance(said, ast.Name):
        for first, last, value in names.get(said.id, ()):
            if first <= line <= last and not isinstance(value, ast.Name):
                yield from _constants(value, names, line)


def said_in_template(text: str) -> Iterator[str]:
    """The sentences of a template; what it says in English letters only needs no English."""
    for found in IN_TEMPLATES.finditer(text):
        words = next(filter(None, found.groups()))
        if "{" in words or not words.isascii():
            yield words


def _arguments(call: ast.Call) -> list[ast.expr]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else name
    if name == "Step":
        named = [keyword.value for keyword in call.keywords if keyword.arg == "label"]
        return call.args[STEP_LABEL : STEP_LABEL + 1] + named
    return call.args[KEYWORDS.get(name, slice(0))]


def _labels(choices: ast.ClassDef) -> list[ast.expr]:
    """The labels of a list of choices: `TOWN = "town", "镇"`."""
    bases = {base.attr if isinstance(base, ast.Attribute) else "" for base in choices.bases}
    bases |= {base.id for base in choices.bases if isinstance(base, ast.Name)}
    if bases.isdisjoint(CHOICES):
        return []
    return [
        line.value.elts[-1]
        for line in choices.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple)
    ]


def dictionary() -> Iterator[tuple[str, str]]:
    """Chinese and English of what the dictionaries of facts and of evidence name."""
    for table in (*BY_NAME.values(), *(table.facts for table in TABLES)):
        for fact in table:
            yield fact.chinese, fact.english
            yield from ((chinese, english) for _, chinese, english in fact.choices)
    for table in TABLES:
        yield table.title, table.english


def gathered() -> Catalog:
    """The catalogue as the code now needs it, with the English there is."""
    known = read_po(io.BytesIO(CATALOGUE.read_bytes() if CATALOGUE.exists() else b""))
    catalogue = Catalog(
        locale="en",
        project="peiyu",
        version="0",
        header_comment="# The English of what the code says in Chinese: `make messages`.",
        last_translator="peiyu",
        language_team="en",
        msgid_bugs_address="peiyu",
        creation_date=ANY_DAY,
        revision_date=ANY_DAY,
        fuzzy=False,
    )
    for text in sentences():
        entry = known.get(text)
        said = entry.string if entry else ""
        if NUMBER in text:  # one and many
            catalogue.add((text, text), (said, said) if isinstance(said, str) else said)
        else:
            catalogue.add(text, said if isinstance(said, str) else said[0])
    for chinese, english in dictionary():
        entry = known.get(chinese)
        catalogue.add(chinese, (entry.string if entry else "") or english)
    return catalogue


def wanting(catalogue: Catalog) -> list[str]:
    """The sentences that lack their English."""
    return [
        entry.id if isinstance(entry.id, str) else entry.id[0]
        for entry in catalogue
        if entry.id and not all([entry.string] if isinstance(entry.string, str) else entry.string)
    ]


def main(*, check: bool) -> int:
    """Write the catalogue, or only tell what is behind; tell what has no English."""
    catalogue = gathered()
    text, binary = io.BytesIO(), io.BytesIO()
    write_po(text, catalogue, width=100, no_location=True)
    write_mo(binary, catalogue)

    behind = [
        (file, content.getvalue())
        for file, content in ((CATALOGUE, text), *((file, binary) for file in COMPILED))
        if not file.exists() or file.read_bytes() != content.getvalue()
    ]
    if check and behind:
        print(f"Behind the code: {', '.join(file.name for file, _ in behind)}: `make messages`.")
    elif behind:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        for file, content in behind:
            file.write_bytes(content)

    lacking = wanting(catalogue)
    if lacking:
        print(f"{len(lacking)} of {len(catalogue)} without English in {CATALOGUE.name}, the first:")
        print(*(f"  {sentence}" for sentence in lacking[:10]), sep="\n")
    return int(check and bool(behind or lacking))


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
