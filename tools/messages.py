"""Gather what the code says in Chinese and keep its English beside it.

`messages.py` writes the catalogue and its compiled form; `--check` only says what is behind.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

# What marks a sentence, and which of its arguments holds one (none named: the first).
KEYWORDS = {
    "message": None,
    "mark": None,
    "say": None,
    "translate": None,
    "_": None,
    "_heads": tuple(range(2, 16)),
}

HOUSE = Path(__file__).parents[1]
SOURCE = HOUSE / "src"
CATALOGUE = SOURCE / "peiyu/locale/en/LC_MESSAGES/peiyu.po"
COMPILED = CATALOGUE.with_suffix(".mo")
ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # the format wants one; only git knows the true one


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
    for _, _, text, comments, _ in extract_from_dir(SOURCE, keywords=KEYWORDS):
        entry = known.get(text)
        catalogue.add(text, entry.string if entry else "", auto_comments=comments)
    return catalogue


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

    wanting = [str(entry.id) for entry in catalogue if entry.id and not entry.string]
    if wanting:
        print(f"{len(wanting)} of {len(catalogue)} without English in {CATALOGUE.name}, the first:")
        print(*(f"  {sentence}" for sentence in wanting[:10]), sep="\n")
    return int(check and bool(behind or wanting))


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
