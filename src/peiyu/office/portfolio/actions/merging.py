"""What becomes of evidence when two entries of one enterprise are united."""

from __future__ import annotations

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.portfolio.actions.entries import as_kept
from peiyu.office.portfolio.flags import recount
from peiyu.office.portfolio.models import KINDS, IpContact, IpUse, Paper
from peiyu.words import message


@transaction.atomic
def carry_over(gone: Enterprise, kept: Enterprise, *, actor: User) -> None:
    """Rows that only the absorbed entry has, the kept one has from now on, from the same sources.

    Where both have a row of one key the kept one's stands; the other can still be read on the
    absorbed entry. Uses, papers and contacts move over. Part of uniting: the right was asked there.
    """
    why = message("由并入的“{name}”转来", name=gone.name).say()
    for kind in KINDS:
        theirs = list(kind.objects.standing().filter(enterprise=gone))
        if theirs:
            as_kept(kind.table, theirs, of=kept, reason=why, actor=actor)
    _uses(gone, kept)
    held = {(paper.table, paper.key) for paper in Paper.objects.filter(enterprise=kept)}
    for paper in Paper.objects.filter(enterprise=gone, removed_on=None):
        if (paper.table, paper.key) not in held:
            paper.enterprise = kept
            paper.save(update_fields=["enterprise"])
    sides = set(kept.ip_contacts.filter(until_on=None).values_list("side", flat=True))
    IpContact.objects.filter(enterprise=gone, until_on=None).exclude(side__in=sides).update(
        enterprise=kept
    )
    recount([kept], office_day())


def _uses(gone: Enterprise, kept: Enterprise) -> None:
    """Uses by the one are uses by the other; what both have stands once."""
    who = kept.code or kept.name
    own = IpUse.objects.filter(enterprise=kept, withdrawn_on=None)
    there = set(own.values_list("number", "used_on"))
    for use in IpUse.objects.filter(enterprise=gone):
        if use.withdrawn_on is None and (use.number, use.used_on) in there:
            use.withdrawn_on = office_day()
        use.enterprise, use.used_by = kept, who
        use.save(update_fields=["enterprise", "used_by", "withdrawn_on"])
