"""Between the log-in and the pages: language, idle people, passwords to change, second factors."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from peiyu.office.accounts.models import Duty, User
from peiyu.office.accounts.models.people import ADMINISTRATORS
from peiyu.office.accounts.passwords import must_change
from peiyu.office.foundation.kinds import Limits
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.templatetags.say import said
from peiyu.office.web.views.errors import bad_request, refused, too_large
from peiyu.words import mark

IDLE = timedelta(minutes=30)
"""After this long without a page officials and administrators are logged out."""
IDLE_OUTSIDE = timedelta(minutes=60)
"""Enterprises fill in long forms."""
NOTED = 60
"""Seconds within which a further page is not written down."""
LARGEST = Limits().size + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
"""Bytes of a request; what is larger is refused before it is read."""
PIECE = 1 << 16
TAKEN_IN = 4 * LARGEST
"""Of what is refused so much is still taken off the line; then it is cut."""
NOT_READ = (400, 413)
SEEN = "seen"
ALWAYS_OPEN = frozenset({"account_logout", "language"})
PASSWORD = ALWAYS_OPEN | {"me_password"}
SECOND_FACTOR = PASSWORD | {"account_reauthenticate"}


class Guard:
    """Stands before each page of someone who has logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The person's own language, then the page, of which a shared computer keeps nothing."""
        if _length(request) > LARGEST:
            _take_in(request)
            return too_large(request)
        if isinstance(request.user, User):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        answer = self.get_response(request)
        if answer.status_code in NOT_READ:
            _take_in(request)
        if isinstance(request.user, User) and not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)
        return answer

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """What has to be done before the page is shown, if anything."""
        person = request.user
        if not isinstance(person, User):
            return None
        page = request.resolver_match.url_name if request.resolver_match else None
        first = (
            self.idle(request, person, page)
            or self.password(request, person, page)
            or self.second_factor(request, person, page)
        )
        if first is not None and getattr(view, "for_programs", False):
            request.user = AnonymousUser()  # a program is not led elsewhere: it is told 401
            return None
        return first

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """A refusal is said, also by a page that did not expect one; a day beyond all calendars is none."""
        if isinstance(problem, Refused):
            return refused(request, problem)
        return bad_request(request) if isinstance(problem, OverflowError) else None

    def idle(self, request: HttpRequest, person: User, page: str | None) -> HttpResponse | None:
        """Log out who has not been here for long; the log-in leads back to the same page."""
        now, seen = int(time.time()), request.session.get(SEEN)
        allowed = IDLE_OUTSIDE if person.duty == Duty.ENTERPRISE else IDLE
        if isinstance(seen, int) and now - seen > allowed.total_seconds():
            adapter: Any = get_adapter()
            adapter.logout(request, detail="idle")
            if page in ("account_login", "account_logout"):
                return None
            back = request.get_full_path() if request.method == "GET" else ""
            return _elsewhere(request, "account_login", back)
        if not isinstance(seen, int) or now - seen >= NOTED:
            request.session[SEEN] = now
        return None

    def password(self, request: HttpRequest, person: User, page: str | None) -> HttpResponse | None:
        """A password given by the administrator, or too old, is changed first; the demo has none."""
        if settings.DEMO or page in PASSWORD or not must_change(person, timezone.now()):
            return None
        return _elsewhere(request, "me_password", "")

    def second_factor(
        self, request: HttpRequest, person: User, page: str | None
    ) -> HttpResponse | None:
        """The three administrators set up a second factor first (outside the demo)."""
        if person.duty not in ADMINISTRATORS or not settings.ADMINISTRATORS_NEED_SECOND_FACTOR:
            return None
        if page in SECOND_FACTOR or (page or "").startswith("mfa_") or is_mfa_enabled(person):
            return None
        messages.warning(request, said(mark("三员须先设置第二因素，再办其他事")))
        return _elsewhere(request, "mfa_index", "")


def _take_in(request: HttpRequest) -> None:
    """The rest of what is sent, unread: a browser shows an answer only once it has sent all."""
    with suppress(OSError):
        for _ in range(TAKEN_IN // PIECE):
            if not request.read(PIECE):
                return


def _length(request: HttpRequest) -> int:
    given = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else 0


def _elsewhere(request: HttpRequest, page: str, back: str) -> HttpResponse:
    address = reverse(page)
    if request.headers.get("HX-Request") == "true":
        # the whole window goes, not the fragment that was asked for
        shown = request.headers.get("HX-Current-URL", "").partition(request.get_host())[2]
        query = (
            f"?{urlencode({'next': shown})}"
            if shown.startswith("/") and page == "account_login"
            else ""
        )
        return HttpResponse(status=204, headers={"HX-Redirect": address + query})
    return redirect(f"{address}?{urlencode({'next': back})}" if back else address)
