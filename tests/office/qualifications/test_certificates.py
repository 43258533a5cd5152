"""Entering certificates and saying what happened to them: the refusals first, then what follows."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from peiyu.office.accounts.models import Role
from peiyu.office.desk.merging import merge_entries
from peiyu.office.desk.search import search
from peiyu.office.enterprises.models import Status
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import Conflict, NotAllowed, Refused, SeveralRefused
from peiyu.office.foundation.verification import verify
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.holding import last_day_of
from peiyu.office.qualifications.models import (
    Certificate,
    CertificateEvent,
    CertificateVersion,
    EventKind,
    Holding,
)
from tests.office.factories import DAY, again, body, enterprise, mandate, person
from tests.office.qualifications.given import ISSUED, certificate, event, number, paper

pytestmark = pytest.mark.django_db
LAST = date(2019, 12, 1)
DAY_AFTER = DAY + timedelta(days=1)


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def one():
    return enterprise("济源市荻鹬装备有限公司", town=body(), established_on=date(2010, 5, 1))


def held(of):
    rows = Holding.objects.filter(certificate=of, gone_on=None)
    return list(rows.values_list("from_on", "to_on"))


def refused(act):
    """What is said, and at which fields."""
    with pytest.raises(Refused) as caught:
        act()
    several = getattr(caught.value, "refusals", (caught.value,))
    return {refusal.field: refusal.say() for refusal in several}


# -- entering


def test_a_certificate_counts_from_its_issue_to_its_last_day(one, bureau):
    made = certificate(one, by=bureau)
    assert held(made) == [(ISSUED, LAST)]
    assert (made.last_on, made.gone_from, made.version) == (LAST, None, 1)
    assert made.name == one.name, "the name that the enterprise bore"
    line = RecordLine.objects.get(action="qualifications.certificate.enter")
    assert line.values["number"] == [None, made.number] and line.about_key == str(one.pk)


def test_one_issued_elsewhere_counts_only_from_its_move_in(one, bureau):
    made = certificate(one, by=bureau, issued_here=False)
    assert held(made) == []
    event(made, EventKind.MOVED_IN, date(2018, 3, 1), by=bureau)
    assert held(made) == [(date(2018, 3, 1), LAST)]


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"number": "GR20164100001"}, "number", "现有13位"),
        ({"number": ""}, "number", "应以GR开头"),
        ({"issued_on": None}, "issued_on", "请填日期"),
        ({"issued_on": "2016-12-01"}, "issued_on", "日期应写成"),
        ({"issued_on": DAY_AFTER}, "issued_on", "在今天2019-06-17之后"),
        ({"issued_on": date(2007, 12, 31)}, "issued_on", "早于2008-01-01"),
        ({"issued_on": date(2010, 4, 30)}, "issued_on", "早于企业成立日期2010-05-01"),
        ({"printed_end_on": ISSUED}, "printed_end_on", "不晚于发证日期"),
        (
            {"printed_end_on": date(2019, 12, 2)},
            "printed_end_on",
            "晚于按办法的有效期算出的2019-12-01",
        ),
        ({"publicity_on": DAY_AFTER}, "publicity_on", "之后"),
        ({"name": "x" * 121}, "name", "121个字"),
        ({"issuer": "x" * 101}, "issuer", "最多100个"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(one, bureau, values, field, said):
    given = {"number": number(), "issued_on": ISSUED, **values}
    found = refused(
        lambda: actions.enter_certificate(one, given, source=paper(), on=DAY, actor=bureau)
    )
    assert said in found[field]
    assert not Certificate.objects.exists() and not Holding.objects.exists()


def test_all_that_is_wrong_is_said_at_once(one, bureau):
    given = {"number": "x", "issued_on": DAY_AFTER, "issuer": "x" * 101}
    with pytest.raises(SeveralRefused) as several:
        actions.enter_certificate(one, given, source=paper(), on=DAY, actor=bureau)
    assert {one.field for one in several.value.refusals} == {"number", "issued_on", "issuer"}


def test_a_number_stands_once_in_the_city(one, bureau):
    first = certificate(one, by=bureau)
    other = enterprise(town=body())
    found = refused(lambda: certificate(other, number=f" {first.number.lower()} "))
    assert "荻鹬" in found["number"] and "更名换证" in found["number"]
    actions.withdraw_certificate(first, reason="登错企业", on=DAY, actor=bureau)
    assert certificate(other, number=first.number).number == first.number


def test_a_second_certificate_comes_in_the_year_in_which_the_first_ends(one, bureau):
    first = certificate(one, date(2015, 11, 16), by=bureau)
    assert "期满当年才重新认定" in refused(lambda: certificate(one, date(2017, 12, 1)))["issued_on"]
    assert "才到期" in refused(lambda: certificate(one, date(2014, 12, 1)))["issued_on"]
    assert "同一天" in refused(lambda: certificate(one, date(2015, 11, 16)))["issued_on"]
    second = certificate(one, date(2018, 9, 12), by=bureau)
    assert held(first) == [(date(2015, 11, 16), date(2018, 11, 16))]
    assert held(second) == [(date(2018, 9, 12), date(2021, 9, 12))]


def test_who_was_revoked_gets_no_new_one_in_the_same_year(one, bureau):
    first = certificate(one, by=bureau)
    event(first, EventKind.REVOKED, date(2018, 3, 1), from_on=date(2017, 1, 1), by=bureau)
    assert "G5.6.3" in refused(lambda: certificate(one, date(2018, 11, 1)))["issued_on"]
    assert certificate(one, date(2019, 1, 2), by=bureau)


def test_only_the_bureau_enters(one, bureau):
    owner = person(Role.OWNER)
    mandate(one, owner)
    made = certificate(one, by=bureau)
    for who in (person(Role.TOWN_OFFICER, one.body), owner, person(Role.TAX), person(Role.LEADER)):
        for act in (
            lambda who=who: certificate(one, date(2019, 1, 1), by=again(who)),
            lambda who=who: event(made, EventKind.MOVED_OUT, DAY, by=again(who)),
            lambda who=who: actions.withdraw_certificate(
                made, reason="x", on=DAY, actor=again(who)
            ),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert held(made) == [(ISSUED, LAST)]


def test_nothing_is_given_to_an_entry_merged_away(one, bureau):
    type(one).objects.filter(pk=one.pk).update(status=Status.MERGED, merged_into=enterprise())
    with pytest.raises(NotAllowed):
        certificate(one, by=bureau)


# -- correcting


def corrected(of, by, *, seen=None, reason="看错了", on=DAY, **values):
    return actions.correct_certificate(
        of, values, seen=seen or of.version, reason=reason, source=paper(), on=on, actor=by
    )


def test_a_correction_is_a_new_version_and_the_days_follow(one, bureau):
    made = certificate(one, by=bureau)
    assert (
        "理由" in refused(lambda: corrected(made, bureau, reason=" ", issued_on=ISSUED))["reason"]
    )
    after = corrected(made, bureau, issued_on=date(2016, 12, 9), printed_end_on=date(2019, 11, 30))
    assert (after.version, after.last_on) == (2, date(2019, 11, 30))
    assert held(after) == [(date(2016, 12, 9), date(2019, 11, 30))]
    old = CertificateVersion.objects.get(certificate=made, version=1)
    assert (old.issued_on, old.printed_end_on) == (ISSUED, None)
    assert "没有改动" in refused(lambda: corrected(after, bureau, issued_on=after.issued_on))[""]


def test_two_who_correct_at_once_see_each_other(one, bureau):
    made = certificate(one, by=bureau)
    corrected(made, bureau, issuer="河南省")
    with pytest.raises(Conflict) as conflict:
        corrected(made, bureau, seen=1, issuer="河南")
    assert [(d.field, d.wanted, d.stands) for d in conflict.value.differences] == [
        ("issuer", "河南", "河南省")
    ]
    both = corrected(made, bureau, seen=1, approved_on=date(2016, 12, 20))
    assert (both.issuer, both.approved_on) == ("河南省", date(2016, 12, 20))


def test_a_correction_does_not_pass_by_what_happened(one, bureau):
    made = certificate(one, by=bureau)
    event(made, EventKind.RENAMED, date(2017, 2, 1), by=bureau)
    said = refused(lambda: corrected(made, bureau, issued_on=date(2017, 3, 1)))
    assert "更名换证" in said["issued_on"]


def test_a_certificate_entered_by_mistake_never_was(one, bureau):
    made = certificate(one, by=bureau)
    with pytest.raises(Refused, match="理由"):
        actions.withdraw_certificate(made, reason="", on=DAY_AFTER, actor=bureau)
    actions.withdraw_certificate(made, reason="登错企业", on=DAY_AFTER, actor=bureau)
    assert held(made) == []
    assert Holding.objects.over(DAY_AFTER, known=DAY).count() == 1, "as it was known before"
    for act in (
        lambda: event(made, EventKind.MOVED_OUT, DAY, by=bureau),
        lambda: corrected(made, bureau, issuer="x"),
        lambda: actions.withdraw_certificate(made, reason="x", on=DAY_AFTER, actor=bureau),
    ):
        with pytest.raises(Refused, match="已于2019-06-18撤回"):
            act()


def test_nothing_that_was_told_can_be_changed_or_removed(one, bureau):
    made = certificate(one, by=bureau)
    happened = event(made, EventKind.PART_MOVED_OUT, DAY, by=bureau)
    versions = CertificateVersion.objects.filter(certificate=made)
    events = CertificateEvent.objects.filter(pk=happened.pk)
    actions.withdraw_event(happened, reason="误记", on=DAY, actor=bureau)
    for change in (
        lambda: versions.update(issued_on=DAY), versions.delete,
        lambda: events.update(happened_on=ISSUED), lambda: events.update(withdrawn_on=None),
        events.delete, lambda: Certificate.objects.filter(pk=made.pk)._raw_delete("default"),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert versions.get().issued_on == ISSUED
    assert verify().whole


# -- what happened


def test_each_event_does_what_the_law_says(one, bureau):
    day = date(2018, 7, 2)
    ends = {
        EventKind.RENAMED: LAST, EventKind.PART_MOVED_IN: LAST, EventKind.PART_MOVED_OUT: LAST,
        EventKind.SPLIT: LAST, EventKind.MERGED: LAST, EventKind.REVOKED: date(2018, 7, 1),
        EventKind.MOVED_OUT: date(2018, 7, 1),
    }  # fmt: skip
    for kind, last in ends.items():
        made = certificate(enterprise(town=body()), by=bureau)
        event(made, kind, day, by=bureau)
        assert held(made) == [(ISSUED, last)], kind
    for kind in (EventKind.SPLIT, EventKind.MERGED):
        made = certificate(enterprise(town=body()), by=bureau)
        event(made, kind, day, ends=True, by=bureau)
        made.refresh_from_db()
        assert held(made) == [(ISSUED, date(2018, 7, 1))] and made.gone_from == day


def test_a_revocation_reaches_back_to_the_year_of_the_act(one, bureau):
    made = certificate(one, by=bureau)
    event(made, EventKind.REVOKED, date(2019, 3, 1), from_on=date(2018, 1, 1), by=bureau)
    assert held(made) == [(ISSUED, date(2017, 12, 31))]
    made.refresh_from_db()
    assert made.gone_from == date(2018, 1, 1)


@pytest.mark.parametrize(
    ("kind", "happened_on", "more", "field", "said"),
    [
        ("nonsense", DAY, {}, "kind", "请选"),
        (EventKind.MOVED_OUT, DAY_AFTER, {}, "happened_on", "之后"),
        (EventKind.MOVED_OUT, date(2016, 11, 30), {}, "happened_on", "早于发证日期2016-12-01"),
        (EventKind.MOVED_IN, DAY, {}, "happened_on", "已在本市计入"),
        (EventKind.RENAMED, DAY, {"name": " "}, "name", "请填写企业全称"),
        (EventKind.RENAMED, DAY, {"name": "济源市荻鹬装备有限公司"}, "name", "相同"),
        (EventKind.REVOKED, DAY, {"from_on": DAY_AFTER}, "from_on", "晚于取消决定日"),
        (EventKind.REVOKED, DAY, {"from_on": date(2015, 12, 31)}, "from_on", "早于发证当年"),
        (EventKind.SPLIT, DAY, {"words": "x" * 301}, "words", "最多300个"),
    ],
)
def test_what_cannot_have_happened_is_refused(one, bureau, kind, happened_on, more, field, said):
    made = certificate(one, by=bureau)
    found = refused(lambda: event(made, kind, happened_on, by=bureau, **more))
    assert said in found[field]
    assert not CertificateEvent.objects.exists()


def test_nothing_happens_to_what_is_gone_and_nothing_twice(one, bureau):
    made = certificate(one, by=bureau)
    event(made, EventKind.RENAMED, date(2017, 5, 1), by=bureau)
    assert (
        "不必再记"
        in refused(lambda: event(made, EventKind.RENAMED, date(2017, 5, 1)))["happened_on"]
    )
    event(made, EventKind.REVOKED, date(2018, 5, 1), by=bureau)
    assert "不能再取消一次" in refused(lambda: event(made, EventKind.REVOKED, DAY))["kind"]
    assert (
        "不再有效" in refused(lambda: event(made, EventKind.SPLIT, date(2018, 5, 1)))["happened_on"]
    )
    assert event(made, EventKind.SPLIT, date(2018, 4, 30), by=bureau)


def test_after_its_last_day_only_a_revocation_of_before_happens(one, bureau):
    made = certificate(one, date(2014, 12, 1), by=bureau)
    for kind in (EventKind.RENAMED, EventKind.MOVED_OUT):
        assert (
            "最后一天2017-12-01" in refused(lambda kind=kind: event(made, kind, DAY))["happened_on"]
        )
    said = refused(lambda: event(made, EventKind.REVOKED, DAY, from_on=date(2018, 1, 1)))
    assert "不用取消" in said["from_on"]
    event(made, EventKind.REVOKED, DAY, from_on=date(2016, 1, 1), by=bureau)
    assert held(made) == [(date(2014, 12, 1), date(2015, 12, 31))]


def test_who_moved_out_can_come_back_but_not_leave_twice(one, bureau):
    made = certificate(one, by=bureau)
    event(made, EventKind.MOVED_OUT, date(2017, 6, 1), by=bureau)
    assert (
        "不在本市"
        in refused(lambda: event(made, EventKind.MOVED_OUT, date(2017, 7, 1)))["happened_on"]
    )
    event(made, EventKind.MOVED_IN, date(2018, 6, 1), by=bureau)
    assert held(made) == [(ISSUED, date(2017, 5, 31)), (date(2018, 6, 1), LAST)]


def test_what_was_said_by_mistake_is_taken_back_and_was_known_until_then(one, bureau):
    made = certificate(one, by=bureau)
    gone = event(made, EventKind.MOVED_OUT, date(2018, 6, 1), by=bureau)
    with pytest.raises(Refused, match="理由"):
        actions.withdraw_event(gone, reason="", on=DAY_AFTER, actor=bureau)
    actions.withdraw_event(gone, reason="没有迁", on=DAY_AFTER, actor=bureau)
    assert held(made) == [(ISSUED, LAST)]
    assert not Holding.objects.over(DAY, known=DAY).exists()
    assert Holding.objects.over(DAY, known=DAY_AFTER).count() == 1
    with pytest.raises(Refused, match="撤回"):
        actions.withdraw_event(gone, reason="x", on=DAY_AFTER, actor=bureau)


# -- found, and united


def test_an_enterprise_is_found_by_the_number_of_its_certificate(one, bureau):
    made = certificate(one, by=bureau)
    for words in (made.number, made.number[2:8], made.number[8:], made.number[:10].lower()):
        hits = search(words, again(bureau)).enterprises
        assert [(hit.enterprise, hit.found.kind) for hit in hits] == [(one, "certificate")]
    assert not search(made.number, person(Role.TOWN_OFFICER)).enterprises
    actions.withdraw_certificate(made, reason="登错", on=DAY, actor=bureau)
    assert not search(made.number, again(bureau)).enterprises


def test_of_two_entries_united_the_kept_one_holds_all_certificates(one, bureau):
    other = enterprise(town=body())
    first = certificate(one, date(2013, 12, 1), by=bureau)
    second = certificate(other, by=bureau)
    gone = event(first, EventKind.RENAMED, date(2015, 1, 1), by=bureau)
    merge_entries(one, into=other, on=DAY, reason="同一家", actor=bureau)
    first.refresh_from_db()
    assert (first.enterprise, first.version) == (other, 2)
    assert {row.enterprise_id for row in Holding.objects.filter(gone_on=None)} == {other.pk}
    assert second.holdings.get().enterprise == other and first.events.get() == gone
    assert first.versions.get(version=2).source == first.versions.get(version=1).source
    assert last_day_of(first) == first.last_on
    assert verify().whole
