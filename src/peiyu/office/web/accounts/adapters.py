"""What the office asks of the log-in (django-allauth, django-axes) and writes into the log."""

from __future__ import annotations

import hashlib
import unicodedata
from base64 import urlsafe_b64encode
from ipaddress import ip_address
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import lazy

from peiyu.office.accounts.models import User
from peiyu.office.accounts.models.people import ADMINISTRATORS
from peiyu.office.accounts.passwords import ONE_TIME, objections
from peiyu.office.foundation import access_log
from peiyu.office.foundation.models import AccessKind
from peiyu.office.web.templatetags.say import language, said
from peiyu.words import mark, message

lazily = lazy(said, str)
WAYS = {
    "password": mark("密码"),
    "mfa": mark("第二因素"),
    "socialaccount": mark("统一身份认证"),
    "demo": mark("演示登录"),
}
"""How one may have shown who one is."""
NOWHERE = "0.0.0.0"  # noqa: S104  an address that is none, not one to listen at


def address_of(request: HttpRequest) -> str:
    """The caller's network address; behind our own proxies as the outermost of them says.

    Who speaks past the proxies, or forges what they say, is known by their own address.
    """
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    said_ = hops[-proxies] if 0 < proxies <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(said_.strip()))
    except ValueError:
        return NOWHERE


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name that is tried, so that its spelling opens no further tries."""
    name = (credentials or {}).get("username") or request.POST.get("login", "")
    return unicodedata.normalize("NFKC", str(name)).casefold().strip()[:150]


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The page after too many tries of one name from one address."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    context = {"minutes": minutes, "tries": settings.AXES_FAILURE_LIMIT}
    return render(request, "account/locked.html", context, status=429)


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; who comes, goes or fails stands in the log."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": lazily(
            mark("用户名或密码不对。请核对；连续5次不对，15分钟内不能再试")
        ),
        "too_many_login_attempts": lazily(mark("连续5次不对，请15分钟后再试")),
        "incorrect_password": lazily(mark("密码不对，请重新输入")),
        "incorrect_code": lazily(mark("验证码不对或已用过，请输入最新的")),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The caller's address."""
        return address_of(request)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from the security administrator."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes counts tries by name and address, never by one of them alone."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A try that failed."""
        locked = getattr(request, "axes_locked_out", False)
        access_log.log(
            AccessKind.FAILED,
            name=str(credentials.get("username", "")),
            address=address_of(request),
            detail="locked" if locked else "password",
        )

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """A password that was given by the administrator and not used in time opens nothing."""
        given_at = user.password_set_at
        late = given_at is not None and timezone.now() - given_at > ONE_TIME
        if user.is_active and user.must_change_password and late:
            access_log.log(
                AccessKind.FAILED,
                actor=user,
                address=address_of(request),
                detail="one-time password out of date",
            )
            messages.error(request, said(message("一次性密码已过期，请安全保密管理员重新发放")))
            return redirect("account_login")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """Someone comes in."""
        super().login(request, user)
        ways = {str(way.get("method")) for way in get_authentication_records(request, user)}
        access_log.log(
            AccessKind.LOGIN,
            actor=user,
            address=address_of(request),
            detail="、".join(WAYS[way] for way in WAYS if way in ways),
        )

    def logout(self, request: HttpRequest, detail: str = "") -> None:
        """Someone goes."""
        if isinstance(request.user, User):
            access_log.log(
                AccessKind.LOGOUT, actor=request.user, address=address_of(request), detail=detail
            )
        super().logout(request)

    def clean_password(self, password: str, user: User | None = None) -> str:
        """The house's rules, in its words."""
        for objection in objections(password, user):
            raise ValidationError(objection.say(language()))
        return password


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Keys of second factors lie enciphered; an administrator keeps at least one."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": lazily(mark("验证码不对或已用过，请输入最新的")),
        "cannot_delete_authenticator": lazily(
            mark("三员必须有第二因素。请先添加另一种，再停用这一种")
        ),
    }

    def encrypt(self, text: str) -> str:
        """Under a key made from the secret of this installation."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The counterpart."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of an administrator, where they need one."""
        person = authenticator.user
        if person.duty not in ADMINISTRATORS or not settings.ADMINISTRATORS_NEED_SECOND_FACTOR:
            return True
        others = Authenticator.objects.filter(user_id=person.pk).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def _get_user_identifier(self, user: User) -> str:
        """The name to log in with; a mail address is nobody's business."""
        return user.username


class OneDoor(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The city's single sign-on opens accounts that exist; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Accounts come from the security administrator."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """At the first time the person is found by username; from then on by the city's own number.

        So a username that the city gives to somebody else later opens nothing here.
        """
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        name = unicodedata.normalize("NFKC", str(claims.get("preferred_username") or "")).strip()
        person = (
            User.objects.filter(username__iexact=name, is_active=True).first() if name else None
        )
        taken = person is not None and SocialAccount.objects.filter(user_id=person.pk).exists()
        if person is None or taken:
            access_log.log(
                AccessKind.FAILED,
                name=name,
                address=address_of(request),
                detail="single sign-on: known by another number" if taken else "single sign-on",
            )
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", status=403))
        sociallogin.account.user = sociallogin.user = person
        sociallogin.account.extra_data = {}
        sociallogin.account.save()


def _cipher() -> Fernet:
    key = hashlib.sha256(f"second factors:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(urlsafe_b64encode(key))
