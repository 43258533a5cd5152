"""Uniting two entries of one enterprise, with all that the rooms hold of it."""

from __future__ import annotations

from datetime import date

from peiyu.office.accounts.models import User
from peiyu.office.assessments.actions import carry_over as assessments
from peiyu.office.enterprises.actions import merge
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.portfolio.actions import carry_over as evidence
from peiyu.office.qualifications.actions import carry_over as qualifications
from peiyu.office.reports.actions import carry_over as figures

ALSO = (figures, evidence, qualifications, assessments)


def merge_entries(
    absorbed: Enterprise, *, into: Enterprise, on: date, reason: str, actor: User
) -> Enterprise:
    """Unite them; see `merge` for who the enterprise is, and each room for what it brings over."""
    return merge(absorbed, into=into, on=on, reason=reason, actor=actor, also=ALSO)
