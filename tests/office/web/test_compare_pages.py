"""The rules of two days side by side."""

from datetime import date

import pytest
from django.test import Client
from django.utils.html import escape

from peiyu.office.accounts.models import Role
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.policies.actions import choose_reading
from peiyu.office.web.policies.compare import compared
from peiyu.policy.rulebooks import RULEBOOKS
from tests.office.factories import DAY, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.create(day=DAY)


@pytest.fixture
def town():
    return person(Role.TOWN_OFFICER)


def as_(who, language="zh-hans") -> Client:
    if who.language != language:
        who.language = language
        who.save()
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/help/")
    return client


def asked(client, name, one, two, **more):
    return client.get(f"/policies/rulebooks/{name}/compare/", {"one": one, "two": two, **more})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_figure_that_changed_is_shown_with_both_values_and_articles(town, language):
    page = asked(as_(town, language), "tech_sme", "2018-06-17", "2019-06-17")
    assert page.status_code == 200
    (row,) = page.context["found"].figures
    assert (row.one.value, row.two.value) == ("0%", "80%")
    assert (row.one.since, row.two.since) == (date(2017, 5, 3), date(2019, 1, 1))
    for said in (row.figure.title, "0%", "80%", row.one.cite, "2017-05-03", "2019-01-01"):
        assert escape(said) in page.text
    (section,) = page.context["found"].sections
    assert [pair.one != pair.two for pair in section.pairs] == [True]


def test_a_formula_in_which_only_the_years_move_does_not_differ(town):
    page = asked(as_(town), "hnte", "2018-06-17", "2019-06-17")
    found = page.context["found"]
    assert (found.differ, found.figures, found.readings, found.sections) == (0, (), (), ())
    assert "这两天的规则没有不同" in page.text
    full = asked(as_(town), "hnte", "2018-06-17", "2019-06-17", full="on").context["found"]
    moved = [pair for part in full.sections for pair in part.pairs if pair.one != pair.two]
    assert moved and not any(pair.differs for pair in moved)
    assert any("2017年" in pair.one and "2018年" in pair.two for pair in moved)


def test_all_is_shown_where_all_is_asked_for(town):
    page = asked(as_(town), "tech_sme", "2018-06-17", "2019-06-17", full="on")
    book, found = RULEBOOKS["tech_sme"], page.context["found"]
    assert len(found.figures) == len(book.parameters())
    assert len(found.readings) == len(book.switches)
    assert found.differ == 2
    assert "不同</span>" in page.text and "相同</span>" in page.text


def test_a_reading_chosen_in_between_is_shown_with_who_chose_it(town):
    head = person(Role.BUREAU_HEAD, name="陈局")
    choose_reading(
        key="hnte.growth_five_percent", value="form", from_on=date(2019, 1, 1), reason="按评价表",
        actor=head,
    )  # fmt: skip
    page = asked(as_(town), "hnte", "2018-12-31", "2019-01-01")
    (row,) = page.context["found"].readings
    assert row.one != row.two
    assert row.first.setting is None and row.second.setting.set_by == head
    for said in (
        "陈局",
        "按评价表",
        "本系统的默认，没有人选过",
        "/policies/settings/hnte.growth_five_percent/",
    ):
        assert said in page.text
    titles = {pair.title for part in page.context["found"].sections for pair in part.pairs}
    assert titles, "the formula that asks the switch differs too"
    back = asked(as_(town), "hnte", "2019-01-01", "2018-12-31").context["found"].readings[0]
    assert (back.one, back.two) == (row.two, row.one)
    assert asked(as_(town), "hnte", "2019-01-01", "2019-02-01").context["found"].differ == 0


@pytest.mark.parametrize(
    ("name", "one", "two", "said"),
    [
        ("hnte", "2015-12-31", "2019-06-17", ["2015-12-31还没有这套规则，最早是2016-01-01"]),
        ("henan_moved_in", "2019-06-17", "2021-01-01",
         ["2019-06-17还没有这套规则，最早是2022-01-01", "2021-01-01还没有这套规则，最早是2022-01-01"]),
    ],
)  # fmt: skip
def test_a_day_without_rules_is_said_in_words(town, name, one, two, said):
    page = asked(as_(town), name, one, two)
    assert page.status_code == 200
    assert "found" not in page.context
    for words in said:
        assert words in page.text


@pytest.mark.parametrize(
    "wrong", ["x", "2019-02-30", "99999-01-01", "0000-00-00", "0001-01-01", "' OR 1", "\x00"]
)
def test_a_day_that_is_none_is_refused_in_words(town, wrong):
    for given in ({"one": wrong}, {"two": wrong}):
        page = as_(town).get("/policies/rulebooks/hnte/compare/", given)
        assert page.status_code == 422
        assert 'role="alert"' in page.text
    if wrong == "2019-02-30":
        assert "“2019-02-30”不是日期" in page.text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", sorted(RULEBOOKS))
def test_every_rulebook_compares_its_first_day_with_a_late_one(town, name, language):
    since = RULEBOOKS[name].since.isoformat()
    page = asked(as_(town, language), name, since, "2026-01-01", full="on")
    assert page.status_code == 200
    assert "found" in page.context


def test_without_days_it_compares_today_with_a_year_ago(town):
    client = as_(town)
    page = client.get("/policies/rulebooks/hnte/compare/")
    assert (page.context["one"], page.context["two"]) == (date(2018, 6, 17), DAY)
    page = client.get("/policies/rulebooks/hnte/compare/", {"two": "2020-02-29"})
    assert page.context["one"] == date(2019, 2, 28)
    assert "found" in client.get("/policies/rulebooks/hnte/compare/", {"two": "2016-02-01"}).context


def test_the_rulebook_leads_to_the_comparison(town):
    text = as_(town).get("/policies/rulebooks/hnte/", {"on": "2018-08-15"}).text
    assert "/policies/rulebooks/hnte/compare/?two=2018-08-15" in text
    assert as_(town).get("/policies/rulebooks/nothing/compare/").status_code == 404


def test_what_is_compared_with_itself_never_differs():
    for name, book in RULEBOOKS.items():
        day = max(book.since, DAY)
        assert compared(name, (day, (), {}), (day, (), {}), "zh", full=True).differ == 0
