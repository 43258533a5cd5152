"""The log-in: refusals, second factor, lock-out, idle people, passwords to change, sessions."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from peiyu.office.accounts.models import Duty, Role, User
from peiyu.office.foundation.models import AccessKind, AccessLine
from peiyu.office.web import middleware
from tests.office.factories import administrator, again, person

pytestmark = pytest.mark.django_db
PASSWORD = "Kalte Füße 7"
HOSTILE = [
    "\x00",
    "a\x00b",
    "\x07\x1b[31m",
    "x" * 10_000,
    "😀" * 40,
    "' OR 1=1 --",
    "{{ 7*7 }}{% load say %}",
    "<script>alert(1)</script>",
    "\u202egnp.exe",
]


@pytest.fixture(autouse=True)
def _no_memory():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def officer():
    return with_password(person(Role.TOWN_OFFICER))


def with_password(one):
    one.set_password(PASSWORD)
    one.password_set_at = timezone.now()
    one.save()
    return one


def log_in(client, name, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": name, "password": password}, **more)


def me(client):
    """Whose page it is; None when the log-in is shown instead."""
    answer = client.get(reverse("account"))
    return answer.context["me"] if answer.status_code == 200 else None


def kinds():
    return list(AccessLine.objects.order_by("id").values_list("kind", flat=True))


def test_the_page_says_what_is_needed(client):
    page = client.get(reverse("account_login")).content.decode()
    assert "用户名" in page and "密码" in page
    assert "注册" not in page and "Sign" not in page


def test_who_has_not_logged_in_is_led_to_the_log_in_and_back(client, officer):
    answer = client.get(reverse("people"))
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert b'name="next" value="/people/"' in page.content
    back = client.post(
        answer.url, {"login": officer.username, "password": PASSWORD, "next": "/people/"}
    )
    assert back.url == "/people/"


def test_nobody_is_led_elsewhere(client, officer):
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = client.post(
            reverse("account_login"),
            {"login": officer.username, "password": PASSWORD, "next": elsewhere},
        )
        assert answer.url == "/"
        client.logout()


def test_name_and_password_open_and_stand_in_the_log(client, officer):
    log_in(client, officer.username.upper())
    assert me(client) == officer
    client.post(reverse("account_logout"))
    assert me(client) is None
    lines = list(AccessLine.objects.order_by("id"))
    assert [line.kind for line in lines] == [AccessKind.LOGIN, AccessKind.LOGOUT]
    assert {line.actor for line in lines} == {officer}
    assert {line.address for line in lines} == {"127.0.0.1"}
    assert lines[0].detail == "密码"


@pytest.mark.parametrize("wrong", ["", "wrong password", PASSWORD.lower()])
def test_a_wrong_password_opens_nothing(client, officer, wrong):
    answer = log_in(client, officer.username, wrong)
    assert answer.status_code == 200
    assert me(client) is None
    assert kinds() == ([AccessKind.FAILED] if wrong else [])


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(client, officer):
    unknown = log_in(client, "nobody", "wrong").context["form"].errors
    wrong = log_in(client, officer.username, "wrong").context["form"].errors
    assert unknown == wrong


def test_who_has_left_does_not_come_in(client, officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    log_in(client, officer.username)
    assert me(client) is None
    assert AccessKind.LOGIN not in kinds()


def test_who_leaves_while_logged_in_is_out_at_once(client, officer):
    log_in(client, officer.username)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert me(client) is None


def test_nobody_signs_up(client):
    for name in (
        "account_signup",
        "account_reset_password",
        "account_email",
        "socialaccount_signup",
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("/accounts/signup/", "/signup/", "/login/city/nowhere/login/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("field", ["login", "password", "next"])
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_get_a_clear_answer(client, officer, field, value):
    given = {"login": officer.username, "password": "wrong", field: value}
    answer = client.post(reverse("account_login"), given)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert me(client) is None


@pytest.mark.parametrize("header", ["HTTP_USER_AGENT", "HTTP_ACCEPT", "HTTP_X_FORWARDED_FOR"])
def test_hostile_headers_get_a_clear_answer(client, officer, header):
    for value in ("x" * 5000, "' OR 1=1", "{{ 7 }}"):
        assert log_in(client, officer.username, "wrong", **{header: value}).status_code in (
            200,
            429,
        )
        assert log_in(client, officer.username, **{header: value}).status_code in (302, 429)
        client.post(reverse("account_logout"))


def test_a_forwarded_address_counts_only_behind_our_own_proxies(client, officer, settings):
    log_in(client, officer.username, "wrong", HTTP_X_FORWARDED_FOR="203.0.113.9")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    log_in(client, officer.username, "wrong", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.9")
    addresses = AccessLine.objects.order_by("id").values_list("address", flat=True)
    assert list(addresses) == ["127.0.0.1", "203.0.113.9"]


# lock-out


def fail(client, name, times=5, **more):
    return [log_in(client, name, "wrong", **more).status_code for _ in range(times)]


def test_five_wrong_tries_close_the_door_for_this_name_from_here(client, officer):
    assert fail(client, officer.username) == [200, 200, 200, 200, 429]
    answer = log_in(client, officer.username)
    assert answer.status_code == 429
    assert "15分钟" in answer.content.decode()
    assert me(client) is None
    assert AccessLine.objects.order_by("id").last().detail == "locked"


def test_spelling_the_name_otherwise_opens_no_further_tries(client, officer):
    fail(client, officer.username, 3)
    fail(client, officer.username.upper(), 1)
    assert fail(client, f" {officer.username} ", 1) == [429]


def test_others_at_the_same_address_still_come_in(client, officer):
    for number in range(6):
        fail(client, f"nobody{number}")
    log_in(client, officer.username)
    assert me(client) == officer


def test_the_same_name_still_comes_in_from_elsewhere(client, officer):
    fail(client, officer.username, REMOTE_ADDR="203.0.113.9")
    log_in(client, officer.username)
    assert me(client) == officer


def test_a_success_forgets_the_failures(client, officer):
    fail(client, officer.username, 4)
    log_in(client, officer.username)
    client.post(reverse("account_logout"))
    assert fail(client, officer.username, 4) == [200] * 4


def test_the_door_opens_again_after_a_quarter_of_an_hour(client, officer):
    from axes.models import AccessAttempt  # noqa: PLC0415

    fail(client, officer.username)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    log_in(client, officer.username)
    assert me(client) == officer


def test_tries_during_the_lock_do_not_prolong_it(client, officer):
    from axes.models import AccessAttempt  # noqa: PLC0415

    fail(client, officer.username)
    before = AccessAttempt.objects.get().attempt_time
    fail(client, officer.username, 2)
    assert AccessAttempt.objects.get().attempt_time == before


def test_tried_passwords_are_kept_nowhere(client, officer):
    from axes.models import AccessAttempt  # noqa: PLC0415

    log_in(client, officer.username, "a secret mistyped")
    assert "mistyped" not in str(AccessAttempt.objects.values()) + str(AccessLine.objects.values())


# second factor


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_app(one):
    secret = generate_totp_secret()
    client = Client()
    client.force_login(one)
    client.get(reverse("account"))  # an address, so that the adapter knows a request
    TOTP.activate(one, secret)
    return secret


def test_an_app_is_set_up_and_asked_for(client, officer):
    log_in(client, officer.username)
    there = client.get(reverse("mfa_activate_totp"))
    assert there.status_code == 302 and reverse("account_reauthenticate") in there.url
    client.post(there.url, {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    kept = Authenticator.objects.get(user=officer, type="totp")
    assert secret not in str(kept.data)
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert len(codes.context["unused_codes"]) == 10

    cache.clear()
    fresh = Client()
    answer = log_in(fresh, officer.username)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert me(fresh) is None
    assert fresh.get(answer.url).status_code == 200
    assert fresh.post(answer.url, {"code": "000000"}).status_code == 200
    assert me(fresh) is None
    fresh.post(answer.url, {"code": code_of(secret)})
    assert me(fresh) == officer
    assert AccessLine.objects.order_by("id").last().detail == "密码、第二因素"
    assert AccessLine.objects.filter(detail="second factor", kind=AccessKind.FAILED).exists()


def test_a_code_is_used_once(officer):
    secret = with_app(officer)
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client, officer.username)
    code = code_of(secret)
    first.post(reverse("mfa_authenticate"), {"code": code})
    second.post(reverse("mfa_authenticate"), {"code": code})
    assert me(first) == officer
    assert me(second) is None


def test_a_recovery_code_opens_once(officer):
    with_app(officer)
    codes = RecoveryCodes.activate(officer).get_unused_codes()
    for wanted in (officer, None):
        client = Client()
        log_in(client, officer.username)
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert me(client) == wanted


def test_codes_are_not_guessed(client, officer):
    secret = with_app(officer)
    log_in(client, officer.username)
    for _ in range(6):
        client.post(reverse("mfa_authenticate"), {"code": "12"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert me(client) is None


@pytest.mark.parametrize("code", ["", *HOSTILE])
def test_hostile_codes_get_a_clear_answer(client, officer, code):
    with_app(officer)
    log_in(client, officer.username)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert me(client) is None


@pytest.mark.parametrize(
    "credential",
    ["", "null", "[]", "{}", '{"id": 1}', "{{", "\x00", '{"response":{"userHandle":"😀"}}'],
)
def test_hostile_passkeys_get_a_clear_answer(client, credential):
    asked = client.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json")
    assert "request_options" in asked.json()
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer.status_code in (200, 302)
    assert me(client) is None


def test_an_administrator_sets_up_a_second_factor_first(client, settings):
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = True
    keeper = with_password(administrator(Duty.SECURITY))
    log_in(client, keeper.username)
    for page in ("people", "account", "bodies"):
        assert client.get(reverse(page)).url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    with_app(keeper)
    cache.clear()
    assert client.get(reverse("people")).status_code == 200


def test_an_administrator_does_not_give_up_the_last_second_factor(client, settings):
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = True
    keeper = with_password(administrator(Duty.SECURITY))
    secret = with_app(keeper)
    cache.clear()
    log_in(client, keeper.username)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    again_ = client.get(reverse("mfa_deactivate_totp"))
    client.post(again_.url, {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=keeper, type="totp").exists()


def test_others_do_without(client, officer, settings):
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = True
    log_in(client, officer.username)
    assert me(client) == officer


# idle


def pass_time(client, minutes):
    session = client.session
    session[middleware.SEEN] = int(time.time()) - minutes * 60 - 1
    session.save()


@pytest.mark.parametrize(
    ("duty", "minutes", "stays"),
    [
        (Duty.OFFICE, 29, True),
        (Duty.OFFICE, 30, False),
        (Duty.SECURITY, 30, False),
        (Duty.ENTERPRISE, 59, True),
        (Duty.ENTERPRISE, 60, False),
    ],
)
def test_idle_people_are_logged_out(client, duty, minutes, stays):
    one = with_password(person(duty=duty))
    log_in(client, one.username)
    client.get(reverse("account"))
    pass_time(client, minutes)
    assert (me(client) == one) is stays
    assert (AccessLine.objects.filter(kind=AccessKind.LOGOUT, detail="idle").count() == 0) is stays


def test_the_idle_come_back_to_the_same_page_without_a_warning(client, officer):
    log_in(client, officer.username)
    client.get(reverse("account"))
    pass_time(client, 31)
    answer = client.get("/people/", {"q": "张"})
    assert parse_qs(urlsplit(answer.url).query) == {"next": ["/people/?q=%E5%BC%A0"]}
    page = client.get(answer.url)
    assert list(page.context["messages"]) == []


def test_an_idle_fragment_moves_the_whole_window(client, officer):
    log_in(client, officer.username)
    client.get(reverse("account"))
    pass_time(client, 31)
    answer = client.get(
        "/people/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/people/?page=2"
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/login/?next=%2Fpeople%2F%3Fpage%3D2"


def test_a_page_does_not_write_the_session_each_time(
    client, officer, django_assert_max_num_queries
):
    log_in(client, officer.username)
    client.get(reverse("account"))
    with django_assert_max_num_queries(40) as seen:
        client.get(reverse("account"))
    assert not [query for query in seen.captured_queries if query["sql"].startswith("UPDATE")]


# passwords


def test_a_one_time_password_is_changed_first(client, officer):
    User.objects.filter(pk=officer.pk).update(must_change_password=True)
    log_in(client, officer.username)
    assert client.get(reverse("people")).url == reverse("me_password")
    assert client.get(reverse("me_password")).status_code == 200
    new = "Neu ist es jetzt"
    client.post(reverse("me_password"), {"old": PASSWORD, "new": new, "again": new})
    assert client.get(reverse("people")).status_code == 200


def test_a_one_time_password_is_good_for_three_days(client, officer):
    late = timezone.now() - timedelta(days=3, minutes=1)
    User.objects.filter(pk=officer.pk).update(must_change_password=True, password_set_at=late)
    answer = log_in(client, officer.username)
    assert answer.url == reverse("account_login")
    assert me(client) is None


def test_an_old_password_is_changed_first(client, officer):
    long_ago = timezone.now() - timedelta(days=181)
    User.objects.filter(pk=officer.pk).update(password_set_at=long_ago)
    log_in(client, officer.username)
    assert client.get(reverse("people")).url == reverse("me_password")


def test_changing_the_password_ends_the_other_sessions(client, officer):
    other = Client()
    log_in(client, officer.username)
    log_in(other, officer.username)
    new = "Neu ist es jetzt"
    client.post(reverse("me_password"), {"old": PASSWORD, "new": new, "again": new})
    assert me(client) == officer
    assert me(other) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"old": "wrong"}, "old"),
        ({"new": "short", "again": "short"}, "new"),
        ({"new": PASSWORD, "again": PASSWORD}, "new"),
        ({"again": "Neu ist es nicht"}, "again"),
        ({"new": "x" * 10_000, "again": "x" * 10_000}, "new"),
        ({"new": "a\x00b" * 9, "again": "a\x00b" * 9}, "new"),
    ],
)
def test_a_refused_password_says_why_at_its_field(client, officer, given, field):
    log_in(client, officer.username)
    new = "Neu ist es jetzt"
    answer = client.post(
        reverse("me_password"), {"old": PASSWORD, "new": new, "again": new, **given}
    )
    assert field in answer.context["form"].errors
    assert again(officer).check_password(PASSWORD)


def test_wrong_old_passwords_count_as_tries(client, officer):
    log_in(client, officer.username)
    new = "Neu ist es jetzt"
    given = {"old": "wrong", "new": new, "again": new}
    assert [client.post(reverse("me_password"), given).status_code for _ in range(5)][-1] == 429


# sessions


def test_sessions_are_listed_and_ended(officer):
    here, there = Client(HTTP_USER_AGENT="本机浏览器"), Client(HTTP_USER_AGENT="Telefon")
    for client in (here, there):
        log_in(client, officer.username)
    page = here.get(reverse("usersessions_list"))
    assert page.context["session_count"] == 2
    assert "Telefon" in page.content.decode()
    here.post(reverse("usersessions_list"))
    assert me(here) == officer
    assert me(there) is None


def test_nobody_sees_the_sessions_of_another(officer):
    other = with_password(person(Role.TAX))
    clients = [Client(), Client()]
    for client, one in zip(clients, (officer, other), strict=True):
        log_in(client, one.username)
    assert clients[0].get(reverse("usersessions_list")).context["session_count"] == 1
