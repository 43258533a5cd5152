"""Pages of accounts in a real browser: no barrier, no overflow; a passkey opens the door."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from peiyu.office.accounts.models import BodyKind, Delegation, Duty, Role
from tests.office.browser import axe, log_in, overflow
from tests.office.factories import LONG_AGO, administrator, body, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.office.web.root")]
PASSWORD = "Kalte Füße 7"


@pytest.fixture(autouse=True)
def _no_memory():
    cache.clear()


@pytest.fixture
def keeper():
    return administrator(Duty.SECURITY)


@pytest.fixture
def officer():
    found = person(Role.TOWN_OFFICER, phone="13812345678", email="someone@jiyuan.example")
    found.set_password(PASSWORD)
    found.password_set_at = timezone.now()
    found.save()
    return found


def without_barrier(one, *addresses):
    found = {}
    for address in addresses:
        answer = one.goto(address)
        assert answer.status == 200, address
        if trouble := axe(one) or overflow(one):
            found[address] = trouble
    return found


def pages_of_the_keeper(other):
    there = body(BodyKind.CITY, unit="科技工信办公室")
    town = body(parent=there)
    return [
        reverse("people"),
        reverse("people") + "?q=nobody",
        reverse("person", args=[other.pk]),
        reverse("person_appoint", args=[other.pk]),
        reverse("person_leave", args=[other.pk]),
        reverse("person_add"),
        reverse("hand_over"),
        reverse("bodies"),
        reverse("body", args=[there.pk]),
        reverse("body_rename", args=[town.pk]),
        reverse("responsible_bodies"),
    ]


@pytest.mark.parametrize("device", ["page", "phone"])
def test_the_pages_of_the_keeper_have_no_barrier(request, device, keeper, officer):
    one = request.getfixturevalue(device)
    log_in(one, keeper)
    assert without_barrier(one, *pages_of_the_keeper(officer)) == {}


@pytest.mark.parametrize("device", ["page", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_ones_own_pages_have_no_barrier(request, device, language, officer):
    Delegation.objects.create(
        giver=officer,
        taker=person(),
        from_on=LONG_AGO,
        until_on=timezone.localdate(),
        reason="出差",
    )
    officer.language = language
    officer.save()
    one = request.getfixturevalue(device)
    log_in(one, officer)
    names = [
        "account",
        "me_password",
        "me_token_add",
        "me_delegate",
        "mfa_index",
        "usersessions_list",
    ]
    assert without_barrier(one, *map(reverse, names)) == {}


@pytest.mark.parametrize("device", ["page", "phone"])
def test_the_door_has_no_barrier(request, device):
    one = request.getfixturevalue(device)
    assert without_barrier(one, reverse("account_login")) == {}


def test_a_passkey_is_added_and_opens_the_door(page, officer, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(reverse("account_login"))
    page.fill("[name=login]", officer.username)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/login/'] button.btn-primary")
    page.goto(reverse("mfa_add_webauthn"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    page.fill("[name=name]", "笔记本")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    assert axe(page) == []
    page.goto(reverse("mfa_list_webauthn"))
    assert "笔记本" in page.content()
    assert axe(page) == []
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.click("#passkey_login")
    page.wait_for_url(f"{page.address}/")
    page.errors.clear()  # the first page of these addresses is a bare one, without an icon
    page.goto(reverse("account"))
    assert officer.name in page.content()


def test_the_picture_of_an_authenticator_app_is_shown(page, officer):
    page.goto(reverse("account_login") + "?next=" + reverse("mfa_activate_totp"))
    page.fill("[name=login]", officer.username)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/login/'] button.btn-primary")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 0
    assert axe(page) == []
