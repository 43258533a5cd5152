"""How an enterprise stands, at its own door: plain words, what to do next, own estimates, nobody else's."""

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peiyu.office.accounts.models import Role
from peiyu.office.assessments.models import Estimate, Estimator
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay, RecordLine
from peiyu.policy.rulebooks.hnte import HNTE
from tests.office.assessments.held import hold, paper, ready, row
from tests.office.factories import DAY, again, enterprise, mandate, person

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
HOSTILE = (
    "9" * 40, "x" * 5_000, "\0", "\u202e", "=1+1", "<script>alert(1)</script>", "-1", "٣", "1.5", "²",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.create(day=DAY)


def text(answer):
    """The words of a page without its marks."""
    page = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))


def owner_of(one, kind=MandateKind.OWNER):
    who = person(kind.value)
    mandate(one, who, kind)
    return again(who)


def held(client, **changes):
    """An enterprise that would be recognised but for these changes, looked at by its owner."""
    one = hold(ready(**changes), DAY)
    client.force_login(owner_of(one))
    return one


def page_of(one, name="hnte", key=""):
    if key:
        return reverse("portal_assessment_criterion", args=[one.pk, name, key])
    return reverse("portal_assessment_of", args=[one.pk, name])


def test_the_page_says_in_plain_words_what_is_met_and_that_it_decides_nothing(client):
    one = held(client)
    found = client.get(reverse("portal_assessment", args=[one.pk]))
    page = text(found)
    assert found.status_code == 200
    for criterion in HNTE.criteria:
        if criterion.group in ("gate", "hard", "judged"):
            assert criterion.title in page
    assert HNTE.voice.caution in page and "不是" in HNTE.voice.caution
    assert "至少还要得" in page and "您估计专家给多少分" in page
    assert "补上" not in page


def test_the_bound_itself_is_met_and_one_person_fewer_is_not(client):
    page = text(client.get(page_of(held(client))))
    assert "您的数10.00%，要求≥ 10.00%" in page and "不符合的" not in page
    page = text(client.get(page_of(held(client, **{"st_staff_average.1": 900}))))
    assert "您的数9.00%，要求≥ 10.00%" in page and "差1人" in page and "不符合的" in page


def test_what_is_not_known_is_no_zero_and_leads_to_the_year_and_the_table(client):
    one = held(client, **{"staff_average.1": None})
    found = client.get(page_of(one))
    page, source = text(found), found.content.decode()
    assert "资料不足" in page and "缺2018年职工总数" in page
    assert "不符合的" not in page and "您的数0.00%" not in page
    year = reverse("portal_year", args=[one.pk, DAY.year - 1])
    assert f'href="{year}#id_staff_average"' in source
    assert client.get(year).status_code == 200
    assert 'id="id_staff_average"' in client.get(year).content.decode()
    bare = enterprise("济源市荻鹬装备有限公司")
    client.force_login(owner_of(bare))
    source = client.get(page_of(bare)).content.decode()
    for table in ("ip", "conversions", "products"):
        address = reverse("portal_evidence_table", args=[bare.pk, table])
        assert f'href="{address}"' in source
        assert client.get(address).status_code == 200
    assert reverse("portal_evidence_table", args=[bare.pk, "incidents"]) not in source
    assert "主管部门提供：主管部门出具的意见" in text(client.get(page_of(bare)))


def test_every_page_to_which_it_leads_is_there(client):
    bare = enterprise("济源市荻鹬装备有限公司")
    client.force_login(owner_of(bare))
    for name in ("hnte", "tech_sme", "little_giant", "little_giant_cultivation", "reserve"):
        source = client.get(page_of(bare, name)).content.decode()
        leads = set(re.findall(r'href="(/portal/enterprises/[^"#]+)', source))
        assert len(leads) > 3
        for address in leads:
            assert client.get(address).status_code == 200, (name, address)


def test_a_condition_in_full_names_facts_article_and_the_smallest_change(client):
    one = held(client)
    page = text(client.get(page_of(one, key="st_staff")))
    assert "用到的数据" in page and "释义" in page and "即为不符合" in page and "核定" in page
    row(one, "ip", {"no": "IP99", "title": "别人的", "kind": "software", "owner_self": False,
                    "granted_on": date(2017, 1, 1), "mainland": True, "certificate": True}, paper(),
        key="IP99")  # fmt: skip
    page = text(client.get(page_of(one, key="ip")))
    assert "IP99" in page and "不计入" in page
    for criterion in HNTE.criteria:
        assert client.get(page_of(one, key=criterion.id)).status_code == 200
    assert client.get(page_of(one, key="nothing")).status_code == 404
    assert client.get(page_of(one, name="jiyuan_awards")).status_code == 404
    assert client.get(page_of(one, name="nothing")).status_code == 404


