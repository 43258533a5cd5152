"""What was typed into a row of an import: only what differs from what stood there is mended."""

from __future__ import annotations

from collections.abc import Mapping

from peiyu.office.accounts.models import User
from peiyu.office.foundation.imports import mend
from peiyu.office.foundation.models import ImportBatch
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.answers import key_of
from peiyu.office.web.imports.lines import Line, Typed
from peiyu.office.web.templatetags.say import language
from peiyu.words import message

LONGEST = 200
CELL = "cell-"


def of_several_years(batch: ImportBatch, line: Line) -> bool:
    """Is the row one of several years of a line of the file, for all of which it was said who it is."""
    row = line.row
    return batch.rows.filter(sheet=row.sheet, place=row.place).exclude(pk=row.pk).exists()


def mended(sent: Mapping[str, str], batch: ImportBatch, line: Line, person: User) -> Typed | None:
    """Mend the row; what was typed and why it is refused, None if it was done."""
    typed = {
        one.column: str(sent.get(CELL + one.column, one.stands)).replace("\0", "").strip()
        for one in line.inputs
    }
    cells = {
        one.column: typed[one.column] for one in line.inputs if typed[one.column] != one.stands
    }
    errors: dict[str, str] = {}
    too_long = message("最多{most}个字", most=LONGEST).say(language())
    errors |= {name: too_long for name, text in cells.items() if len(text) > LONGEST}
    target = key_of(sent.get("target", "")) if sent.get("target") else None
    known = {one.pk for one in line.candidates} | ({0} if line.may_be_nobody else set())
    if sent.get("target") and target not in known:
        errors[""] = message("请从列出的企业里选").say(language())
    elif not cells and target is None:
        errors[""] = message("没有改动；请先改格子，或选定企业").say(language())
    if not errors:
        try:
            mend(batch, line.row.number, cells, actor=person, target=target)
        except Refused as refusal:
            errors[refusal.field] = refusal.say(language())
    return Typed(line.row.number, typed, errors) if errors else None
