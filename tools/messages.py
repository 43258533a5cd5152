"""Gather what the code says in Chinese and keep its English beside it.

`messages.py` writes the catalogue and its compiled form; `--check` only says what is behind.
"""

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

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
}

HOUSE = Path(__file__).parents[1]
SOURCE = HOUSE / "src"
CATALOGUE = SOURCE / "peiyu/locale/en/LC_MESSAGES/peiyu.po"
COMPILED = CATALOGUE.with_suffix(".mo")
ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # the format wants one; only git knows the true one


def sentences() -> Iterator[str]:
    """What the code says, in the order of the code; also what stands within an f-string."""
    for file in sorted(SOURCE.rglob("*.py")):
        module = ast.parse(file.read_text("utf-8"))
        calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            name = call.func.attr if isinstance(call.func, ast.Attribute) else name
            for said in call.args[KEYWORDS.get(name, slice(0))]:
                for choice in (said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,):
                    text = choice.value if isinstance(choice, ast.Constant) else None
                    if isinstance(text, str) and ("{" in text or not text.isascii()):
                        yield text


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
        for file, content in ((CATALOGUE, text), (COMPILED, binary))
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