def test_its_people_and_its_agency_see_it_and_nobody_else(client):
    one, other = hold(ready(), DAY), hold(ready(), DAY)
    for kind in (MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY):
        client.force_login(owner_of(one, kind))
        for key in ("", "st_staff"):
            assert client.get(page_of(one, key=key)).status_code == 200
            assert client.get(page_of(other, key=key)).status_code == 404
        assert client.post(page_of(other), {"low-advancement": "5"}).status_code == 404
    for who in (owner_of(one, MandateKind.BANK), person(Role.BUREAU_OFFICER)):
        client.force_login(again(who))
        for key in ("", "st_staff"):
            assert client.get(page_of(one, key=key)).status_code == 404
        assert client.post(page_of(one), {"low-advancement": "5"}).status_code == 404
    client.logout()
    assert client.get(page_of(one)).status_code == 302
    assert not Estimate.objects.exists()


def test_the_way_there_is_shown_to_whom_it_is_open(client):
    one = hold(ready(), DAY)
    address = reverse("portal_assessment", args=[one.pk])
    for kind, there in ((MandateKind.OWNER, True), (MandateKind.AGENCY, True), (MandateKind.BANK, False)):  # fmt: skip
        client.force_login(owner_of(one, kind))
        for page in (reverse("portal"), reverse("portal_enterprise", args=[one.pk])):
            assert (address in client.get(page).content.decode()) is there, (kind, page)


def test_an_estimate_stands_apart_and_changes_no_outcome(client):
    one = held(client)
    before = client.get(page_of(one)).context["standing"]
    given = {"low-advancement": "6", "high-advancement": "8", "low-support": "7"}
    answer = client.post(page_of(one), given)
    assert answer.status_code == 303
    kept = {row.item: (row.low, row.high, row.who) for row in Estimate.objects.all()}
    assert kept == {"advancement": (6, 8, Estimator.OWN), "support": (7, 7, Estimator.OWN)}
    after = client.get(page_of(one))
    assert after.context["standing"] == before
    assert "按您的估计是" in text(after)
    assert client.post(page_of(one), given).status_code == 303
    assert Estimate.objects.count() == 2
    assert RecordLine.objects.filter(action="assessments.estimate.make").count() == 2
    client.post(page_of(one), {"low-support": "7"})
    newest = Estimate.objects.filter(item="advancement").order_by("-version").first()
    assert newest.low is None and newest.version == 2


@pytest.mark.parametrize("low", [*HOSTILE, "9"])
def test_points_that_cannot_be_are_refused_at_the_field_and_nothing_is_kept(client, low):
    one = held(client)
    answer = client.post(page_of(one), {"low-support": "3", "low-advancement": low})
    if low == "\0":
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert not Estimate.objects.exists()
    source = answer.content.decode()
    assert 'id="id_advancement_error"' in source and 'name="low-support" value="3"' in source
    assert "<script>alert" not in source
    assert answer.context["wrong"] == 1


def test_an_upper_end_alone_or_below_the_lower_is_refused(client):
    one = held(client)
    for given in ({"high-support": "3"}, {"low-support": "5", "high-support": "3"}):
        answer = client.post(page_of(one), given)
        assert answer.status_code == 422 and 'id="id_support_error"' in answer.content.decode()
    assert not Estimate.objects.exists()


def test_before_the_rules_there_is_nothing_to_say(client):
    one = held(client)
    OfficeDay.objects.update(day=date(2015, 6, 17))
    answer = client.get(page_of(one))
    assert answer.status_code == 200 and "这套规则从2016-01-01起施行" in text(answer)
    assert client.post(page_of(one), {"low-support": "3"}).status_code == 200
    assert not Estimate.objects.exists()
    assert client.get(page_of(one, key="st_staff")).status_code == 404


def test_in_english_no_sign_is_chinese(client):
    one = hold(ready(**{"st_staff_average.1": 900, "net_assets.1": None}), DAY)
    type(one).objects.filter(pk=one.pk).update(name="Firm")
    who = owner_of(one)
    type(who).objects.filter(pk=who.pk).update(language="en", name="Owner")
    client.force_login(again(who))
    pages = [page_of(one, name) for name in ("hnte", "tech_sme", "reserve", "little_giant")]
    pages += [page_of(one, key=key) for key in ("st_staff", "ip", "score")]
    for address in pages:
        page = text(client.get(address)).replace("中文", "").replace("培育", "")
        left = [word for word in CHINESE.findall(page) if word not in ("济源市", "材料", "国科发火", "号")]  # fmt: skip
        assert not left, (address, left)


def test_the_page_asks_the_same_for_much_as_for_little(client):
    little, much = hold(ready(), DAY), hold(ready(), DAY)
    for at in range(50, 70):
        values = {"no": f"IP{at}", "title": f"件{at}", "kind": "software"}
        row(much, "ip", values, paper(), key=f"IP{at}")
    who = owner_of(little)
    mandate(much, who, MandateKind.OWNER)
    client.force_login(again(who))
    asked = []
    client.get(page_of(little))
    for one in (little, much):
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(one))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 40, asked
