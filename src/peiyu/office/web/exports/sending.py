"""A list that is written for who asks, sent, and noted in the log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.http import FileResponse, HttpRequest

from peiyu.office.accounts.models import User
from peiyu.office.desk import exports
from peiyu.office.foundation import access_log
from peiyu.office.foundation.files import tidied
from peiyu.office.foundation.models import AccessKind
from peiyu.office.web.accounts.adapters import address_of

MOST_DETAIL = 500


def sent_list(
    request: HttpRequest, person: User, form: str, write: Callable[[Path], int], *,
    label: str, name: str, detail: str,
) -> FileResponse:  # fmt: skip
    """What `write` puts into a file, under a name; nothing stays on the disk.

    `write` gives how many it told of, which the log says with what was asked (`detail`) of which rows.
    """
    target = exports.temporary(form)
    try:
        number = write(target)
        content = target.open("rb")
    finally:
        target.unlink()  # what is open can still be read
    access_log.log(
        AccessKind.EXPORT, actor=person, address=address_of(request), label=label,
        detail=f"{number} {form} {detail}"[:MOST_DETAIL],
    )  # fmt: skip
    answer = FileResponse(content, as_attachment=True, filename=tidied(f"{name}.{form}"))
    answer["Cache-Control"] = "no-store"
    return answer
