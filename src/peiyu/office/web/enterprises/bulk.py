"""What is done with the chosen lines of the list: seen first, then done, taken back if need be."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from peiyu.office.accounts.models import User
from peiyu.office.desk.bulk import Bulk, assign_coach, take_back
from peiyu.office.desk.permissions import may_export
from peiyu.office.desk.views import tidy_query
from peiyu.office.enterprises.models import Enterprise, Mandate
from peiyu.office.enterprises.permissions import is_bureau
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.answers import REFUSED, done, keys_of, me, not_done, or_404
from peiyu.office.web.enterprises.forms import Assigned
from peiyu.words import message

UNDO_WITHIN = timedelta(minutes=30)
SALT = "enterprises.bulk"


@login_required
@require_POST
def enterprises_bulk(request: HttpRequest) -> HttpResponse:
    """POST `chosen`, `act` (coach, export), `back`; `step` of an assignment: ask, try, do."""
    person = me(request)
    or_404(not person.access.is_administrator)
    keys = keys_of(request.POST.getlist("chosen"))
    back = f"{reverse('enterprises')}?{tidy_query(request.POST.get('back', ''))}"
    chosen = list(Enterprise.objects.visible_to(person).filter(pk__in=keys).order_by("name", "pk"))
    if not chosen:
        return not_done(request, Refused(message("没有选中企业。请先在行首打勾")), back)
    act = request.POST.get("act")
    if act == "export":
        or_404(may_export(person))
        listed = ",".join(str(enterprise.pk) for enterprise in chosen)
        return redirect(
            f"{reverse('enterprises_export')}?{urlencode({'chosen': listed, 'as': 'xlsx'})}"
        )
    if act != "coach":
        raise Http404
    or_404(is_bureau(person))
    return _assign(request, person, chosen, back)


def _assign(
    request: HttpRequest, person: User, chosen: list[Enterprise], back: str
) -> HttpResponse:
    on, step = person.access.on, request.POST.get("step", "ask")
    form = Assigned(request.POST if step in ("try", "do") else None, on=on, initial={"from_on": on})
    tried: Bulk | None = None
    if step in ("try", "do") and form.is_valid():
        given = form.cleaned_data
        found = assign_coach(chosen, **given, actor=person, only_try=step == "try")
        if step == "do" and found.made:
            token = signing.dumps([person.pk, [m.pk for _, m in found.made]], salt=SALT)
            what = message(
                "已指派{name}辅导{number}家", name=given["person"].name, number=len(found.made)
            )
            return done(request, what, back, undo=reverse("enterprises_bulk_undo", args=[token]))
        tried = found
    context = {
        "form": form,
        "chosen": chosen,
        "tried": tried,
        "back": back,
        "query": request.POST.get("back", "")[:4000],
    }
    return render(
        request, "enterprises/assign.html", context, status=REFUSED if form.errors else 200
    )


@login_required
@require_POST
def enterprises_bulk_undo(request: HttpRequest, token: str) -> HttpResponse:
    """Take back what was just done: one's own, within half an hour."""
    person, back = me(request), reverse("enterprises")
    try:
        by, keys = signing.loads(token, salt=SALT, max_age=UNDO_WITHIN)
    except signing.SignatureExpired:
        late = message("已过{number}分钟，不能一并撤回。请到各企业的“人员”页逐项撤销", number=30)
        return not_done(request, Refused(late), back)
    except signing.BadSignature:
        raise Http404 from None
    or_404(by == person.pk)
    mandates = Mandate.objects.filter(pk__in=keys).select_related("enterprise", "person")
    try:
        number = take_back(
            mandates,
            on=person.access.on,
            reason=message("撤回成批指派").say(),
            actor=person,
        )
    except Refused as refusal:
        return not_done(request, refusal, back)
    return done(request, message("已撤回{number}项指派", number=number), back)
