"""The pages of the articles, and what the rulebook page says of texts, documents and readings."""

from datetime import date

import pytest
from django.test import Client

from peiyu.office.accounts.models import Duty, Role
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.policies.actions import (
    LONGEST_TEXT,
    choose_reading,
    confirm_text,
    enter_document,
    enter_text,
)
from peiyu.office.policies.models import ArticleText
from peiyu.policy.articles import article, articles
from peiyu.policy.rulebooks import RULEBOOKS
from tests.office.factories import DAY, administrator, again, person

pytestmark = pytest.mark.django_db
WORDS, OTHERS = "甲乙丙丁，戊己庚辛。", "子丑寅卯，辰巳午未。"
AT = "/policies/articles/"


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = False
    OfficeDay.objects.create(day=DAY)


def as_(who, language="zh-hans") -> Client:
    who = again(who)
    if who.language != language:
        who.language = language
        who.save()
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/help/")
    return client


@pytest.fixture
def officer():
    return person(Role.BUREAU_OFFICER, name="甲某")


@pytest.fixture
def head():
    return person(Role.BUREAU_HEAD, name="乙某")


@pytest.fixture
def town():
    return person(Role.TOWN_OFFICER)


@pytest.fixture
def texts(officer, head):
    """M1 with a confirmed text, M2 with one that waits."""
    confirm_text(
        enter_text("M1", text=WORDS, page="汇编第1页", on=DAY, actor=officer), on=DAY, actor=head
    )
    enter_text("M2", text=OTHERS, address="https://example.org/m2", on=DAY, actor=officer)


def filled(**more):
    return {"text": WORDS, "address": "", "page": "汇编第1页", **more}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("cite", [one.cite for one in articles()][::24])
def test_every_article_is_a_page_in_both_languages(town, cite, language):
    page = as_(town, language).get(f"{AT}{cite}/")
    assert page.status_code == 200
    said = {
        "zh-hans": "本系统所写，不是法规原文",
        "en": "Written by this system, not the text of the law",
    }[language]
    assert said in page.text


def test_the_list_counts_by_document_and_filters(texts, head, town):
    client = as_(head)
    page = client.get(AT)
    (measures,) = [one for one in page.context["counts"] if one["paper"].tag == "M"]
    assert (measures["with_text"], measures["waiting"]) == (1, 1)
    assert sum(one["every"] for one in page.context["counts"]) == len(articles())

    def found(client, **asked):
        page = client.get(AT, asked)
        assert page.status_code == 200
        return [one.article.cite for _, rows in page.context["groups"] for one in rows]

    assert found(client, state="with") == ["M1"]
    assert found(client, state="waiting") == ["M2"]
    assert "M2" in found(client, state="without")
    assert found(client, q="m11(5)", document="M") == ["M11(5)"]
    assert set(found(client, document="JY")) == {
        one.cite for one in articles() if one.document.tag == "JY"
    }
    assert found(client, q="没有这几个字") == []
    assert found(client, q="%<b>") == []
    other = as_(town)
    assert other.get(AT, {"state": "waiting"}).status_code == 400
    assert "待确认" not in other.get(AT, {"document": "M"}).text
    for asked in ({"state": "x"}, {"document": "x"}, {"q": "a" * 101}, {"q": "\x00"}):
        assert client.get(AT, asked).status_code == 400


def test_what_waits_is_shown_to_the_bureau_beside_who_entered_it(texts, officer, head, town):
    for who, sees in ((head, True), (officer, True), (town, False)):
        page = as_(who).get(f"{AT}M2/").text
        assert (OTHERS in page) is sees
        assert ("待确认" in page) is sees
        assert ("甲某" in page) is sees
    assert "确认与文件一致" in as_(head).get(f"{AT}M2/").text
    assert "确认与文件一致" not in as_(officer).get(f"{AT}M2/").text
    shown = as_(town).get(f"{AT}M1/").text
    for said in (WORDS, "汇编第1页", "甲某 2019-06-17录入", "乙某 2019-06-17确认"):
        assert said in shown


