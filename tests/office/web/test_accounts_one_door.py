"""The city's single sign-on opens accounts that exist, by username once, then by its own number."""

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from peiyu.office.accounts.models import Role, User
from peiyu.office.foundation.models import AccessKind, AccessLine
from tests.office.factories import person

pytestmark = pytest.mark.django_db
ISSUER = "https://sso.example"


class City:
    """The single sign-on of a city, as far as the office asks it."""

    def __init__(self):
        self.claims = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def answer(self, value):
        return type("Answer", (), {
            "status_code": 200,
            "headers": {"content-type": "application/json"},
            "json": lambda _: value,
            "text": "",
            "raise_for_status": lambda _: None,
            "ok": True,
        })()  # fmt: skip

    def get(self, address, **_):
        if address.endswith("openid-configuration"):
            return self.answer({
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "userinfo_endpoint": f"{ISSUER}/userinfo",
                "jwks_uri": f"{ISSUER}/keys",
            })  # fmt: skip
        return self.answer(self.claims)

    def request(self, method, address, **_):
        token = {**self.claims, "iss": ISSUER, "aud": "office", "exp": 2**33, "iat": 0}
        return self.answer({
            "access_token": "a",
            "token_type": "Bearer",
            "id_token": jwt.encode(token, "k" * 32, "HS256"),
        })  # fmt: skip

    post = get


@pytest.fixture
def city(monkeypatch, settings):
    found = City()
    app = {"provider_id": "city", "name": "城", "client_id": "office", "secret": "s"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [{**app, "settings": {"server_url": ISSUER}}]}
    }
    monkeypatch.setattr(DefaultSocialAccountAdapter, "get_requests_session", lambda _: found)
    return found


def come(client, city, **claims):
    city.claims = claims
    client.logout()
    there = client.post(reverse("openid_connect_login", args=["city"]), {"next": "/me/"})
    assert there.url.startswith(f"{ISSUER}/authorize")
    state = parse_qs(urlsplit(there.url).query)["state"][0]
    back = reverse("openid_connect_callback", args=["city"])
    return client.get(back, {"code": "c", "state": state})


def me(client):
    answer = client.get(reverse("account"))
    return answer.context["me"] if answer.status_code == 200 else None


def test_the_log_in_offers_it(client, city):
    assert "统一身份认证" in client.get(reverse("account_login")).content.decode()


def test_a_person_is_found_by_username_and_then_by_number(client, city):
    one = person(Role.TAX)
    assert come(client, city, sub="17", preferred_username=one.username.upper()).url == "/me/"
    assert me(client) == one
    assert AccessLine.objects.get(kind=AccessKind.LOGIN).detail == "统一身份认证"
    User.objects.filter(pk=one.pk).update(username="renamed")
    come(client, city, sub="17", preferred_username="anything")
    assert me(client) == one


@pytest.mark.parametrize(
    "claims",
    [{}, {"preferred_username": "nobody"}, {"preferred_username": ""}, {"email": "a@b.example"}],
)
def test_nobody_is_created(client, city, claims):
    person(email="a@b.example")
    before = User.objects.count()
    assert come(client, city, sub="18", **claims).status_code == 403
    assert me(client) is None
    assert User.objects.count() == before
    assert AccessLine.objects.get().kind == AccessKind.FAILED


def test_a_username_that_went_to_somebody_else_opens_nothing(client, city):
    one = person(Role.TAX)
    come(client, city, sub="17", preferred_username=one.username)
    assert come(client, city, sub="99", preferred_username=one.username).status_code == 403
    assert me(client) is None
    assert SocialAccount.objects.get().uid == "17"


def test_who_has_left_does_not_come_in(client, city):
    one = person(Role.TAX)
    come(client, city, sub="17", preferred_username=one.username)
    User.objects.filter(pk=one.pk).update(is_active=False)
    come(client, city, sub="17", preferred_username=one.username)
    assert me(client) is None


def test_an_answer_nobody_asked_for_opens_nothing(client, city):
    back = reverse("openid_connect_callback", args=["city"])
    for query in ({}, {"code": "c"}, {"code": "c", "state": "forged"}, {"error": "x"}):
        assert client.get(back, query).status_code in (200, 302, 401, 403)
        assert me(client) is None
