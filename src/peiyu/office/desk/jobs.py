"""Long work of the desk: walking through the record, writing large lists."""

from __future__ import annotations

from peiyu.office.desk.export_requests import stored_export
from peiyu.office.desk.models import ExportRequest
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.jobs import Progress, job
from peiyu.office.foundation.models import StoredFile
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.verification import verify
from peiyu.words import mark

VERIFY = "desk.verify_record"


@job(mark("核验记录"))
def verify_record(progress: Progress) -> None:
    """Walk the whole record; fails with the first thing that is not as it was written."""
    found = verify()
    if found.altered is not None:
        raise Refused(found.altered.message)
    outcome = {"links": found.links, "waiting": found.waiting, "head": found.head}
    progress.advance(found.lines, found.lines, checkpoint=outcome)


@job(mark("导出"))
def export_list(progress: Progress, request: int, address: str, lang: str) -> StoredFile:
    """Write what was approved as the one who asked for it sees it today."""
    asked = ExportRequest.objects.select_related("asked_by").get(pk=request)
    stored = stored_export(asked, on=office_day(), at=office_now(), address=address, lang=lang)
    progress.advance(asked.rows, asked.rows)
    return stored


JOBS = {"export": export_list, "verify_record": verify_record}