def test_one_enters_another_confirms_and_it_can_be_taken_back(officer, head):
    answer = as_(officer).post(f"{AT}A2-四/enter/", filled())
    assert answer.status_code == 303
    assert as_(officer).post(f"{AT}A2-四/1/confirm/").status_code == 303
    assert ArticleText.objects.get().is_waiting
    assert as_(head).post(f"{AT}A2-四/1/confirm/").status_code == 303
    assert ArticleText.objects.get().confirmed_by == head
    assert as_(officer).get(f"{AT}A2-四/enter/").text.count('name="reason"') == 1
    back = as_(officer).post(f"{AT}A2-四/1/withdraw/", {"reason": ""})
    assert back.status_code == 422
    back = as_(officer).post(f"{AT}A2-四/1/withdraw/", {"reason": "录错了"})
    assert back.status_code == 303
    page = as_(head).get(f"{AT}A2-四/").text
    for said in ("已撤回", "录错了", "还没有确认的原文"):
        assert said in page
    assert as_(officer).get(f"{AT}A2-四/1/withdraw/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"), ({"text": "甲" * (LONGEST_TEXT + 1)}, "text"),
        ({"text": article("M5").gloss("zh")}, "text"), ({"text": "a\x00"}, "text"),
        ({"page": ""}, "page"), ({"page": "a" * 101}, "page"), ({"address": "ftp://x"}, "address"),
    ],
)  # fmt: skip
def test_a_refused_text_keeps_what_was_typed(officer, wrong, field):
    answer = as_(officer).post(f"{AT}M5/enter/", filled(**wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not ArticleText.objects.exists()
    if "text" not in wrong:
        assert WORDS in answer.text


def test_a_second_text_while_one_waits_is_refused_in_words(texts, head):
    answer = as_(head).post(f"{AT}M2/enter/", filled())
    assert answer.status_code == 422
    assert "已有一版原文待确认" in answer.text


def test_a_citation_that_is_none_is_not_found(officer):
    client = as_(officer)
    for cite in ("M999", "m1", "%00", "a" * 3000, "..", "M1%2F", "<b>"):
        assert client.get(f"{AT}{cite}/").status_code == 404
        assert client.get(f"{AT}{cite}/enter/").status_code == 404
        assert client.post(f"{AT}{cite}/1/confirm/").status_code == 404
    assert client.post(f"{AT}M1/1/confirm/").status_code == 404
    assert client.post(f"{AT}M1/{10**30}/confirm/").status_code == 404
    assert client.get(f"{AT}RS-1/enter/").status_code == 404


def test_nobody_else_enters_and_only_officials_read(texts, town):
    outside = (person(Role.OWNER), person(Role.BANK), administrator(Duty.SYSTEM))
    for who in (*outside, town, person(Role.LEADER), person(Role.TAX)):
        client = as_(who)
        sees = 404 if who in outside else 200
        assert [client.get(page).status_code for page in (AT, f"{AT}M1/")] == [sees, sees]
        assert client.post(f"{AT}M5/enter/", filled()).status_code == 404
        assert client.post(f"{AT}M2/1/confirm/").status_code == 404
        assert client.post(f"{AT}M1/1/withdraw/", {"reason": "x"}).status_code == 404
        assert AT not in client.get("/policies/").text or sees == 200
    assert ArticleText.objects.waiting().count() == 1


def test_the_pages_ask_as_much_for_many_texts_as_for_few(
    texts, officer, head, django_assert_max_num_queries
):
    client = as_(head)
    pages = (AT, f"{AT}?document=M", f"{AT}M1/", "/policies/rulebooks/hnte/", "/")
    few = []
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(60) as asked:
            client.get(page)
        few.append(len(asked))
    for number in range(3, 19):
        made = enter_text(f"M{number}", text=WORDS, page="x", on=DAY, actor=officer)
        if number % 2:
            confirm_text(made, on=DAY, actor=head)
    for page, asked in zip(pages, few, strict=True):
        client.get(page)  # the first page keeps its counts until something is written
        with django_assert_max_num_queries(asked):
            client.get(page)


# the rulebook page


def test_every_citation_of_the_rulebook_leads_to_its_article(texts, town):
    page = as_(town).get("/policies/rulebooks/hnte/")
    book = page.context["book"]
    cites = {rule.cite for part in book.parts for rule in part.rules}
    cites |= {word.cite for word in book.words} | {one.cite for one in book.articles}
    cites |= {value.cite for figure in book.figures for value in figure.values}
    for cite in cites:
        assert f'href="{AT}' in page.text and article(cite)
    assert page.text.count(f'href="{AT}M11(5)/"') > 2
    outside = as_(administrator(Duty.SYSTEM)).get("/policies/rulebooks/hnte/").text
    assert AT not in outside
    assert 'href="#M11(5)"' in outside


def test_the_rulebook_quotes_only_what_two_people_stand_for(officer, head, town):
    made = enter_text("M11(5)", text=WORDS, page="x", on=DAY, actor=officer)
    for who, waits in ((head, True), (town, False)):
        page = as_(who).get("/policies/rulebooks/hnte/").text
        assert WORDS not in page
        assert ("待确认" in page) is waits
        assert ("甲某" in page) is waits
    confirm_text(made, on=DAY, actor=head)
    for who in (town, person(Role.OWNER)):
        assert (
            f'原文：<span lang="zh-Hans">{WORDS}' in as_(who).get("/policies/rulebooks/hnte/").text
        )


def test_a_figure_leads_to_the_document_where_it_is_in_the_library(officer, town):
    page = as_(town).get("/policies/rulebooks/hnte/")
    assert {paper for _, values in page.context["figures"] for _, paper in values} == {None}
    made = enter_document(
        number="国科发火〔2016〕32号", title="认定管理办法", issuer="科技部", level="state",
        issued_on=date(2016, 1, 29), actor=officer,
    )  # fmt: skip
    page = as_(town).get("/policies/rulebooks/hnte/")
    for _, values in page.context["figures"]:
        for value, paper in values:
            assert paper == (made if article(value.cite).document.tag == "M" else None)
            assert value.number == article(value.cite).document.number
    assert page.text.count(f"/policies/documents/{made.pk}/") > 3


def test_a_switch_says_who_chose_it_when_why_and_by_which_document(officer, head, town):
    paper = enter_document(
        number="济科〔2018〕7号", title="会议纪要", issuer="科技局", level="city",
        issued_on=date(2018, 5, 1), actor=officer,
    )  # fmt: skip
    choose_reading(
        key="hnte.panel_rounding", value="half_up", from_on=date(2019, 1, 1), reason="办公会定的",
        document=paper, actor=head,
    )  # fmt: skip
    text = as_(town).get("/policies/rulebooks/hnte/").text
    for said in ("乙某", "2019-01-01起", "办公会定的", "济科〔2018〕7号", "经过（1次选定）",
                 f"/policies/documents/{paper.pk}/", "/policies/settings/hnte.panel_rounding/"):  # fmt: skip
        assert said in text
    before = as_(town).get("/policies/rulebooks/hnte/", {"on": "2018-12-31"}).text
    assert "办公会定的" not in before


def test_a_switch_that_nobody_can_choose_leads_nowhere(town):
    client = as_(town)
    text = client.get("/policies/rulebooks/little_giant/").text
    assert "本系统的默认，不能另选" in text
    assert "/policies/settings/little_giant." not in text


def test_a_setting_leads_back_to_the_rulebook_whose_switch_it_is(town):
    for book in ("hnte", "tech_sme"):
        switch = RULEBOOKS[book].switches[0]
        page = as_(town).get(f"/policies/settings/{book}.{switch.name}/").text
        assert f'/policies/rulebooks/{book}/#{switch.article}"' in page


def test_a_citation_is_printed_in_the_language_of_the_reader(town):
    for at in (AT + "M-附件/", AT + "?document=M"):
        assert "M-附件" in as_(town).get(at).text
        shown = as_(town, "en").get(at).text
        assert ">M-annex<" in shown and ">M-附件<" not in shown
