"""The library of policies, the readings of open words, the rulebook pages."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from peiyu.office.accounts.models import Duty, Role
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.policies.actions import add_clause, choose_reading, enter_document
from peiyu.office.policies.models import Clause, Document, Setting
from peiyu.office.policies.queries import Standing, standing_of, standing_so
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.rulebooks.hnte import HNTE
from tests.office.factories import DAY, administrator, body, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = False
    OfficeDay.objects.create(day=DAY)


def as_(who, language="zh-hans") -> Client:
    if who.language != language:
        who.language = language
        who.save()
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/help/")
    return client


@pytest.fixture
def officer():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def head():
    return person(Role.BUREAU_HEAD, name="陈局")


def document(officer, number, **more):
    more = {
        "title": f"关于{number}的意见", "issuer": "济源市人民政府办公室", "level": "city",
        "issued_on": date(2018, 2, 2), **more,
    }  # fmt: skip
    return enter_document(number=number, actor=officer, **more)


@pytest.fixture
def three(officer):
    """A plan, the plan of the province on which it rests, and a notice that carries it out."""
    province = document(officer, "豫政办〔2017〕86号", level="province", issuer="河南省政府办公厅")
    city = document(officer, "济政办〔2018〕4号", basis=[province], effective_on=date(2018, 2, 2))
    notice = document(officer, "济科〔2018〕7号", basis=[city], issued_on=date(2018, 5, 1))
    return province, city, notice


PAGES = ("/policies/", "/policies/settings/", "/policies/settings/stock_goal/",
         "/policies/rulebooks/", "/policies/rulebooks/hnte/")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_everyone_who_has_logged_in_reads_policies(client, page):
    assert client.get(page).status_code == 302
    for who in (person(Role.TOWN_OFFICER), person(Role.OWNER), administrator(Duty.AUDIT)):
        assert as_(who).get(page).status_code == 200


# documents


def test_the_library_is_found_by_number_title_and_issuer(officer, three):
    province, city, notice = three
    client = as_(officer)

    def found(**asked):
        return [one.pk for one, *_ in client.get("/policies/", asked).context["documents"]]

    assert found() == [notice.pk, city.pk, province.pk] or found() == [
        notice.pk, province.pk, city.pk,
    ]  # fmt: skip
    assert found(q="2018〕4号") == [city.pk]
    assert found(q="河南") == [province.pk]
    assert found(level="province") == [province.pk]
    assert found(standing="IN_FORCE") == [city.pk]
    assert set(found(standing="PRESUMED")) == {province.pk, notice.pk}
    assert found(q="没有") == []
    for asked in ({"level": "x"}, {"standing": "x"}, {"q": "a" * 500}):
        assert client.get("/policies/", asked).status_code == 400
    for words in ("%", "'", "\\", "<b>"):
        assert client.get("/policies/", {"q": words}).status_code == 200


@pytest.mark.parametrize(
    ("effective", "repealed", "standing"),
    [
        (None, None, Standing.PRESUMED),
        (DAY, None, Standing.IN_FORCE),
        (DAY + timedelta(days=1), None, Standing.NOT_YET),
        (None, DAY + timedelta(days=1), Standing.PRESUMED),
        (DAY, DAY, Standing.REPEALED),
        (DAY + timedelta(days=9), DAY, Standing.REPEALED),
    ],
)
def test_a_document_stands_on_a_day_as_its_dates_say(officer, effective, repealed, standing):
    made = document(officer, "甲〔2018〕1号", effective_on=effective, repealed_on=repealed)
    assert standing_of(made, DAY) is standing
    for one in Standing:
        assert standing_so(Document.objects.all(), one, DAY).exists() is (one is standing)


def test_the_chain_is_shown_upwards_and_downwards(three, officer):
    province, city, notice = three
    page = as_(officer).get(f"/policies/documents/{city.pk}/")
    (above,), (below,) = page.context["rests_on"], page.context["carried_out_by"]
    assert (above.document, above.beyond) == (province, ())
    assert (below.document, below.beyond) == (notice, ())
    page = as_(officer).get(f"/policies/documents/{notice.pk}/")
    (above,) = page.context["rests_on"]
    assert [one.document for one in above.beyond] == [province]
    assert province.number in page.text


def test_a_chain_that_leads_back_to_itself_ends(officer, three):
    province, city, notice = three
    province.basis.add(notice)
    assert as_(officer).get(f"/policies/documents/{city.pk}/").status_code == 200


def test_clauses_are_labelled_as_our_own_summary(officer, three):
    _, city, _ = three
    town = body(name="克井镇")
    add_clause(
        city, place="三（一）2", title="后备库", gist="每年建库", bodies=[town], actor=officer
    )
    text = as_(person(Role.LEADER)).get(f"/policies/documents/{city.pk}/").text
    for words in ("本系统摘要，不是原文", "三（一）2", "每年建库", town.short):
        assert words in text


def test_documents_ask_as_much_for_many_as_for_few(officer, three, django_assert_max_num_queries):
    _, city, _ = three
    add_clause(city, place="零", title="条", gist="", bodies=[body()], actor=officer)
    client = as_(officer)
    pages = ("/policies/", f"/policies/documents/{city.pk}/")
    few = []
    for page in pages:
        with django_assert_max_num_queries(16) as asked:
            client.get(page)
        few.append(len(asked))
    for number in range(10):
        add_clause(city, place=str(number), title="条", gist="", bodies=[body()], actor=officer)
        document(officer, f"乙〔2018〕{number}号", basis=[city])
    for page, asked in zip(pages, few, strict=True):
        with django_assert_max_num_queries(asked):
            client.get(page)


def filled(**more):
    return {
        "number": "济政〔2019〕1号", "title": "意见", "issuer": "市政府", "level": "city",
        "issued_on": "2019-01-01", **more,
    }  # fmt: skip


def test_the_bureau_enters_changes_and_adds_to_documents(officer, three):
    province, *_ = three
    client = as_(officer)
    answer = client.post("/policies/documents/new/", filled(basis=[province.pk]))
    assert answer.status_code == 303
    made = Document.objects.get(number="济政〔2019〕1号")
    assert list(made.basis.all()) == [province]
    change = filled(title="实施意见", repealed_on="2019-06-01", reason="已有新文件")
    assert client.post(f"/policies/documents/{made.pk}/change/", change).status_code == 303
    made.refresh_from_db()
    assert (made.title, made.repealed_on) == ("实施意见", date(2019, 6, 1))
    clause = {"place": "一", "title": "总则", "gist": "说明"}
    assert client.post(f"/policies/documents/{made.pk}/clauses/new/", clause).status_code == 303
    text = client.get(f"/policies/documents/{made.pk}/").text
    for words in ("已废止", "总则", "录入文件", "更正文件", "已有新文件"):
        assert words in text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": ""}, "number"), ({"level": "x"}, "level"), ({"issued_on": "2019-02-30"}, "issued_on"),
        ({"issued_on": "0001-01-01"}, "issued_on"), ({"title": "a" * 201}, "title"),
        ({"address": "javascript:alert(1)"}, "address"), ({"repealed_on": "2018-01-01"}, "repealed_on"),
        ({"number": "济政办〔2018〕4号"}, "number"), ({"title": "\x00"}, "title"),
        ({"basis": ["x"]}, "basis"), ({"basis": [str(10**30)]}, "basis"),
    ],
)  # fmt: skip
def test_a_refused_document_keeps_what_was_typed(officer, three, wrong, field):
    answer = as_(officer).post("/policies/documents/new/", filled(addressees="各镇", **wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "各镇" in answer.text
    assert Document.objects.count() == 3


def test_nobody_else_changes_the_library(three):
    _, city, _ = three
    pages = ("/policies/documents/new/", f"/policies/documents/{city.pk}/change/",
             f"/policies/documents/{city.pk}/clauses/new/")  # fmt: skip
    for who in (person(Role.TOWN_OFFICER), person(Role.LEADER), administrator(Duty.SYSTEM)):
        client = as_(who)
        for page in pages:
            assert client.get(page).status_code == 404
            assert client.post(page, filled()).status_code == 404
    assert not Clause.objects.exists()


def test_a_document_that_is_not_there_is_not_found(officer):
    client = as_(officer)
    for key in (1, 10**30):
        assert client.get(f"/policies/documents/{key}/").status_code == 404
        assert client.get(f"/policies/documents/{key}/change/").status_code == 404


# readings


def test_settings_show_the_reading_of_the_day_and_who_chose_it(head):
    choose_reading(
        key="registration_silence", value="blocks", from_on=DAY, reason="从严", actor=head
    )
    choose_reading(
        key="registration_silence", value="agrees", from_on=date(2020, 1, 1), reason="放宽", actor=head
    )  # fmt: skip
    client = as_(person(Role.TOWN_OFFICER))

    def words():
        page = client.get("/policies/settings/")
        (found,) = [
            one for _, group in page.context["groups"] for one in group
            if one.reading.key == "registration_silence"
        ]  # fmt: skip
        return found.words

    assert words() == "未复不能确认"
    text = client.get("/policies/settings/registration_silence/").text
    for said in ("从严", "放宽", "陈局", "未起效", "现行"):
        assert said in text
    OfficeDay.objects.update(day=date(2019, 1, 1))
    assert words() == "视为无意见"
    OfficeDay.objects.update(day=date(2020, 1, 1))
    assert words() == "视为无意见"


def test_the_head_of_the_bureau_chooses_a_reading(head, three):
    _, city, _ = three
    client = as_(head)
    chosen = {"value": "35", "from_on": "2019-06-01", "reason": "按原文", "document": city.pk}
    assert client.post("/policies/settings/stock_goal/", chosen).status_code == 303
    made = Setting.objects.get()
    assert (made.value, made.set_by, made.document) == (35, head, city)
    assert "按原文" in client.get("/policies/settings/stock_goal/").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": "99"}, "value"), ({"value": "x"}, "value"), ({"value": ""}, "value"),
        ({"value": str(10**40)}, "value"), ({"reason": " "}, "reason"), ({"from_on": "x"}, "from_on"),
        ({"document": "999"}, "document"), ({"document": str(10**30)}, "document"),
    ],
)  # fmt: skip
def test_a_refused_reading_says_why(head, wrong, field):
    given = {"value": "35", "from_on": "2019-06-01", "reason": "按原文", **wrong}
    answer = as_(head).post("/policies/settings/stock_goal/", given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Setting.objects.exists()


def test_nobody_else_chooses(officer):
    given = {"value": "35", "from_on": "2019-06-01", "reason": "按原文"}
    for who in (officer, person(Role.OWNER), administrator(Duty.SYSTEM)):
        client = as_(who)
        assert client.post("/policies/settings/stock_goal/", given).status_code == 404
        assert "选定读法" not in client.get("/policies/settings/stock_goal/").text
    assert not Setting.objects.exists()


def test_tax_alone_chooses_to_whom_tax_figures_are_open(head):
    given = {"value": "tax", "from_on": "2019-06-01", "reason": "来函"}
    assert "选定读法" not in as_(head).get("/policies/settings/tax_figures/").text
    assert "税务" in as_(head).get("/policies/settings/tax_figures/").text
    assert as_(head).post("/policies/settings/tax_figures/", given).status_code == 404
    tax = as_(person(Role.TAX))
    assert "选定读法" in tax.get("/policies/settings/tax_figures/").text
    assert tax.post("/policies/settings/tax_figures/", given).status_code == 303
    assert tax.post("/policies/settings/stock_goal/", given).status_code == 404


def test_an_unknown_word_is_not_found(head):
    for key in ("nothing", "hnte.", "%00", "a" * 300):
        assert as_(head).get(f"/policies/settings/{key}/").status_code == 404


def test_a_setting_leads_to_its_clause(officer, three):
    _, city, _ = three
    add_clause(city, place="二（二）", title="目标", gist="", ids="S0.4 S0.5", actor=officer)
    text = as_(officer).get("/policies/settings/stock_goal/").text
    assert f"/policies/documents/{city.pk}/#clause-" in text


# rulebooks


@pytest.mark.parametrize(
    ("language", "says"),
    [("zh-hans", ("研发费用占比", "释义", "不是法规原文")), ("en", ("R&amp;D", "gloss"))],
)
@pytest.mark.parametrize("on", ["2016-01-01", "2018-08-15", "2019-06-17", "2026-01-01"])
def test_the_rulebook_is_a_page_on_any_day_in_both_languages(language, says, on):
    page = as_(person(Role.TOWN_OFFICER), language).get("/policies/rulebooks/hnte/", {"on": on})
    assert page.status_code == 200
    book = page.context["book"]
    rules = [rule for part in book.parts for rule in part.rules]
    assert len(rules) == len(HNTE.criteria)
    assert len(book.items) == len(HNTE.items)
    assert len(book.words) == len(HNTE.switches)
    assert len(book.figures) == len(HNTE.parameters())
    for words in says:
        assert words.casefold() in page.text.casefold()


def test_years_in_the_formulas_follow_the_day():
    client = as_(person(Role.TAX))
    for year in (2018, 2019):
        page = client.get("/policies/rulebooks/hnte/", {"on": f"{year}-08-15"})
        made = " ".join(how for _, _, how in page.context["book"].quantities)
        assert f"{year - 1}年" in made
        assert f"{year}年" not in made


def test_a_day_before_the_first_says_so():
    page = as_(person(Role.TAX)).get("/policies/rulebooks/hnte/", {"on": "2015-12-31"})
    assert page.status_code == 200
    assert "book" not in page.context
    assert f"最早是{HNTE.since.isoformat()}" in page.text


@pytest.mark.parametrize("on", ["x", "2019-02-30", "99999-01-01", "0000-00-00", "' OR 1", "\x00"])
def test_a_day_that_is_none_is_refused(on):
    answer = as_(person(Role.TAX)).get("/policies/rulebooks/hnte/", {"on": on})
    assert answer.status_code == 400


def test_the_rulebook_shows_the_reading_chosen_for_its_day(head):
    switch = next(one for one in HNTE.switches if len(one.readings) > 1)
    other = next(key for key, _ in switch.readings if key != switch.default)
    choose_reading(
        key=f"hnte.{switch.name}", value=other, from_on=date(2019, 1, 1), reason="按省厅", actor=head
    )  # fmt: skip
    client = as_(head)

    def reading(on):
        book = client.get("/policies/rulebooks/hnte/", {"on": on}).context["book"]
        (found,) = [word for word in book.words if word.key == switch.name]
        return found.reading, found.ours

    assert reading("2018-12-31") == (switch.words(switch.default), True)
    assert reading("2019-01-01") == (switch.words(other), False)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", sorted(RULEBOOKS))
def test_every_rulebook_is_a_page_with_its_grants(name, language):
    book = RULEBOOKS[name]
    page = as_(person(Role.TOWN_OFFICER), language).get(
        f"/policies/rulebooks/{name}/", {"on": max(book.since, DAY).isoformat()}
    )
    assert page.status_code == 200
    shown = page.context["book"]
    assert [one.key for one in shown.grants] == [grant.id for grant in book.grants]
    for one in shown.grants:
        assert escape(one.amount) in page.text
    assert escape(shown.legend) in page.text


def test_no_other_rulebook_is_found():
    assert as_(person(Role.TAX)).get("/policies/rulebooks/nothing/").status_code == 404


def test_pages_load_no_polars():
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.office.settings'\n"
        "import django; django.setup()\n"
        "import peiyu.office.web.urls\n"
        "heavy = {'polars', 'duckdb', 'pyarrow', 'highspy', 'typst'} & set(sys.modules)\n"
        "sys.exit(' '.join(heavy) or None)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr[-500:]
