"""The list of enterprises and the page of one, through the door."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.desk.models import ExportRequest, SavedView
from peiyu.office.enterprises.actions import add_contact, rename, write_note
from peiyu.office.enterprises.findable import index
from peiyu.office.enterprises.models import Enterprise, MandateKind
from peiyu.office.foundation.jobs import run
from peiyu.office.foundation.models import AccessKind, AccessLine
from peiyu.office.web.enterprises.listing import SIZE
from tests.office.factories import DAY, NOW, administrator, again, body, enterprise, mandate, person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
CITY = (
    Role.BUREAU_OFFICER,
    Role.BUREAU_HEAD,
    Role.FINANCE,
    Role.TAX,
    Role.IP_OFFICE,
    Role.STATISTICS,
    Role.LEADER,
)
ENGLISH = ("", "people/", "notes/", "history/", "record/", "edit/", "rename/", "code/", "move/",
           "close/", "merge/", "contacts/new/", "mandates/new/")  # fmt: skip
HOSTILE = (
    "", "0", "-1", "9" * 40, "x" * 10_000, "\0", "\u202e", "=1+1", "'\"<script>", "2019-13-45",
    "٣", "１", "{{7*7}}", "%00", "\ud7ff",
)  # fmt: skip


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def one(town):
    found = enterprise(
        "济源市荻鹬装备有限公司", town=town, code="91419001MA3XLX27Q1", industry="3599"
    )
    index(found)
    return found


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


def entered(client, who):
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize("role", CITY)
def test_whoever_works_for_the_city_finds_every_enterprise(client, role, one):
    assert one.name in text(entered(client, person(role)).get("/enterprises/"))
    assert client.get(f"/enterprises/{one.pk}/").status_code == 200


@pytest.mark.parametrize("tab", ["", "people/", "notes/", "history/", "record/"])
def test_another_town_does_not_know_it(client, one, town, tab):
    stranger = person(Role.TOWN_OFFICER)
    assert one.name not in text(entered(client, stranger).get("/enterprises/"))
    assert client.get(f"/enterprises/{one.pk}/{tab}").status_code == 404
    entered(client, person(Role.TOWN_OFFICER, town))
    assert client.get(f"/enterprises/{one.pk}/{tab}").status_code == 200


@pytest.mark.parametrize("kind", list(MandateKind))
@pytest.mark.parametrize("tab", ["", "people/", "notes/", "history/", "record/"])
def test_whom_it_is_open_to_reads_it_and_another_does_not(client, one, kind, tab):
    holder = person(duty=Duty.OFFICE if kind == "coach" else Duty.ENTERPRISE)
    mandate(one, holder, kind)
    other = enterprise()
    entered(client, again(holder))
    assert client.get(f"/enterprises/{one.pk}/{tab}").status_code == 200
    assert client.get(f"/enterprises/{other.pk}/{tab}").status_code == 404


@pytest.mark.parametrize("duty", [Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT])
def test_administrators_see_no_business(client, one, duty):
    entered(client, administrator(duty))
    for page in ("/enterprises/", "/enterprises/export/", "/enterprises/duplicates/", "/exports/",
                 "/enterprises/views/new/", f"/enterprises/{one.pk}/"):  # fmt: skip
        assert client.get(page).status_code == 404


def test_without_logging_in_there_is_only_the_log_in(client, one):
    for page in ("/enterprises/", f"/enterprises/{one.pk}/", "/registrations/", "/exports/"):
        answer = client.get(page)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/login/")


def test_filters_choose_and_show_as_chips(client, one, town, bureau):
    other = enterprise("济源市别家有限公司", town=body())
    said = text(entered(client, bureau).get("/enterprises/", {"town": town.pk, "lacks": "contact"}))
    assert one.name in said and other.name not in said
    assert "镇、街道：克井镇" in said and "1家" in said
    assert "?lacks=contact" in said
    said = text(client.get("/enterprises/", {"q": "别家", "status": "closed"}))
    assert "没有同时符合这些条件的企业" in said


def test_a_wrong_filter_is_said_and_nothing_is_listed(client, one, bureau):
    answer = entered(client, bureau).get("/enterprises/", {"founded_from": "gestern"})
    assert answer.status_code == 422
    assert "条件有误" in text(answer) and one.name not in text(answer)


def test_htmx_gets_the_results_alone_and_the_tidy_address(client, one, bureau):
    entered(client, bureau)
    whole = client.get("/enterprises/", {"q": "荻鹬", "town": ""})
    part = client.get("/enterprises/", {"q": "荻鹬", "zone": ""}, headers={"HX-Request": "true"})
    assert "<html" in text(whole) and "<html" not in text(part)
    assert 'id="results"' in text(whole) and 'id="results"' in text(part)
    assert part["HX-Push-Url"] == "/enterprises/?q=%E8%8D%BB%E9%B9%AC"
    assert one.name in text(part)


def test_pages_follow_each_other_and_meet_each_row_once(client, bureau):
    names = {enterprise(f"济源市第{n:03}家有限公司").name for n in range(SIZE * 2 + 3)}
    entered(client, bureau)
    seen, page = [], "/enterprises/?sort=-name"
    while page:
        answer = client.get(page)
        seen += [row.name for row in answer.context["table"].rows]
        following = answer.context["pager"].next
        page = f"/enterprises/{following}" if following else ""
    assert len(seen) == len(names) and set(seen) == names and seen == sorted(seen, reverse=True)
    back = client.get(f"/enterprises/{answer.context['pager'].previous}")
    assert [row.name for row in back.context["table"].rows] == seen[SIZE : SIZE * 2]


@pytest.mark.parametrize("order", ["name", "-name", "code", "established_on", "-changed_at"])
def test_the_head_says_by_what_it_is_sorted(client, one, bureau, order):
    said = text(entered(client, bureau).get("/enterprises/", {"sort": order}))
    assert f'aria-sort="{"descending" if order[0] == "-" else "ascending"}"' in said


def test_columns_are_chosen_in_the_address(client, one, bureau):
    entered(client, bureau)
    answer = client.get("/enterprises/?columns=name&columns=id&q=荻鹬")
    assert answer.status_code == 302 and "columns=name%2Cid" in answer.url
    assert [c.key for c in client.get(answer.url).context["table"].columns] == ["name", "id"]


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_in_the_address_breaks_the_list(client, one, bureau, value):
    entered(client, bureau)
    keys = ("q", "town", "zone", "status", "form", "industry", "field", "founded_from", "lacks",
            "merged", "chosen", "after", "before", "sort", "columns")  # fmt: skip
    for key in keys:
        assert client.get("/enterprises/", {key: value}).status_code in (200, 422)
    every = dict.fromkeys(keys, value)
    assert client.head("/enterprises/", every).status_code in (200, 422)
    assert client.get("/enterprises/export/", {**every, "as": "csv"}).status_code in (200, 303)
    assert client.get("/enterprises/export/", {"as": value}).status_code in (200, 404)


def test_a_view_is_saved_shared_counted_and_deleted(client, one, town):
    officer, colleague = person(Role.TOWN_OFFICER, town), person(Role.TOWN_OFFICER, town)
    entered(client, officer)
    answer = client.post(
        "/enterprises/views/new/?status=active&after=x", {"name": "存续", "shared": "on"}
    )
    assert answer.status_code == 303
    view = SavedView.objects.get()
    assert (view.query, view.shared) == ("status=active", True)
    said = text(client.get("/enterprises/?status=active"))
    assert "存续 <span>1</span>" in said and f"/enterprises/views/{view.pk}/forget/" in said
    entered(client, colleague)
    assert "存续 <span>1</span>" in text(client.get("/enterprises/"))
    client.post(f"/enterprises/views/{view.pk}/forget/")
    assert SavedView.objects.exists()
    entered(client, person(Role.TOWN_OFFICER))
    assert client.post(f"/enterprises/views/{view.pk}/forget/").status_code == 404
    entered(client, officer)
    assert client.post(f"/enterprises/views/{view.pk}/forget/").status_code == 303
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_and_what_was_typed_stays(client, bureau):
    entered(client, bureau)
    answer = client.post("/enterprises/views/new/?status=active", {"name": "长" * 30})
    assert answer.status_code == 422 and "长" * 30 in text(answer)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_export_is_the_filtered_list_with_a_link_a_row(client, town, bureau, form):
    here = {enterprise(f"济源市甲{n}有限公司", town=town).name for n in range(30)}
    enterprise("济源市乙有限公司")
    entered(client, bureau)
    answer = client.get(
        "/enterprises/export/", {"town": town.pk, "columns": "name,town", "as": form}
    )
    content = b"".join(answer.streaming_content)
    if form == "xlsx":
        rows = [
            [c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active
        ]
    else:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["企业", "镇、街道", "页面"]
    assert {row[0] for row in rows[1:31]} == here
    assert rows[1][2].startswith("http://testserver/enterprises/")
    assert "数据截至" in str(rows[-1][0]) and "30家" in str(rows[-1][0])
    line = AccessLine.objects.get(kind=AccessKind.EXPORT)
    assert line.actor == bureau and "30" in line.detail
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_looks_like_a_formula_is_text_in_a_spreadsheet(client, bureau, form):
    enterprise('=HYPERLINK("http://x")有限公司')
    entered(client, bureau)
    content = b"".join(client.get("/enterprises/export/", {"as": form}).streaming_content)
    if form == "xlsx":
        cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]
        assert (cell.data_type, cell.hyperlink) == ("s", None)
    else:
        assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1][0].startswith("'=")


def test_a_large_export_is_asked_for_approved_by_another_and_fetched_by_the_asker(
    client, bureau, monkeypatch
):
    enterprise(), enterprise()
    monkeypatch.setattr("peiyu.office.desk.exports.needs_approval", lambda count, on: count > 1)
    head = person(Role.BUREAU_HEAD)
    entered(client, bureau)
    answer = client.get("/enterprises/export/?as=csv&columns=name")
    assert "须科技局负责人批准" in text(answer)
    assert (
        client.post("/enterprises/export/?as=csv&columns=name", {"purpose": " "}).status_code == 422
    )
    assert (
        client.post("/enterprises/export/?as=csv&columns=name", {"purpose": "年报"}).status_code
        == 303
    )
    asked = ExportRequest.objects.get()
    assert (asked.form, asked.query, asked.rows) == ("csv", "columns=name", 2)
    decide = f"/exports/{asked.pk}/approve/decide/"
    assert client.post(decide).status_code == 404
    assert "待批准" in text(client.get(f"/exports/{asked.pk}/"))
    entered(client, person(Role.BUREAU_OFFICER))
    assert client.get(f"/exports/{asked.pk}/").status_code == 404
    entered(client, head)
    assert client.get(decide).status_code == 200
    assert client.post(f"/exports/{asked.pk}/refuse/decide/", {"reason": ""}).status_code == 422
    assert client.post(decide).status_code == 303
    assert client.get(f"/exports/{asked.pk}/download/").status_code == 404
    asked.refresh_from_db()
    entered(client, bureau)
    assert client.get(f"/exports/{asked.pk}/download/").status_code == 303
    run.func(asked.job_id)
    assert "下载" in text(client.get(f"/exports/{asked.pk}/progress/"))
    said = text(client.get(f"/exports/{asked.pk}/download/"))
    assert said.count("/enterprises/") == 2


def test_many_get_a_coach_after_a_preview_and_it_can_be_taken_back(client, bureau):
    coach = person(Role.COACH)
    first, second, gone = enterprise(), enterprise(), enterprise()
    mandate(gone, coach, MandateKind.COACH)
    chosen = {"chosen": [first.pk, second.pk, gone.pk, 10**25, "x"], "act": "coach"}
    entered(client, bureau)
    assert "某人" in text(client.post("/enterprises/bulk/", chosen))
    given = {**chosen, "person": coach.pk, "from_on": DAY.isoformat()}
    tried = client.post("/enterprises/bulk/", {**given, "step": "try"})
    assert "将指派2家" in text(tried) and "已有这项授权" in text(tried)
    assert coach.mandates.count() == 1
    made = client.post("/enterprises/bulk/", {**given, "step": "do"}, follow=True)
    assert "已指派" in text(made) and coach.mandates.filter(revoked_on=None).count() == 3
    undo = text(made).partition('action="/enterprises/bulk/undo/')[2].partition('"')[0]
    entered(client, person(Role.BUREAU_OFFICER))
    assert client.post(f"/enterprises/bulk/undo/{undo}").status_code == 404
    entered(client, bureau)
    client.post(f"/enterprises/bulk/undo/{undo}")
    assert coach.mandates.filter(revoked_on=None).count() == 1
    assert client.post("/enterprises/bulk/undo/nonsense/").status_code == 404
    entered(client, person(Role.TOWN_OFFICER))
    assert client.post("/enterprises/bulk/", chosen).status_code in (303, 404)


def test_the_chosen_are_exported_and_no_others(client, bureau):
    first, second = enterprise(), enterprise()
    entered(client, bureau)
    answer = client.post("/enterprises/bulk/", {"chosen": [first.pk], "act": "export"}, follow=True)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    names = [row[0].value for row in book.active]
    assert first.name in names and second.name not in names


def test_contacts_are_masked_until_asked_for_and_that_is_logged(client, one, town):
    officer, finance = person(Role.TOWN_OFFICER, town), person(Role.FINANCE)
    add_contact(
        one, name="孙玉芬", phone="13912340876", email="sun@example.com", main=True, actor=officer
    )
    entered(client, finance)
    for page in (f"/enterprises/{one.pk}/", f"/enterprises/{one.pk}/people/"):
        said = text(client.get(page))
        assert "13912340876" not in said and "孙玉芬" not in said and "139****0876" in said
    assert client.post(f"/enterprises/{one.pk}/contacts/reveal/").status_code == 404
    assert not AccessLine.objects.filter(kind=AccessKind.SECRET).exists()
    entered(client, officer)
    part = client.post(f"/enterprises/{one.pk}/contacts/reveal/", headers={"HX-Request": "true"})
    assert "13912340876" in text(part) and "<html" not in text(part)
    assert "no-store" in part["Cache-Control"]
    assert "孙玉芬" in text(client.post(f"/enterprises/{one.pk}/contacts/reveal/"))
    lines = AccessLine.objects.filter(kind=AccessKind.SECRET, key=str(one.pk), actor=officer)
    assert lines.count() == 2
    assert client.get(f"/enterprises/{one.pk}/contacts/reveal/").status_code == 405


def test_notes_are_not_for_the_enterprise(client, one, bureau):
    write_note(one, text="走访未遇", at=NOW, actor=bureau)
    owner = person(duty=Duty.ENTERPRISE)
    mandate(one, owner, MandateKind.OWNER)
    page = f"/enterprises/{one.pk}/notes/"
    assert "走访未遇" in text(entered(client, bureau).get(page))
    assert "走访未遇" not in text(entered(client, again(owner)).get(page))
    assert "走访未遇" not in text(client.get(f"/enterprises/{one.pk}/record/"))


def test_a_merged_entry_points_to_the_one_that_was_kept(client, one, bureau):
    kept = enterprise("济源市荻鹬装备有限公司")
    entered(client, bureau)
    page = f"/enterprises/{one.pk}/merge/"
    assert kept.name in text(client.get(page))
    assert "荻鹬" in text(client.get(page, {"q": "荻鹬"}))
    assert client.post(f"{page}?into={kept.pk}", {"reason": ""}).status_code == 422
    assert client.get(f"{page}?into={one.pk}").status_code == 404
    assert "合并之后" in text(client.get(f"{page}?into={kept.pk}"))
    assert client.post(f"{page}?into={kept.pk}", {"reason": "同一家"}).status_code == 303
    said = text(client.get(f"/enterprises/{one.pk}/"))
    assert "只留作路标" in said and f"/enterprises/{kept.pk}/" in said
    assert client.get(f"/enterprises/{one.pk}/edit/").status_code == 404


def test_likely_duplicates_are_listed_until_said_to_be_two(client, one, bureau):
    other = enterprise("荻鹬装备股份有限公司")
    entered(client, bureau)
    said = text(client.get("/enterprises/duplicates/"))
    assert one.name in said and other.name in said
    page = f"/enterprises/{one.pk}/not-same/{other.pk}/"
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "不同股东"}).status_code == 303
    assert "没有疑似重复" in text(client.get("/enterprises/duplicates/"))
    entered(client, person(Role.FINANCE))
    assert client.get("/enterprises/duplicates/").status_code == 404


def queries_of(client, page, captured):
    with captured as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_the_list_takes_twelve_queries_however_long_it_is(
    client, bureau, town, django_assert_max_num_queries
):
    zone = body(BodyKind.ZONE)
    for n in range(6):
        SavedView.objects.create(
            page="enterprises", name=f"视图{n}", query=f"sort=name&q={n}", owner=bureau
        )
    counts = []
    for number in (10, 190):
        for _ in range(number):
            enterprise(town=town, zone=zone)
        entered(client, bureau)
        for page in (f"/enterprises/?town={town.pk}&zone={zone.pk}&q=测试", "/enterprises/"):
            client.get(page)
            with django_assert_max_num_queries(12) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_the_page_of_an_enterprise_takes_twenty_queries(
    client, one, town, django_assert_max_num_queries
):
    officer = person(Role.TOWN_OFFICER, town)
    entered(client, officer)
    counts = []
    for number in (1, 20):
        for n in range(number):
            add_contact(one, name=f"某{n}", actor=officer)
            write_note(one, text=f"第{n}次", at=NOW, actor=officer)
            rename(one, name=f"济源市荻鹬{number}之{n}有限公司", from_on=date(2019, 1, n + 1 + (number > 1)),
                   reason="更名", actor=officer)  # fmt: skip
        one.refresh_from_db()
        for tab in ("", "people/", "notes/", "history/", "record/"):
            client.get(f"/enterprises/{one.pk}/{tab}")
            with django_assert_max_num_queries(20) as queries:
                assert client.get(f"/enterprises/{one.pk}/{tab}").status_code == 200
            counts.append(len(queries))
    assert counts[:5] == counts[5:]


@pytest.mark.parametrize("page", ENGLISH)
def test_every_page_speaks_english_too(client, one, bureau, page):
    bureau.language = "en"
    bureau.save()
    entered(client, bureau)
    assert client.get("/enterprises/").status_code == 200
    answer = client.get(f"/enterprises/{one.pk}/{page}")
    assert answer.status_code == 200 and '<html lang="en">' in text(answer)


@pytest.mark.parametrize("key", ["0", str(10**30), "9223372036854775807", "-1", "x"])
def test_a_key_that_is_none_is_not_there(client, bureau, key):
    entered(client, bureau)
    for page in ("", "people/", "edit/", "merge/", "contacts/1/", "files/1/", f"files/{10**30}/"):
        assert client.get(f"/enterprises/{key}/{page}").status_code == 404
    assert client.get(f"/registrations/{key}/").status_code == 404
    assert client.get(f"/exports/{key}/").status_code == 404


def test_the_addresses_are_named(one):
    assert reverse("enterprise", args=[one.pk]) == f"/enterprises/{one.pk}/"
    assert Enterprise.objects.count() == 1
