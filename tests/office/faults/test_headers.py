"""What every answer tells the browser, whatever it asks for; and askers whose headers are nonsense."""

import json
import re

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from peiyu.office.web.middleware import SEEN
from tests.office.factories import person
from tests.office.faults.hostile import SCRIPT, asked, pages, trouble
from tests.office.matrix import BACKEND, World

NONSENSE = [
    "",
    "\x7f\x01",
    ("长" * 50).encode().decode("latin-1"),
    "A" * 20_000,
    SCRIPT,
    "{{7*7}}",
    "%00%ff",
    "'; DROP TABLE x; --",
    "-1",
    "0" * 400,
    ";;;,,,==",
    "../../etc/passwd",
]
HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "Authorization", "Cookie", "Referer", "Origin", "User-Agent",
    "Range", "If-None-Match", "If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
    "HX-Request", "HX-Target", "HX-Current-URL", "HX-Trigger", "HX-Prompt", "X-CSRFToken",
    "X-HTTP-Method-Override", "Content-Type", "Content-Length",
)  # fmt: skip
PLACES = ("/login/", "/", "/enterprises/", "/api/v1/enterprises", "/portal/", "/nothing/")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def seen(world):
    return pages(world)


def test_every_page_forbids_what_no_page_needs(seen):
    told = []
    for _, role, address, answer in seen:
        headers = answer.headers
        policy = headers.get("Content-Security-Policy", "")
        if "sandbox" not in policy:
            told += [
                f"{address}: {one}"
                for one in ("default-src 'none'", "frame-ancestors 'none'")
                if one not in policy
            ]
        if "unsafe" in policy or "*" in policy or re.search(r"(?<!data:)\bhttps?:", policy):
            told.append(f"{address}: {policy}")
        for name, value in {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "X-Frame-Options": "DENY",
        }.items():
            if headers.get(name) != value:
                told.append(f"{address}: {name} is {headers.get(name)}")
        if "camera=()" not in headers.get("Permissions-Policy", ""):
            told.append(f"{address}: no permissions policy")
        kept = headers.get("Cache-Control", "")
        if role != "anonymous" and not ("private" in kept or "no-store" in kept):
            told.append(f"{address} ({role}): Cache-Control is {kept!r}")
        if (
            role != "anonymous"
            and headers.get("Content-Type", "").startswith("text/html")
            and "no-store" not in kept
        ):
            told.append(f"{address} ({role}): a shared computer keeps it: {kept!r}")
    assert not told, "\n".join(told)


def test_no_page_has_what_its_policy_forbids(seen):
    told = []
    for _, _, address, answer in seen:
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        told += [
            f"{address}: {found[:120]}"
            for found in re.findall(
                r"<[a-z][^>]*\s(?:on[a-z]+|style)=[^>]*>|<style[ >]|javascript:", answer.text
            )
        ]
        told += [
            f"{address}: {found[:120]}"
            for found in re.findall(
                r"<script(?![^>]*(?:src=\"/|nonce=|application/json))[^>]*>", answer.text
            )
        ]
    assert not told, "\n".join(told[:20])


@pytest.mark.django_db
def test_over_https_cookies_stay_there():
    with override_settings(
        SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000, SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True,
    ):  # fmt: skip
        client = Client()
        assert client.get("/login/")["Location"].startswith("https://")
        answer = client.get("/login/", secure=True)
        assert "max-age=31536000" in answer["Strict-Transport-Security"]
        assert answer.cookies["csrftoken"]["secure"]
        assert answer.cookies["csrftoken"]["samesite"] == "Lax"
        client.force_login(person("bureau_officer"), backend=BACKEND)
        session = client.get("/", secure=True).cookies[settings.SESSION_COOKIE_NAME]
        assert (session["httponly"], session["samesite"], session["secure"]) == (True, "Lax", True)


@pytest.mark.django_db
@pytest.mark.parametrize("address", PLACES)
def test_nonsense_in_a_header_breaks_nothing(world, address):
    told = []
    for number, name in enumerate(HEADERS):
        for value in NONSENSE[number % 3 :: 3]:
            if name == "Content-Length":
                value = re.sub(r"\D", "", value) or "x"
            answer = asked(world, "bureau_officer", "get", address, headers={name.lower(): value})
            if said := trouble(answer):
                told.append(f"{name} {value[:20]!r}: {said[:700]}")
    assert not told, "\n\n".join(told[:12])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host",
    ["evil.example", "a b", "testserver@evil.example", "[::1", "长"],
)
def test_another_host_is_nobody_here(host):
    for address in ("/login/", "/api/v1/me", "/", "/portal/public/"):
        answer = Client().get(address, headers={"host": host})
        assert answer.status_code == 400, address
        if address.startswith("/api/"):
            assert json.loads(answer.content)["code"] == "unreadable"
        else:
            assert "这个请求读不懂" in answer.content.decode()


@pytest.mark.django_db
def test_a_browser_idle_for_long_is_told_in_json_by_the_api():
    client = Client()
    client.force_login(person("bureau_officer"), backend=BACKEND)
    assert client.get("/api/v1/me").status_code == 200
    session = client.session
    session[SEEN] = 1
    session.save()
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (
        401,
        "application/json",
    )
    assert json.loads(answer.content)["code"] == "unknown"


@pytest.mark.django_db
def test_who_must_first_change_the_password_is_told_in_json_by_the_api(monkeypatch):
    client = Client()
    client.force_login(person("bureau_officer"), backend=BACKEND)
    monkeypatch.setattr("peiyu.office.web.middleware.must_change", lambda *_: True)
    assert client.get("/api/v1/me").status_code == 401
    assert client.get("/enterprises/")["Location"] == reverse("me_password")
