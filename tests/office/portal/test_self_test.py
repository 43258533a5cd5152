"""The self-test for everyone: the same rules, any figures, nothing kept, nothing that breaks it."""

import html
import logging
import re
from datetime import date

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peiyu.batch import layouts
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.portal.self_test import MOST_TESTS, judged
from peiyu.office.portal.self_test_form import self_test
from peiyu.policy.case import Case
from peiyu.policy.explain import assess
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.tree import Outcome
from tests.office.factories import DAY
from tests.office.portal.test_assessment import CHINESE, text

pytestmark = pytest.mark.django_db
PROGRAMMES = ("hnte", "tech_sme")
HOSTILE = (
    "9" * 40, "9" * 5_000, "x" * 5_000, "\u202e", "=1+1", "<script>alert(1)</script>", "1e9", "-1",
    "1.2345678", "²", "inf", "½", "12%", "12美元", "1,2,3", "#REF!", "--1", "{{ 7 }}", "1' OR '1",
)  # fmt: skip
READY = {
    "established_on": "2012年3月1日", "resident": "yes", "legal_person": "yes", "incidents": "0",
    "ip_class1": "0", "ip_class2": "6", "ip_main": "2", "ip_self_developed": "6", "standards": "0",
    "conversions": "15", "main_income": "700",
    "sales_revenue.1": "2,000", "sales_revenue.2": "1600万元", "sales_revenue.3": "14000000元",
    "net_assets.1": "1350", "net_assets.2": "1100", "net_assets.3": "1000",
    "rd_total.1": "100", "rd_total.2": "100", "rd_total.3": "100",
    "rd_domestic.1": "100", "rd_domestic.2": "100", "rd_domestic.3": "100",
    "total_income.1": "2000", "ht_income.1": "1200", "staff_average.1": "100", "st_staff_average.1": "10",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.create(day=DAY)
    cache.clear()


def at(name="hnte"):
    return reverse("portal_self_test_of", args=[name])


def kept():
    """How many rows stand in each table."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def test_anyone_may_test_without_a_log_in_and_finds_the_way(client):
    assert reverse("portal_self_test") in client.get(reverse("portal_public")).content.decode()
    found = client.get(reverse("portal_self_test"))
    assert found.status_code == 200 and "no-store" in found.headers["Cache-Control"]
    page = text(found)
    for words in (
        "销售收入",
        "2016年",
        "2017年",
        "2018年",
        "万元",
        "可用Ⅰ类知识产权数",
        "成立日期",
    ):
        assert words in page
    assert "专家核定" not in page and "统一社会信用代码" not in page
    assert "有效期内的高新技术企业证书数" in text(client.get(at("tech_sme")))
    assert client.get(at("reserve")).status_code == 404


def test_it_judges_by_the_rules_and_the_bound_itself_is_met(client):
    answer = client.post(at(), READY)
    page = text(answer)
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    assert "由数据判断的条件全部符合" in page and "您的数10.00%，要求≥ 10.00%" in page
    assert HNTE.voice.caution in page and "至少还要得" in page
    assert "不符合的" not in page and "还不知道的" not in page
    page = text(client.post(at(), READY | {"st_staff_average.1": "9"}))
    assert "您的数9.00%，要求≥ 10.00%" in page and "差1人" in page and "不符合的" in page
    page = text(client.post(at(), READY | {"st_staff_average.1": "9.99"}))
    assert "您的数9.99%" in page and "不符合的" in page


def test_what_is_left_empty_is_not_known_and_leads_to_its_field(client):
    answer = client.post(at(), READY | {"staff_average.1": ""})
    page, source = text(answer), answer.content.decode()
    assert "不符合的" not in page and "缺2018年职工总数" in page
    assert 'href="#id_staff_average-1"' in source and 'id="id_staff_average-1"' in source
    zero = text(client.post(at(), READY | {"incidents": "1"}))
    assert "不符合的" in zero
    empty = client.post(at(), {})
    assert empty.status_code == 200 and "什么都没有填" in text(empty)
    assert "不符合的" not in text(empty)
    leads = set(re.findall(r'href="#(id_[^"]+)', empty.content.decode()))
    assert len(leads) > 15
    for anchor in leads:
        assert f'id="{anchor}"' in empty.content.decode()


def test_money_is_read_exactly_to_the_fen():
    form = self_test(HNTE, DAY, "zh", {"sales_revenue.1": "1234.567891", "rd_total.1": "0.000001"})
    values = form.case().facts
    assert values == {"sales_revenue.1": 1_234_567_891, "rd_total.1": 1}
    form = self_test(HNTE, DAY, "zh", {"rd_total.1": "0.0000015"})
    assert [box.name for box in form.wrong] == ["rd_total.1"]
    form = self_test(HNTE, DAY, "zh", {"net_assets.1": "-3.5", "rd_total.1": "-3.5"})
    assert form.case().facts == {"net_assets.1": -3_500_000}
    assert [box.name for box in form.wrong] == ["rd_total.1"]


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_fact_that_the_flat_sheet_has_and_the_rules_read_is_asked(name):
    book = RULEBOOKS[name]
    asked = {box.name for box in self_test(book, DAY, "zh", {}).boxes}
    flat = {column.name for column in layouts.layout(book, DAY)[0].columns}
    assert asked <= flat
    lacking = {lack.fact.name for lack, _ in judged(self_test(book, DAY, "zh", {}), "zh").missing()}
    assert lacking <= {name.partition(".")[0] for name in asked}


def test_what_comes_out_is_what_the_rules_say():
    found = judged(self_test(HNTE, DAY, "zh", READY), "zh")
    alone = assess(HNTE, Case("", "", dict(found.seen.case.facts)), DAY)
    assert found.outcomes == alone.outcomes and found.score == alone.score
    assert found.hard is Outcome.MET


@pytest.mark.parametrize("name", PROGRAMMES)
@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_is_typed_is_told_at_its_field_and_nothing_typed_is_lost(client, name, value):
    fields = [box.name for box in self_test(RULEBOOKS[name], DAY, "zh", {}).boxes]
    answer = client.post(at(name), dict.fromkeys(fields, value) | {"established_on": "2012-03-01"})
    source = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in source and "_error" in source
    assert 'value="2012-03-01"' in source
    assert "<script>alert" not in source
    assert "no-store" in answer.headers["Cache-Control"]
    if len(value) < 40:
        assert value in html.unescape(source)


def test_a_word_for_nothing_is_read_as_unknown_and_said(client):
    answer = client.post(
        at(), READY | {"ip_class1": "无", "staff_average.1": "不详", "net_assets.1": "NaN"}
    )
    page = text(answer)
    assert answer.status_code == 200 and "“无”读作未知；如果确实是零，请写 0" in page
    assert "缺2018年职工总数" in page and "不符合的" not in page


@pytest.mark.parametrize("day", ["2019-06-18", "2012-02-30", "1-1-1", "昨天", "99999999", "2012"])
def test_a_day_that_cannot_be_is_refused(client, day):
    answer = client.post(at(), READY | {"established_on": day})
    assert answer.status_code == 422 and 'id="id_established_on_error"' in answer.content.decode()


def test_bytes_that_are_no_text_and_names_that_are_no_facts_do_not_break_it(client):
    junk = {f"x{number}": "1" for number in range(900)} | {"sales_revenue.9": "1", "key": "1"}
    assert client.post(at(), junk).status_code == 200
    raw = b"sales_revenue.1=%ff%fe%00&resident=maybe&csrfmiddlewaretoken="
    assert (
        client.post(at(), raw, content_type="application/x-www-form-urlencoded").status_code == 422
    )
    assert client.post(at(), b"\x00{", content_type="application/json").status_code == 200
    broken = client.post(at(), b"--x\r\n", content_type="multipart/form-data; boundary=x")
    assert broken.status_code < 500
    assert client.post(at(), READY | {"resident": "\0"}).status_code == 200
    assert client.put(at(), READY).status_code == 405


def test_nothing_of_it_is_kept(client, caplog):
    before, secret = kept(), "1357.9246"
    client.get(at())
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as queries:
        right = client.post(at(), READY | {"sales_revenue.1": secret})
        wrong = client.post(at(), READY | {"sales_revenue.1": f"{secret}x"})
    assert right.status_code == 200 and wrong.status_code == 422
    assert secret in right.content.decode() and secret in wrong.content.decode()
    assert kept() == before
    said = [query["sql"] for query in queries.captured_queries]
    assert all(sql.lstrip("( ").upper().startswith("SELECT") for sql in said), said
    assert not any("1357" in sql for sql in said)
    assert "1357" not in "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    assert "sessionid" not in client.cookies and not client.session.keys()


def test_the_page_asks_the_database_the_same_however_much_is_typed(client):
    client.post(at(), READY)
    asked = []
    for given in ({}, READY, READY | {"staff_average.1": "x"}):
        with CaptureQueriesContext(connection) as queries:
            client.post(at(), given)
        asked.append(len(queries))
    assert max(asked) <= 10, asked
    assert asked[0] == asked[1]


def test_one_address_may_not_test_without_end_and_keeps_what_it_typed(client):
    for _ in range(MOST_TESTS):
        assert client.post(at(), {}).status_code == 200
    answer = client.post(at(), {"sales_revenue.1": "12.5"})
    assert answer.status_code == 429 and 'value="12.5"' in answer.content.decode()
    assert client.get(at()).status_code == 200
    assert client.post(at(), {}, REMOTE_ADDR="10.1.2.3").status_code == 200


def test_before_the_rules_there_is_nothing_to_test(client):
    OfficeDay.objects.update(day=date(2015, 6, 17))
    for answer in (client.get(at()), client.post(at(), READY)):
        assert answer.status_code == 200 and "这套规则从2016-01-01起施行" in text(answer)


@pytest.mark.parametrize("name", PROGRAMMES)
@pytest.mark.parametrize("given", [{}, READY, {"sales_revenue.1": "x", "resident": "maybe"}])
def test_in_english_no_sign_is_chinese(client, name, given):
    for answer in (
        client.get(at(name), headers={"accept-language": "en"}),
        client.post(at(name), given, headers={"accept-language": "en"}),
    ):
        page = text(answer).replace("中文", "").replace("培育", "")
        left = [word for word in CHINESE.findall(page) if word not in ("济源市", "国科发火", "号")]
        assert not left, left
