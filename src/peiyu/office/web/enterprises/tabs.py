"""The tabs on the page of an enterprise. A room that comes later adds its own here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from peiyu.office.accounts.models import User
from peiyu.office.assessments.permissions import may_read_assessment
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.portfolio.permissions import may_read_evidence
from peiyu.office.reports.permissions import may_read_figures
from peiyu.words import mark

Sees = Callable[[User, Enterprise], bool]


def everyone(person: User, enterprise: Enterprise) -> bool:
    """Whoever sees the enterprise."""
    return True


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of the file: the name of its page, the word, who sees it."""

    page: str
    label: str
    sees: Sees = everyone


TABS = (
    Tab("enterprise", mark("概览")),
    Tab("enterprise_people", mark("人员")),
    Tab("enterprise_years", mark("年度数据"), may_read_figures),
    Tab("enterprise_evidence", mark("证据"), may_read_evidence),
    Tab("assessment", mark("测评"), may_read_assessment),
    Tab("enterprise_qualifications", mark("证书与资格")),
    Tab("enterprise_papers", mark("文书"), may_read_figures),
    Tab("enterprise_notes", mark("备注与文件")),
    Tab("enterprise_history", mark("历史")),
    Tab("enterprise_record", mark("记录")),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A tab as drawn."""

    label: str
    href: str
    current: bool
    number: int | None = None


def tabs_of(enterprise: Enterprise, person: User, current: str) -> list[Shown]:
    """The tabs that this person sees, with a mark at the present one."""
    return [
        Shown(tab.label, reverse(tab.page, args=[enterprise.pk]), tab.page == current)
        for tab in TABS
        if tab.sees(person, enterprise)
    ]
