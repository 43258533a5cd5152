"""Long work of the room: making papers."""

from __future__ import annotations

from typing import Any

from peiyu.office.foundation.jobs import Progress, job
from peiyu.office.notices.issuing import issue
from peiyu.words import mark


@job(mark("制发文书"))
def issue_paper(progress: Progress, **asked: Any) -> None:
    """Make one paper and issue it under the next number."""
    issue(progress, asked)


JOBS = {"issue": issue_paper}
