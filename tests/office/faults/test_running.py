"""The web server itself under broken requests, large bodies and bombs: a clear answer, little memory."""

# ruff: noqa: E501  bytes as they go over the line

import io
import zipfile

import pytest

from tests.office.faults.hostile import multipart
from tests.office.faults.served import serving

MEGABYTE = 1 << 20
TOKEN = ("csrfmiddlewaretoken", b"a" * 32)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("running") / "home") as found:
        yield found


def upload(office, name, content, title=b"paper"):
    body, kind = multipart([TOKEN, ("title", title)], [("file", name, content)])
    address = f"/enterprises/{office.enterprise}/files/new/"
    return office.ask(address, "official", method="POST", body=body, Content_Type=kind)


def bomb():
    """A workbook of a few kilobytes that would be sixty megabytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        for number in range(3):
            packed.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * (20 * MEGABYTE))
        packed.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


def entities():
    """A workbook whose text unfolds without end."""
    made = io.BytesIO()
    lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", lol + "]><Types>&j;</Types>")
        packed.writestr("xl/workbook.xml", lol + "]><workbook>&j;</workbook>")
    return made.getvalue()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nshort",
        b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999999999999999999\r\n\r\n",
        b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nabc",
        b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
        b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        b"GET /%00%ff%c0%af../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /login/ HTTP/1.1\r\nHost: localhost\r\nX: "
        + b"y" * 500_000
        + b"\r\nConnection: close\r\n\r\n",
        b"GET /login/ HTTP/1.1\r\nHost: localhost\r\n"
        + b"X: y\r\n" * 5000
        + b"Connection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0" * 1000,
        b"PROPFIND / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\nabc",
    ],
    ids=range(17),
)
def test_broken_requests_break_nothing(office, sent):
    answer = office.raw(sent, patience=2)
    first = answer.partition(b"\r\n")[0]
    assert not first or first.split()[1] < b"500", answer[:600]
    assert b"Traceback" not in answer
    assert office.ask("/login/")[0] == 200


def test_fifty_megabytes_are_taken_and_more_is_refused_with_the_limit(office):
    before = office.memory
    held = []
    for size, expected in ((49, 303), (51, 422), (60, 413)):
        status, _, text = upload(
            office, b"large.txt", b"a line of text\n" * (size * MEGABYTE // 15)
        )
        held.append(office.memory)
        assert status == expected, (size, text[:500])
        if expected == 422:
            assert "50" in text
        if expected == 413:
            assert "传的内容太大" in text
    assert max(held) - before < 200 * MEGABYTE, [before, *held]
    assert office.ask("/", "official")[0] == 200


def test_a_form_without_files_takes_five_megabytes_and_three_thousand_fields_at_most(office):
    form = "application/x-www-form-urlencoded"
    token = f"csrfmiddlewaretoken={'a' * 32}"
    address = f"/enterprises/{office.enterprise}/notes/new/"
    status, _, text = office.ask(
        address,
        "official",
        method="POST",
        body=f"{token}&text={'a' * 6 * MEGABYTE}",
        Content_Type=form,
    )
    assert status == 413 and "传的内容太大" in text
    status, _, text = office.ask(
        address, "official", method="POST", body=token + "&x=1" * 3000, Content_Type=form
    )
    assert status == 400 and "这个请求读不懂" in text


@pytest.mark.parametrize("make", [bomb, entities])
def test_a_workbook_that_swells_is_refused_in_words(office, make):
    before = office.memory
    status, _, text = upload(office, b"swells.xlsx", make())
    assert status == 422, text[:400]
    assert office.memory - before < 100 * MEGABYTE


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"../../../etc/passwd.txt", "passwd.txt"),
        (b"C:\\windows\\win.txt", "win.txt"),
        (b"a\0b.txt", ".txt"),
        ("x\u202etxt.exe.txt".encode(), ".txt"),
        (b"<script>alert(7)</script>.txt", "alert(7)"),
        (b"=cmd()|x.txt", "x.txt"),
        (b"\xff\xfe.txt", ".txt"),
        (b"." * 300 + b".txt", ""),
        ("长".encode() * 2000 + b".txt", ""),
        (b"", ""),
        (b"a\r\nSet-Cookie: x=1.txt", ""),
        (b'a"; filename="b.txt', ""),
    ],
)  # fmt: skip
def test_hostile_file_names_do_no_harm(office, name, shown):
    status, _, text = upload(office, name, b"a text\n", title=f"t{len(name)}".encode())
    assert status in (303, 400, 422), text[:500]
    page = office.ask(f"/enterprises/{office.enterprise}/notes/", "official")[2]
    assert "<script>alert(7)" not in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    "body",
    [b"", b"--", b"--x\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n", b"--x\r\n\r\n\r\n--x--",
     b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--',
     b'--x\r\nContent-Disposition: form-data; name="' + b"n" * 5000 + b'"\r\n\r\n1\r\n--x--'],
    ids=range(7),
)  # fmt: skip
@pytest.mark.parametrize("boundary", ["x", "", "y" * 300])
def test_bad_parts_are_refused(office, body, boundary):
    status, _, text = office.ask(
        f"/enterprises/{office.enterprise}/files/new/", "official", method="POST", body=body,
        Content_Type=f"multipart/form-data; boundary={boundary}", X_CSRFToken="a" * 32,
    )  # fmt: skip
    assert 400 <= status < 500, text[:300]


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 50_000, b"1" * 100_000, b'"\\ud800"', b"NaN"]
)
def test_deep_json_finds_no_door(office, body):
    for address in ("/api/v1/me", "/api/v1/enterprises"):
        status, headers, _ = office.ask(
            address, "official", method="POST", body=body, Content_Type="application/json"
        )
        assert (status, headers["content-type"].partition(";")[0]) == (405, "application/json")
