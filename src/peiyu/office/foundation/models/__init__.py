"""The tables of the foundation."""

from peiyu.office.foundation.models.days import CalendarYear, OfficeDay
from peiyu.office.foundation.models.files import Attached, StoredFile
from peiyu.office.foundation.models.imports import (
    ImportBatch,
    ImportMapping,
    ImportRow,
    ImportState,
    RowOutcome,
)
from peiyu.office.foundation.models.jobs import Job, JobState, LastRun
from peiyu.office.foundation.models.record import (
    AccessKind,
    AccessLine,
    DayHead,
    RecordKey,
    RecordLine,
    RecordLink,
    RecordSecret,
    RecordTail,
)
from peiyu.office.foundation.models.search import SearchTerm
from peiyu.office.foundation.models.sources import Source, SourceKind

__all__ = [
    "AccessKind",
    "AccessLine",
    "Attached",
    "CalendarYear",
    "DayHead",
    "ImportBatch",
    "ImportMapping",
    "ImportRow",
    "ImportState",
    "Job",
    "JobState",
    "LastRun",
    "OfficeDay",
    "RecordKey",
    "RecordLine",
    "RecordLink",
    "RecordSecret",
    "RecordTail",
    "RowOutcome",
    "SearchTerm",
    "Source",
    "SourceKind",
    "StoredFile",
]
