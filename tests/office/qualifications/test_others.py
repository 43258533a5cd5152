"""Numbers of technology SMEs, titles, annual reports, reports of changes: the refusals first."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from peiyu.office.accounts.models import Role
from peiyu.office.desk.merging import merge_entries
from peiyu.office.desk.search import search
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.models import (
    AnnualReport,
    ChangeKind,
    ChangeReport,
    EventKind,
    TechSmeNumber,
    Title,
    TitleKind,
    TitleLevel,
)
from tests.office.factories import DAY, again, body, enterprise, mandate, person
from tests.office.qualifications.given import certificate, event, paper

pytestmark = pytest.mark.django_db
NUMBER = "201941900108000123"


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def one():
    return enterprise(town=body())


def numbered(of, by, number=NUMBER, issued_on=date(2019, 5, 7)):
    return actions.enter_tech_sme(
        of, number=number, issued_on=issued_on, source=paper(), on=DAY, actor=by
    )


def titled(of, by, **more):
    given = {
        "kind": TitleKind.LITTLE_GIANT,
        "level": TitleLevel.PROVINCE,
        "awarded_on": date(2018, 9, 1),
    }
    return actions.enter_title(of, **{**given, **more}, source=paper(), on=DAY, actor=by)


def filed(of, by, year=2018, filed_on=date(2019, 5, 20), on=DAY, reason=""):
    return actions.file_annual_report(
        of, year=year, filed_on=filed_on, source=paper(), on=on, actor=by, reason=reason
    )


def reported(of, by, **more):
    given = {
        "kind": ChangeKind.RENAMED,
        "happened_on": date(2019, 3, 1),
        "reported_on": date(2019, 4, 1),
    }
    return actions.report_change(of, **{**given, **more}, source=paper(), on=DAY, actor=by)


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.field, caught.value.say()


# -- numbers of technology SMEs


@pytest.mark.parametrize(
    ("number", "issued_on", "field", "said"),
    [
        ("2019419001", None, "number", "应为18位"),
        ("202041900108000123", None, "number", "今年是2019年"),
        ("201341900108000123", None, "number", "年份2013不对"),
        (NUMBER, date(2019, 6, 18), "issued_on", "之后"),
        (NUMBER, date(2018, 12, 31), "issued_on", "不合"),
        ("x" * 5000, None, "number", "应为18位"),
    ],
)
def test_what_can_be_no_number_is_refused(one, bureau, number, issued_on, field, said):
    found, words = refused(lambda: numbered(one, bureau, number, issued_on))
    assert found == field and said in words
    assert not TechSmeNumber.objects.exists()


def test_an_enterprise_has_one_number_a_year_and_a_number_one_enterprise(one, bureau):
    made = numbered(one, bureau)
    assert (made.year, made.number) == (2019, NUMBER)
    assert "一年只有一个" in refused(lambda: numbered(one, bureau, "201941900108000124"))[1]
    assert "名下" in refused(lambda: numbered(enterprise(), bureau))[1]
    actions.take_back(made, reason="看错", on=DAY, actor=bureau)
    assert numbered(one, bureau, "201941900108000124")


def test_a_number_is_found_and_struck_off_once(one, bureau):
    made = numbered(one, bureau)
    for words in (NUMBER, NUMBER[10:]):
        assert [hit.enterprise for hit in search(words, again(bureau)).enterprises] == [one]
    with pytest.raises(Refused, match="早于2019-01-01"):
        actions.revoke_tech_sme(
            made, revoked_on=date(2018, 12, 1), reason="x", on=DAY, actor=bureau
        )
    actions.revoke_tech_sme(
        made, revoked_on=date(2019, 6, 1), reason="未更新", on=DAY, actor=bureau
    )
    with pytest.raises(Refused, match="不能再撤销一次"):
        actions.revoke_tech_sme(made, revoked_on=DAY, reason="x", on=DAY, actor=bureau)
    assert RecordLine.objects.get(action="qualifications.techsmenumber.revoke").reason == "未更新"


# -- titles


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "x"}, "kind"), ({"level": "x"}, "level"), ({"awarded_on": None}, "awarded_on"),
        ({"awarded_on": date(2019, 6, 18)}, "awarded_on"), ({"ends_on": date(2018, 8, 31)}, "ends_on"),
        ({"number": "x" * 61}, "number"), ({"name": "x" * 101}, "name"),
    ],
)  # fmt: skip
def test_what_can_be_no_title_is_refused(one, bureau, values, field):
    assert refused(lambda: titled(one, bureau, **values))[0] == field
    assert not Title.objects.exists()


def test_a_title_is_given_once_and_taken_away_once(one, bureau):
    made = titled(one, bureau, number="豫科〔2018〕9号")
    assert "不必再记" in refused(lambda: titled(one, bureau, number="豫科〔2018〕9号"))[1]
    titled(one, bureau, kind=TitleKind.SPECIALISED)
    actions.revoke_title(made, revoked_on=DAY, reason="复核未过", on=DAY, actor=bureau)
    with pytest.raises(Refused, match="不能再撤销"):
        actions.revoke_title(made, revoked_on=DAY, reason="x", on=DAY, actor=bureau)


# -- annual reports


def test_the_enterprise_says_when_it_filed_its_report(one, bureau):
    certificate(one, by=bureau)
    owner, bank = person(Role.OWNER), person(Role.BANK)
    mandate(one, owner)
    mandate(one, bank, MandateKind.BANK)
    for who in (bank, person(Role.OWNER), person(Role.TOWN_OFFICER, one.body), person(Role.TAX)):
        with pytest.raises(NotAllowed):
            filed(one, again(who))
    made = filed(one, again(owner))
    assert made.filed_on == date(2019, 5, 20) and filed(one, again(owner)).pk == made.pk
    assert AnnualReport.objects.visible_to(again(bank)).count() == 0
    assert AnnualReport.objects.visible_to(person(Role.TOWN_OFFICER, one.body)).count() == 1
    assert AnnualReport.objects.visible_to(person(Role.TOWN_OFFICER)).count() == 0


@pytest.mark.parametrize(
    ("year", "filed_on", "field", "said"),
    [
        (2015, date(2016, 5, 1), "year", "没有有效的高新技术企业证书"),
        (2019, None, "year", "没有有效的高新技术企业证书"),
        (2013, DAY, "year", "不在 2015–2100 之间"),
        (2018, date(2018, 12, 31), "filed_on", "早了"),
        (2018, DAY + timedelta(days=1), "filed_on", "之后"),
    ],
)
def test_what_cannot_be_of_a_report_is_refused(one, bureau, year, filed_on, field, said):
    certificate(one, by=bureau)
    found, words = refused(lambda: filed(one, bureau, year, filed_on))
    assert found == field and said in words


def test_no_report_is_owed_after_the_certificate_is_gone(one, bureau):
    held = certificate(one, by=bureau)
    event(held, EventKind.SPLIT, date(2019, 3, 1), by=bureau, ends=True)
    field, words = refused(lambda: filed(one, bureau))
    assert field == "year" and "没有有效的高新技术企业证书" in words
    assert filed(one, bureau, 2017, date(2018, 5, 2)).year == 2017


def test_only_the_bureau_says_that_one_was_not_filed_and_not_before_its_day(one, bureau):
    certificate(one, by=bureau)
    owner = person(Role.OWNER)
    mandate(one, owner)
    assert "请填" in refused(lambda: filed(one, again(owner), filed_on=None))[1]
    may = date(2019, 5, 31)
    assert "才到期" in refused(lambda: filed(one, bureau, filed_on=None, on=may))[1]
    assert filed(one, bureau, filed_on=None).filed_on is None


def test_another_day_than_was_said_needs_a_reason(one, bureau):
    certificate(one, by=bureau)
    filed(one, bureau)
    assert refused(lambda: filed(one, bureau, filed_on=date(2019, 6, 3)))[0] == "reason"
    after = filed(one, bureau, filed_on=date(2019, 6, 3), reason="网上显示6月3日")
    assert AnnualReport.objects.standing().get() == after
    assert AnnualReport.objects.known_on(DAY - timedelta(days=1)).count() == 0
    line = RecordLine.objects.filter(action="qualifications.annualreport.file").last()
    assert line.values["filed_on"] == ["2019-05-20", "2019-06-03"]


# -- changes, taking back, uniting


def test_a_change_is_reported_once_and_not_before_it_happened(one, bureau):
    assert refused(lambda: reported(one, bureau, kind="x"))[0] == "kind"
    assert refused(lambda: reported(one, bureau, reported_on=date(2019, 2, 28)))[0] == "reported_on"
    reported(one, bureau)
    assert "已经登记过" in refused(lambda: reported(one, bureau))[1]
    with pytest.raises(NotAllowed):
        reported(one, person(Role.TOWN_OFFICER, one.body), kind=ChangeKind.SPLIT)


def test_what_was_told_stays_and_is_taken_back_once(one, bureau):
    made = titled(one, bureau)
    for change in (
        Title.objects.filter(pk=made.pk).delete,
        lambda: Title.objects.filter(pk=made.pk).update(awarded_on=DAY),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(Refused, match="理由"):
        actions.take_back(made, reason=" ", on=DAY, actor=bureau)
    with pytest.raises(NotAllowed):
        actions.take_back(made, reason="x", on=DAY, actor=person(Role.TAX))
    actions.take_back(made, reason="看错", on=DAY, actor=bureau)
    with pytest.raises(Refused, match="撤回"):
        actions.take_back(made, reason="x", on=DAY, actor=bureau)
    with pytest.raises(Refused, match="撤回"):
        actions.revoke_title(made, revoked_on=DAY, reason="x", on=DAY, actor=bureau)


def test_united_entries_keep_what_either_had_and_the_kept_ones_own(one, bureau):
    other = enterprise(town=body())
    for firm in (one, other):
        certificate(firm, date(2016, 12, 1) if firm == one else date(2013, 12, 1), by=bureau)
    numbered(one, bureau)
    own = numbered(other, bureau, "201841900108000124", date(2018, 5, 1))
    titled(one, bureau)
    filed(one, bureau)
    reported(one, bureau)
    merge_entries(one, into=other, on=DAY, reason="同一家", actor=bureau)
    assert set(TechSmeNumber.objects.standing().values_list("enterprise", "number")) == {
        (other.pk, NUMBER), (other.pk, own.number),
    }  # fmt: skip
    for model in (Title, AnnualReport, ChangeReport):
        assert [row.enterprise for row in model.objects.standing()] == [other]
        assert model.objects.filter(enterprise=one).exclude(withdrawn_on=None).count() == 1
    assert [hit.enterprise for hit in search(NUMBER, again(bureau)).enterprises] == [other]
