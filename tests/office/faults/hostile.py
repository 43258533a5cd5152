"""What hostile people type: values, forms found on the pages, and posting them as raw bytes."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes, urlsplit

from bs4 import BeautifulSoup, Tag
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from peiyu.office.accounts.models import Duty, Role
from tests.office.matrix import OWN, World, addresses, fill

SCRIPT = "<script>alert(7)</script>"
MARKED = "\"'><img src=x onerror=alert(7)>"
DANGEROUS = {
    "empty": b"",
    "nul": b"a\0b",
    "no utf-8": b"\xff\xfe\x80",
    "surrogate": b"\xed\xa0\x80",
    "long": "长".encode() * 10_000,
    "huge": b"9" * 400,
    "beyond 64 bits": b"9223372036854775808",
    "script": SCRIPT.encode(),
}
"""These every single field gets, the others being filled in as they should."""
BATTERY = DANGEROUS | {
    "spaces": " \t\u3000\n".encode(),
    "controls": b"\x01\x08\x0b\x1b[31m\x7f",
    "bidi": "甲\u202e乙\u2066丙\u200b\ufeff".encode(),
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️".encode(),
    "beyond the plane": "𠮷\U0010ffff\ufffe".encode(),
    "combining": b"a" + "\u0301".encode() * 300,
    "mark": MARKED.encode(),
    "template": b"{{900719925|add:1}}{% load static %}{% include 'base.html' %}${900719925+1}<%= 900719925+1 %>",
    "template broken": b"{% for %}{{ {# ",
    "format": b"%s%n%d {0.__class__} {name!r:>99999} %(a)s",
    "formula": b"=1+1",
    "formula called": b"@SUM(1+1)*cmd|' /C calc'!A0",
    "typst": b'#eval("1") #read("/etc/passwd") $ x $ *b* _i_ `c` @a <l>',
    "sql": b"'; DROP TABLE accounts_user; --",
    "sql comment": b"1 OR 1=1/*\\'",
    "full text": b'"NEAR(a b" AND * : ^ - NOT',
    "path": b"../../../etc/passwd\0.txt",
    "lines": b"a\r\nSet-Cookie: x=1\r\n\r\n<html>",
    "script address": b"javascript:alert(7)",
    "negative": b"-1",
    "negative huge": b"-9223372036854775809",
    "exponent": b"1e999",
    "nan": b"NaN",
    "infinity": b"-Infinity",
    "fraction": b"0.0000000000000000000000001",
    "other digits": "٣٤௧２".encode(),
    "day zero": b"0000-00-00",
    "last day": b"9999-12-31",
    "first day": b"0001-01-01",
    "no day": b"2019-02-30",
    "list": b"[1,2,3]",
    "dict": b'{"$ne": null, "__proto__": {}}',
    "null": b"null",
}
"""All fields at once get each of these."""
ACTED_AS = (
    Role.BUREAU_OFFICER, Role.BUREAU_HEAD, Role.TOWN_OFFICER, Role.TAX, Role.OWNER, Role.AGENCY,
    Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT, "anonymous",
)  # fmt: skip
"""Between them they see every form."""
ENOUGH = 1
"""Roles for which one page is opened; another sees hardly another form."""
NOT_PRESSED = re.compile(r"^/(logout|login/city|me/sessions)/")
DAY_SHOWN = "2019-06-17"
SENSE = {
    "phone": "19900001235",
    "code": "91419001MAX1LX27Q9",
    "name": "荻鹬装备有限公司",
    "username": "someone.new",
    "industry": "3599",
    "field": "801",
    "legal_form": "limited",
    "email": "a@b.cn",
}
"""What fields of these names are glad of."""
ANEW = {"after", "before", "next", "on", "order", "page", "q", "size", "state", "tab"}
"""Names of a query that are tried on every page, were they asked or not."""


@dataclass
class Form:
    """A form of a page: where it goes, whether with files, what it asks and what would be fine."""

    action: str
    files: bool
    role: str
    page: str
    fields: dict[str, bytes] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)

    @property
    def kind(self) -> tuple[object, ...]:
        """Forms of one kind need not all be tried."""
        try:
            route = resolve(urlsplit(self.action).path).route
        except Resolver404:
            route = self.action
        return route, tuple(sorted(self.fields)), self.files

    def sent(self, values: list[tuple[str, bytes]], world: World, **headers: str) -> Answer:
        """Post these values; take back whatever it did after having looked at the result."""
        body, kind = multipart(values) if self.files else (urlencoded(values), FORM)
        return asked(world, self.role, "post", self.action, data=body, content_type=kind, **headers)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what the page said to which it led."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)


FORM = "application/x-www-form-urlencoded"
PARTS = b"-----------------------------parts"


def some(number: int, of: dict[str, bytes], count: int) -> list[tuple[str, bytes]]:
    """So many of the values, others for each number, so that all come to be used."""
    listed = list(of.items())
    return [
        listed[(number * count + step) % len(listed)] for step in range(min(count, len(listed)))
    ]


def urlencoded(values: list[tuple[str, bytes]]) -> bytes:
    """Names and values as a browser sends them, whatever their bytes."""
    pairs = (
        f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in values
    )
    return "&".join(pairs).encode()


def multipart(
    values: list[tuple[str, bytes]], files: list[tuple[str, bytes, bytes]] | None = None
) -> tuple[bytes, str]:
    """The same with files: field, name of the file, content."""
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (PARTS, name.encode(), value)
        for name, value in values
    ]
    for name, file, content in files or []:
        parts.append(
            b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
            b"Content-Type: application/octet-stream\r\n\r\n%s\r\n"
            % (PARTS, name.encode(), file, content)
        )
    return b"".join(
        parts
    ) + b"--%s--\r\n" % PARTS, f"multipart/form-data; boundary={PARTS.decode()}"


def asked(world: World, role: str, method: str, address: str, **more: Any) -> Answer:
    """Ask, follow where it leads, take everything back; an exception counts as 500."""
    client: Client = world.clients[role]
    client.raise_request_exception = True
    kept = SimpleCookie(client.cookies.output(header="", sep=";"))
    more.setdefault("headers", {})
    more["headers"] = {"host": "testserver", **more["headers"]}
    try:
        with transaction.atomic():
            found = getattr(client, method)(address, **more)
            status, text, headers = found.status_code, text_of(found), dict(found.headers)
            if status in (302, 303) and headers["Location"].startswith("/"):
                then = client.get(headers["Location"], headers={"host": "testserver"})
                text += text_of(then)
                status = max(status, then.status_code) if then.status_code >= 500 else status
            transaction.set_rollback(True)
    except Exception:
        return Answer(599, traceback.format_exc()[-1500:])
    finally:
        client.cookies = kept
    return Answer(status, text, headers)


def text_of(found: Any) -> str:
    """The answer as text."""
    content = b"".join(found.streaming_content) if found.streaming else found.content
    return content.decode("utf-8", "replace")


def pages(world: World) -> list[tuple[str, str, str, Answer]]:
    """Every page, as the first of `ACTED_AS` who may see it: pattern, role, address, answer."""
    found = []
    for pattern, _, names in addresses():
        opened = 0
        for role in ACTED_AS:
            address = fill(pattern, world.arguments(pattern, names, role, OWN))
            if NOT_PRESSED.match(address) or opened == ENOUGH:
                continue
            answer = asked(world, role, "get", address)
            if answer.status == 200 or answer.status >= 500:
                opened += 1
                found.append((pattern, role, address, answer))
    return found


def forms(seen: list[tuple[str, str, str, Answer]]) -> list[Form]:
    """The forms that post on these pages, one of each kind."""
    found: dict[object, Form] = {}
    for _, role, address, answer in seen:
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        soup = BeautifulSoup(answer.text, "html.parser")
        for drawn in soup.find_all("form"):
            post = drawn.get("hx-post") or (
                str(drawn.get("method", "")).lower() == "post" and (drawn.get("action") or address)
            )
            if not post or NOT_PRESSED.match(str(post)):
                continue
            one = Form(str(post), drawn.get("enctype") == "multipart/form-data", role, address)
            controls = drawn.find_all(["input", "select", "textarea", "button"])
            if drawn.get("id"):
                controls += soup.select(f'[form="{drawn["id"]}"]')
            for control in controls:
                _take(one, control)
            found.setdefault(one.kind, one)
    return list(found.values())


def _take(form: Form, control: Tag) -> None:
    name = str(control.get("name") or "")
    if not name or name == "csrfmiddlewaretoken":
        return
    kind = str(control.get("type") or control.name)
    if kind == "file":
        form.uploads.append(name)
        return
    if kind in ("checkbox", "radio", "button", "submit"):
        form.fields.setdefault(name, str(control.get("value") or "on").encode())
        return
    form.fields[name] = _fine(control, kind).encode()


def _fine(control: Tag, kind: str) -> str:
    name = str(control.get("name"))
    if kind == "select":
        chosen = control.find("option", selected=True)
        values = [str(one.get("value") or "") for one in control.find_all("option")]
        if isinstance(chosen, Tag) and chosen.get("value"):
            return str(chosen["value"])
        return next(filter(None, reversed(values)), "")
    given = control.get_text() if kind == "textarea" else str(control.get("value") or "")
    if given:
        return given
    if name in SENSE:
        return SENSE[name]
    usual = {"date": DAY_SHOWN, "number": "5", "email": "a@b.cn", "url": "https://a.example/"}
    return usual.get(kind, "荻鹬装备有限公司")


def queries(seen: list[tuple[str, str, str, Answer]]) -> dict[tuple[str, str], set[str]]:
    """For each page the names its forms and links put into the query: (role, address) → names."""
    found: dict[str, tuple[tuple[str, str], set[str]]] = {}
    for pattern, role, address, answer in seen:
        (_, names) = found.setdefault(pattern, ((role, address), set(ANEW)))
        soup = BeautifulSoup(answer.text, "html.parser")
        for drawn in soup.find_all("form"):
            if str(drawn.get("method", "get")).lower() == "get":
                names.update(str(one["name"]) for one in drawn.select("[name]"))
        for link in soup.select("[href*='?'], [hx-get*='?']"):
            to = urlsplit(str(link.get("href") or link.get("hx-get")))
            if to.path in ("", address):
                names.update(name for name, _ in parse_qsl(to.query, keep_blank_values=True))
    return dict(found.values())


def is_data(answer: Answer) -> bool:
    """Whether a browser shows it as data and not as a page."""
    return answer.headers.get("Content-Type", "").startswith("application/json")


def trouble(answer: Answer) -> str:
    """What is wrong with an answer; empty if nothing."""
    if answer.status >= 500:
        return f"{answer.status}: {answer.text[-900:]}"
    if is_data(answer):
        return "" if answer.headers.get("X-Content-Type-Options") == "nosniff" else "may be sniffed"
    if SCRIPT in answer.text or MARKED in answer.text:
        at = max(answer.text.find(SCRIPT), answer.text.find(MARKED))
        return f"raw on the page: …{answer.text[max(0, at - 100) : at + 60]}"
    if "900719926" in answer.text:
        return "a template was evaluated"
    return ""
