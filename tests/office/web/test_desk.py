"""The first page, search and messages: who finds what, in how many queries, whatever is typed."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client

from peiyu.office.accounts.actions import delegate
from peiyu.office.accounts.models import Duty, Role
from peiyu.office.desk.first_page import days_ahead, grouped
from peiyu.office.desk.todo import Todo
from peiyu.office.enterprises.findable import index
from peiyu.office.enterprises.models import Contact, EnterpriseName
from peiyu.office.foundation.models import Job, JobState, OfficeDay
from peiyu.office.notices.actions import tell
from peiyu.office.notices.models import Message
from peiyu.words import message
from tests.office.factories import DAY, NOW, administrator, body, enterprise, person

pytestmark = pytest.mark.django_db
HOSTILE = ("", " ", "%", "'", '"', "\\", "\x00", "*", '" OR 1=1 --', "({[", "NEAR(", "a" * 10_000,
           "\ud7ff𠮷", "<script>alert(1)</script>", "🙂", "-", "^", "济\x00源")  # fmt: skip


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = False
    OfficeDay.objects.create(day=DAY)


def as_(who) -> Client:
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/help/")  # notes when one was last seen
    return client


def findable(name, **more):
    found = enterprise(name, **more)
    index(found)
    return found


def test_nobody_comes_in_without_log_in(client):
    for page in ("/", "/search/", "/search/suggest/", "/messages/"):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer.url.startswith("/login/")


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_answers_for_every_role(role):
    answer = as_(person(role)).get("/")
    if role in (Role.OWNER, Role.ACCOUNTANT, Role.AGENCY, Role.BANK):
        assert (answer.status_code, answer.url) == (302, "/portal/")
        return
    assert answer.status_code == 200
    assert "今日" in answer.text


@pytest.mark.parametrize(
    ("duty", "shows"),
    [
        (Duty.SYSTEM, "磁盘"),
        (Duty.SECURITY, "没有第二因素的人"),
        (Duty.AUDIT, "待封的记录"),
        (Duty.OFFICE, "您还没有任职"),
    ],
)
def test_the_first_page_says_what_each_duty_watches(duty, shows):
    text = as_(administrator(duty)).get("/").text
    assert shows in text
    assert "最近入库的企业" not in text


def test_a_town_sees_only_its_own_newest():
    here, there = body(), body()
    enterprise("济源市甲机械有限公司", town=here)
    enterprise("济源市乙化工有限公司", town=there)
    text = as_(person(Role.TOWN_OFFICER, here)).get("/").text
    assert "济源市甲机械有限公司" in text
    assert "济源市乙化工有限公司" not in text


def test_what_is_lacking_is_counted_as_the_list_counts():
    here = body()
    complete = enterprise(
        town=here, code="91419001MA3XLX27QA", established_on=DAY, industry="3411", field="40101"
    )
    Contact.objects.create(enterprise=complete, name="张三")
    enterprise(town=here, code="91419001MA3XLX27QB")
    enterprise(town=here)
    enterprise(town=body())
    who = person(Role.TOWN_OFFICER, here)
    lacks = {one.key: one.number for one in as_(who).get("/").context["lacks"]}
    assert lacks == {"code": 1, "established_on": 2, "industry": 2, "field": 2, "contact": 2}


def test_messages_not_read_come_first():
    who = person(Role.FINANCE)
    for number in range(7):
        read = NOW if number > 2 else None
        Message.objects.create(recipient=who, title=f"第{number}条", created_at=NOW, read_at=read)
    Message.objects.create(recipient=person(Role.TAX), title="别人的", created_at=NOW)
    notes = as_(who).get("/").context["notes"]
    assert [note.title for note in notes] == ["第2条", "第1条", "第0条", "第6条", "第5条"]


def test_a_year_without_calendar_is_said():
    OfficeDay.objects.update(day=date(2050, 3, 1))
    answer = as_(person(Role.BUREAU_HEAD)).get("/")
    assert answer.status_code == 200
    assert "2050 年的放假安排还没有录入" in answer.text


def test_the_calendar_shows_two_weeks_with_days_off():
    OfficeDay.objects.update(day=date(2019, 6, 5))
    weeks = as_(person(Role.TAX)).get("/").context["weeks"]
    assert (len(weeks), weeks[0].day) == (14, date(2019, 6, 3))
    assert [one.day.day for one in weeks if not one.works] == [7, 8, 9, 15, 16]
    assert [one.day.day for one in weeks if one.today] == [5]


def test_things_are_grouped_by_when_they_fall_due():
    ahead = {"over": -1, "today": 0, "week": 3, "later": 12, "open": None}
    todos = [
        Todo(None if days is None else DAY + timedelta(days=days), days, message("做"), key,
             message("因"), "/", "看")
        for key, days in reversed(ahead.items())
    ]  # fmt: skip
    groups = grouped(todos, DAY)
    assert [group.key for group in groups] == list(ahead)
    assert [one.thing for group in groups for one in group.todos] == list(ahead)
    assert [days_ahead(one, DAY) for group in groups for one in group.todos] == [*ahead.values()]


def test_the_first_page_shows_them_in_their_groups():
    giver = person(Role.TOWN_OFFICER, body())
    for days in (0, 3):
        delegate(actor=giver, taker=person(), from_on=DAY, until_on=DAY + timedelta(days=days),
                 reason="出差", on=DAY)  # fmt: skip
    groups = as_(giver).get("/").context["groups"]
    assert [group.key for group, _ in groups] == ["today", "week"]
    assert [days for _, todos in groups for _, days in todos] == [0, 3]


def test_the_first_page_asks_as_much_for_many_as_for_few(django_assert_max_num_queries):
    here = body()
    who = person(Role.TOWN_OFFICER, here)
    client = as_(who)
    enterprise(town=here)
    with django_assert_max_num_queries(34) as few:
        client.get("/")
    for number in range(8):
        enterprise(town=here)
        Message.objects.create(recipient=who, title=str(number), created_at=NOW)
    with django_assert_max_num_queries(len(few)):
        client.get("/")


def test_a_failed_job_waits_for_the_system_administrator_without_its_title():
    owner = person(Role.BUREAU_OFFICER)
    Job.objects.create(
        kind="desk.export", title="甲公司的名单", owner=owner, state=JobState.FAILED, created_at=NOW
    )
    text = as_(administrator(Duty.SYSTEM)).get("/").text
    assert "任务失败" in text
    assert "甲公司" not in text


# search


def test_search_says_by_which_text_something_was_found():
    firm = enterprise("济源市砺新智能装备有限公司", town=body(), code="91419001MA3XLX27QA")
    EnterpriseName.objects.create(
        enterprise=firm, name="济源市宏达机械厂", core="宏达", until_on=date(2015, 1, 1)
    )
    index(firm)
    client = as_(person(Role.BUREAU_OFFICER))
    for words, by in (
        ("砺新", None), ("宏达", "曾用名：济源市宏达机械厂"),
        ("91419001MA3XLX27QA", "代码：91419001MA3XLX27QA"), ("lxzn", "按拼音"),
    ):  # fmt: skip
        rows = client.get("/search/", {"q": words}).context["rows"]
        assert [found.pk for found, _ in rows] == [firm.pk], words
        assert (rows[0][1] and rows[0][1].say()) == by


def test_nobody_finds_what_they_may_not_see():
    here = body()
    findable("济源市砺新智能装备有限公司", town=body())
    own = findable("济源市砺新环保有限公司", town=here)
    for page in ("/search/", "/search/suggest/"):
        text = as_(person(Role.TOWN_OFFICER, here)).get(page, {"q": "砺新"}).text
        assert own.name in text
        assert "智能装备" not in text
        for duty in (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT):
            text = as_(administrator(duty)).get(page, {"q": "砺新"}).text
            assert "济源市砺新" not in text
            assert "三员不看业务内容" in text


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("page", ["/search/", "/search/suggest/"])
def test_whatever_is_searched_is_answered(page, words):
    findable("济源市砺新智能装备有限公司", town=body())
    answer = as_(person(Role.BUREAU_HEAD)).get(page, {"q": words})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_suggestions_are_few_and_options_of_a_list():
    here = body()
    for number in range(12):
        findable(f"济源市砺新{number}有限公司", town=here)
    text = as_(person(Role.TOWN_OFFICER, here)).get("/search/suggest/", {"q": "砺新"}).text
    assert text.count('role="option"') == 8
    assert "<html" not in text


def test_suggesting_asks_at_most_ten_times(django_assert_max_num_queries, settings):
    settings.DEMO = False  # the demo's day is one query more
    here = body()
    for number in range(5):
        findable(f"济源市砺新{number}有限公司", town=here)
    for who in (person(Role.TOWN_OFFICER, here), person(Role.TAX)):
        client = as_(who)
        with django_assert_max_num_queries(10):
            assert client.get("/search/suggest/", {"q": "砺新"}).status_code == 200


def test_pages_are_only_read():
    client = as_(person(Role.TAX))
    for page in ("/", "/search/", "/search/suggest/", "/messages/"):
        assert client.post(page).status_code == 405
    for page in ("/messages/read/", "/messages/1/open/"):
        assert client.get(page).status_code == 405


# messages


def test_a_message_is_opened_once_and_leads_on():
    who = person(Role.TAX)
    note = Message.objects.create(recipient=who, title="看", link="/policies/", created_at=NOW)
    answer = as_(who).post(f"/messages/{note.pk}/open/")
    assert (answer.status_code, answer.url) == (303, "/policies/")
    note.refresh_from_db()
    assert note.read_at is not None


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_a_message_never_leads_out_of_the_office(link):
    who = person(Role.TAX)
    note = Message.objects.create(recipient=who, title="看", link=link, created_at=NOW)
    assert as_(who).post(f"/messages/{note.pk}/open/").url == "/messages/"


def test_a_message_is_read_in_the_language_of_the_page():
    reader = person(Role.BUREAU_OFFICER)
    told = message("请补报{year}年度{number}项数，{day}前", year=2018, number=2, day="2019-07-01")
    tell([reader], title=told, text=message("退回"), at=NOW)
    client = Client()
    client.force_login(reader)
    assert "请补报2018年度2项数" in client.get("/messages/").content.decode()
    reader.language = "en"
    reader.save()
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    seen = client.get("/messages/").content.decode()
    assert "请补报" not in seen and "退回" not in seen and "2019-07-01" in seen


def test_nobody_opens_anothers_message():
    note = Message.objects.create(recipient=person(Role.TAX), title="看", created_at=NOW)
    client = as_(person(Role.FINANCE))
    assert client.post(f"/messages/{note.pk}/open/").status_code == 404
    assert client.post(f"/messages/{10**30}/open/").status_code == 404
    client.post("/messages/read/", {"all": "1"})
    client.post("/messages/read/", {"chosen": [note.pk, "x", 10**30]})
    note.refresh_from_db()
    assert note.read_at is None


def test_all_messages_are_marked_read_and_it_is_said():
    who = person(Role.TAX)
    for number in range(40):
        Message.objects.create(recipient=who, title=f"第{number}条", created_at=NOW)
    client = as_(who)
    first = client.get("/messages/")
    assert "第39条" in first.text and "第9条" not in first.text
    assert "第9条" in client.get("/messages/" + first.context["pager"].next).text
    answer = client.post("/messages/read/", {"all": "1"}, follow=True)
    assert "40条已标为已读" in answer.text
    assert "都看过了" in answer.text


def test_a_mark_that_is_none_gives_the_first_page():
    client = as_(person(Role.TAX))
    for mark in ("x", "W10", "=" * 3000, "\x00"):
        assert client.get("/messages/", {"after": mark}).status_code == 200
