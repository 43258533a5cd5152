"""The help: every role has its guide, in both languages; the glossary is that of the house."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.web.help import content
from tests.office.factories import DAY, administrator, body, person

GLOSSARY = Path(__file__).parents[3] / "docs/glossary.md"
PAGES = ("/help/", "/help/glossary/", "/help/questions/", "/help/bureau/")


@pytest.fixture(autouse=True)
def _day(settings, db):
    settings.DEMO = True
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = False
    OfficeDay.objects.create(day=DAY)


def as_(who, language="zh-hans") -> Client:
    who.language = language
    who.save()
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_glossary_of_the_page_is_that_of_the_house():
    written = {}
    for line in GLOSSARY.read_text("utf-8").splitlines():
        if line.startswith("## "):
            terms = written.setdefault(line[3:].split(" (table")[0], [])
        elif line.startswith("| ") and not line.startswith("| word in the law"):
            word, english, code, label = (cell.strip() for cell in line.strip("|").split(" | "))
            terms.append(content.Term(word, english, code, label))
    shown = {chapter.title.en: list(chapter.terms) for chapter in content.glossary()}
    assert shown == written


def test_every_role_and_duty_has_a_guide():
    covered = {role for guide in content.guides() for role in guide.roles}
    assert covered == content.EVERYBODY
    special = {r for g in content.guides() if g.key != "everyone" for r in g.roles}
    assert set(map(str, Role)) <= special


def test_every_task_leads_to_a_page_that_is_there():
    for guide in content.guides():
        for task in guide.tasks:
            assert reverse(task.page)


def test_nothing_is_said_in_one_language_only():
    said = [q for one in content.questions() for q in (one.ask, one.answer)]
    for guide in content.guides():
        said += [guide.title, guide.intro]
        said += [words for task in guide.tasks for words in (task.what, *task.how)]
    for words in said:
        assert words.zh and words.en
        assert words.en.isascii() or "“" in words.en or "’" in words.en
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in words.en)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_the_help_answers_in_both_languages(page, language):
    answer = as_(person(Role.TOWN_OFFICER), language).get(page)
    assert answer.status_code == 200
    bureau = {"zh-hans": "科技局", "en": "The science and technology bureau"}
    if page == "/help/":
        assert bureau[language] in answer.text


def test_one_sees_ones_own_tasks_first_with_their_pages():
    page = as_(person(Role.TOWN_OFFICER)).get("/help/")
    assert [title for title, *_ in page.context["own"]] == ["所有人", "镇、街道和园区"]
    hrefs = [task.href for *_, tasks in page.context["own"] for task in tasks]
    assert reverse("registrations") in hrefs
    audit = as_(administrator(Duty.AUDIT)).get("/help/")
    assert [title for title, *_ in audit.context["own"]] == ["所有人", "安全审计员"]


def test_a_guide_of_others_has_no_links_to_their_pages():
    text = as_(person(Role.OWNER)).get("/help/audit/").text
    assert "核验记录" in text
    assert 'href="/audit/"' not in text


def test_terms_are_found_by_any_of_their_names():
    client = as_(person(Role.TAX))
    for words in ("科技人员", "S&T personnel", "st_staff_average", "职工"):
        assert client.get("/help/glossary/", {"q": words}).context["number"] >= 1
    for words in ("\x00", "没有这个词", "<b>", "a" * 10_000, "%"):
        assert client.get("/help/glossary/", {"q": words}).status_code == 200


def test_other_addresses_are_not_found_and_only_read():
    client = as_(person(Role.TAX))
    assert client.get("/help/nobody/").status_code == 404
    for page in PAGES:
        assert client.post(page).status_code == 405
    assert Client().get("/help/").status_code == 302


def test_every_task_of_a_role_opens_for_it():
    town, zone = body(BodyKind.TOWN), body(BodyKind.ZONE)
    at = {Role.TOWN_OFFICER: town, Role.ZONE_OFFICER: zone}
    answers = {
        (guide.key, str(role), page): as_(person(role, at.get(role)))
        .get(reverse(page), follow=True)
        .status_code
        for guide in content.guides()
        for role in Role
        if role in guide.roles
        for page in {task.page for task in guide.tasks}
    }
    assert {place: status for place, status in answers.items() if status != 200} == {}
