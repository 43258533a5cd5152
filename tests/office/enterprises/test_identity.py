"""Names, codes and places with their history; two people at once; merging."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from peiyu.office.accounts.models import BodyKind, Delegation, Role
from peiyu.office.desk.search import search
from peiyu.office.enterprises.actions import (
    change_code,
    close,
    edit,
    enter,
    merge,
    move,
    rename,
    reopen,
    say_not_same,
    settle_residences,
)
from peiyu.office.enterprises.identity import checked_code, code_warning, core_of, tidy
from peiyu.office.enterprises.models import Enterprise, Residence, Status
from peiyu.office.enterprises.queries import alike, likely_duplicates
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import Conflict, NotAllowed, Refused
from tests.office.factories import DAY, again, body, enterprise, mandate, person

DB = pytest.mark.django_db
CODE, OTHER = "91419001MAX1LX27QC", "91419001MAX1LX28QB"


@pytest.fixture
def bureau(db):
    return person(Role.BUREAU_OFFICER)


def names_found(words, who):
    return [hit.enterprise.name for hit in search(words, again(who)).enterprises]


# ------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("济源市荻鹬装备有限公司", "荻鹬装备有限责任公司"),
        ("荻鹬（济源）装备有限公司", "荻鹬(济源)装备有限公司"),
        ("ＡＢＣ电子有限公司", "abc电子有限公司"),
        ("河南荻鹬装备股份有限公司", "荻鹬装备"),
    ],
)
def test_names_of_one_core_look_alike(one, other):
    assert core_of(one) == core_of(other)


def test_names_of_another_trade_do_not_look_alike():
    assert core_of("济源荻鹬装备有限公司") != core_of("济源荻鹬电子有限公司")


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)
    assert core_of(text) == core_of(text)


def test_signs_that_nobody_sees_are_taken_out():
    assert tidy(" 荻\u200b鹬\u202e \t装备\x00 ") == "荻 鹬 装备"


@pytest.mark.parametrize(
    "text", ["９１４１９００１ＭＡＸ１ＬＸ２７ＱＣ", "91419001max1lx27qc", " 91419001 MAX1LX27-QC "]
)
def test_a_code_is_read_as_it_is_meant(text):
    assert checked_code(text) == CODE


@pytest.mark.parametrize("text", ["123", "91419001MAX1LX27QI", "91419001MAX1LX27QCC", "一二三"])
def test_what_cannot_be_a_code_is_refused_with_what_was_written(text):
    with pytest.raises(Refused) as refused:
        checked_code(text)
    assert text.upper() in refused.value.say() and refused.value.field == "code"


def test_a_failing_check_digit_warns_and_is_kept():
    assert code_warning("91419001MAX1LX27QA") is not None
    assert checked_code("91419001MAX1LX27QA")


# ---------------------------------------------------------------------------------- renaming


@DB
def test_the_former_name_stays_findable_and_dated(bureau):
    one = enter({"name": "济源市荻鹬机械厂"}, town=body(), zone=None, on=DAY, actor=bureau)
    rename(one, name="济源荻鹬智能装备有限公司", from_on=DAY, reason="换照", actor=bureau)
    assert (
        names_found("荻鹬机械", bureau)
        == names_found("dyzn", bureau)
        == ["济源荻鹬智能装备有限公司"]
    )
    assert list(one.names.values_list("name", "until_on")) == [
        ("济源荻鹬智能装备有限公司", None),
        ("济源市荻鹬机械厂", DAY - timedelta(days=1)),
    ]


@DB
def test_a_rename_needs_a_reason_a_later_day_and_another_name(bureau):
    one = enterprise("荻鹬")
    for changes, field in (
        ({"name": "荻鹬", "reason": "换照"}, "name"),
        ({"name": "荻鹬二", "reason": " "}, "reason"),
        ({"name": "荻", "reason": "换照"}, "name"),
    ):
        with pytest.raises(Refused) as refused:
            rename(one, from_on=DAY, actor=bureau, **changes)
        assert refused.value.field == field
    rename(one, name="荻鹬二", from_on=DAY, reason="换照", actor=bureau)
    with pytest.raises(Refused, match="不晚于"):
        rename(one, name="荻鹬三", from_on=DAY, reason="换照", actor=bureau)
    assert (
        not RecordLine.objects.filter(action__endswith="rename")
        .exclude(values__name=["荻鹬", "荻鹬二"])
        .exists()
    )


@DB
def test_a_code_is_borne_by_one(bureau):
    one, other = enterprise(code=CODE), enterprise()
    with pytest.raises(Refused, match=one.name):
        change_code(other, code=CODE, from_on=DAY, reason="换照", actor=bureau)
    change_code(one, code=OTHER, from_on=DAY, reason="换照", actor=bureau)
    change_code(other, code=CODE, from_on=DAY, reason="换照", actor=bureau)
    assert names_found(OTHER, bureau) == [one.name]
    assert set(names_found(CODE, bureau)) == {one.name, other.name}
    assert [(pair.first, pair.second, pair.by) for pair in likely_duplicates(again(bureau))] == [
        (one, other, "code")
    ]


# ------------------------------------------------------------------------------------ moving


@DB
def test_a_move_leaves_past_days_as_they_were(bureau):
    old, new = body(), body(BodyKind.ZONE)
    town = body()
    one = enterprise(town=old)
    move(one, town=town, zone=new, from_on=DAY, reason="入园", on=DAY, actor=bureau)
    one.refresh_from_db()
    assert (one.town, one.zone, one.body) == (town, new, new)
    assert Residence.objects.on(DAY - timedelta(days=1)).get(enterprise=one).body == old
    assert Residence.objects.on(DAY).get(enterprise=one).body == new


@DB
def test_a_move_told_ahead_comes_on_its_day(bureau):
    old, new = body(), body()
    one = enterprise(town=old)
    ahead = DAY + timedelta(days=14)
    move(one, town=new, zone=None, from_on=ahead, reason="搬迁", on=DAY, actor=bureau)
    one.refresh_from_db()
    assert one.body == old
    assert (
        RecordLine.objects.get(action="enterprises.enterprise.move")
        .values["body"][0]
        .startswith(old.name)
    )
    assert settle_residences(on=ahead - timedelta(days=1)) == 0
    assert settle_residences(on=ahead) == 1
    assert settle_residences(on=ahead) == 0
    one.refresh_from_db()
    assert one.body == new
    assert RecordLine.objects.get(action="enterprises.enterprise.arrive").actor is None


@DB
def test_a_closed_zone_attributes_nothing(bureau):
    town, zone = body(), body(BodyKind.ZONE, closed_on=DAY - timedelta(days=1))
    one = enter({"name": "荻鹬装备"}, town=town, zone=zone, on=DAY, actor=bureau)
    assert one.body == town


@DB
@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["rename", "move", "code", "settle"]),
            st.integers(0, 3),
            st.integers(1, 40),
        ),
        max_size=8,
    )
)
def test_the_row_of_today_equals_its_history(steps):
    with transaction.atomic():
        bureau = person(Role.BUREAU_OFFICER)
        places = [body() for _ in range(4)]
        one = enter({"name": "荻鹬一"}, town=places[0], zone=None, on=DAY, actor=bureau)
        today = DAY
        for number, (what, place, days) in enumerate(steps):
            today += timedelta(days=1)
            with suppress(Refused):
                if what == "rename":
                    rename(
                        one, name=f"荻鹬{place}{number}", from_on=today, reason="x", actor=bureau
                    )
                elif what == "move":
                    ahead = today + timedelta(days=days if place % 2 else 0)
                    move(
                        one,
                        town=places[place],
                        zone=None,
                        from_on=ahead,
                        reason="x",
                        on=today,
                        actor=bureau,
                    )
                elif what == "code":
                    change_code(
                        one, code=(CODE, OTHER)[place % 2], from_on=today, reason="x", actor=bureau
                    )
                else:
                    today += timedelta(days=days)
            settle_residences(on=today)
            for row in Enterprise.objects.all():
                lies = Residence.objects.on(today).get(enterprise=row)
                assert (row.town, row.zone, row.body) == (lies.town, lies.zone, lies.body)
                assert row.name == row.names.get(until_on=None).name
                assert row.code not in row.old_codes.values_list("code", flat=True).filter(
                    until_on__gte=today
                )
        transaction.set_rollback(True)


# ------------------------------------------------------------------------------- two at once


@DB
def test_what_two_changed_differently_is_shown_to_the_second_and_nothing_is_lost(bureau):
    one = enterprise(industry="3599", legal_form="limited")
    seen = {"industry": "3599", "legal_form": "limited", "field": ""}
    edit(
        one,
        {"industry": "3511", "legal_form": "limited", "field": ""},
        seen=seen,
        on=DAY,
        actor=bureau,
    )
    with pytest.raises(Conflict) as conflict:
        edit(
            one,
            {"industry": "3489", "legal_form": "stock", "field": ""},
            seen=seen,
            on=DAY,
            actor=bureau,
        )
    assert [(d.field, d.wanted, d.stands) for d in conflict.value.differences] == [
        ("industry", "3489", "3511")
    ]
    one.refresh_from_db()
    assert (one.industry, one.legal_form) == ("3511", "limited")


@DB
def test_what_two_changed_in_different_fields_is_both_kept(bureau):
    one = enterprise(industry="3599", legal_form="limited")
    seen = {"industry": "3599", "legal_form": "limited"}
    edit(one, {**seen, "industry": "3511"}, seen=seen, on=DAY, actor=bureau)
    edit(one, {**seen, "legal_form": "stock"}, seen=seen, on=DAY, actor=bureau)
    one.refresh_from_db()
    assert (one.industry, one.legal_form, one.version) == ("3511", "stock", 3)


# ----------------------------------------------------------------------------------- merging


@DB
def test_merging_loses_nothing(bureau):
    town = body()
    kept = enter(
        {"name": "济源市荻鹬装备有限公司", "code": CODE}, town=town, zone=None, on=DAY, actor=bureau
    )
    gone = enter(
        {"name": "荻鹬装备有限公司", "industry": "3599"}, town=town, zone=None, on=DAY, actor=bureau
    )
    owner = person(Role.OWNER)
    mandate(gone, owner)
    assert alike("荻鹬装备", "", person=again(bureau)) == [kept, gone] or alike(
        "荻鹬装备", "", person=again(bureau)
    ) == [gone, kept]
    merge(gone, into=kept, on=DAY, reason="同一家", actor=bureau)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (gone.status, gone.merged_into, kept.industry) == (Status.MERGED, kept, "3599")
    assert set(kept.names.values_list("name", flat=True)) == {
        "济源市荻鹬装备有限公司",
        "荻鹬装备有限公司",
    }
    assert list(Enterprise.objects.visible_to(again(owner))) == [kept]
    assert names_found("荻鹬", bureau) == [kept.name]
    assert RecordLine.objects.filter(action="enterprises.enterprise.merge").count() == 2
    for act in (
        lambda: rename(gone, name="别的名字", from_on=DAY, reason="x", actor=bureau),
        lambda: merge(gone, into=kept, on=DAY, reason="again", actor=bureau),
        lambda: merge(kept, into=kept, on=DAY, reason="self", actor=bureau),
    ):
        with pytest.raises(Refused):
            act()


@DB
def test_two_that_were_found_to_be_two_are_not_suggested_again(bureau):
    one, other = enterprise("荻鹬装备有限公司"), enterprise("济源荻鹬装备有限公司")
    assert len(likely_duplicates(again(bureau))) == 1
    say_not_same(other, one, reason="两家执照", actor=bureau)
    say_not_same(one, other, reason="两家执照", actor=bureau)
    assert likely_duplicates(again(bureau)) == []


@DB
def test_closing_and_coming_back(bureau):
    one = enterprise()
    close(one, status="closed", on=DAY, reason="注销", actor=bureau)
    with pytest.raises(Refused, match="已经是"):
        close(one, status="gone", on=DAY, reason="迁出", actor=bureau)
    reopen(one, reason="误登", actor=bureau)
    one.refresh_from_db()
    assert (one.status, one.closed_on) == (Status.ACTIVE, None)


# ------------------------------------------------------------------------------------- rights

WHO = {
    Role.BUREAU_OFFICER: True, Role.BUREAU_HEAD: True, Role.TOWN_OFFICER: True, Role.ZONE_OFFICER: False,
    Role.FINANCE: False, Role.TAX: False, Role.IP_OFFICE: False, Role.STATISTICS: False, Role.LEADER: False,
    Role.COACH: False, Role.BANK: False, Role.OWNER: False, Role.ACCOUNTANT: False, Role.AGENCY: False,
}  # fmt: skip


@DB
@pytest.mark.parametrize(("role", "may"), WHO.items())
def test_who_may_rename_an_enterprise_of_the_town(role, may):
    town = body()
    one = enterprise(town=town)
    who = person(role, town if role == Role.TOWN_OFFICER else None)
    if may:
        assert (
            rename(one, name="新的名字", from_on=DAY, reason="换照", actor=who).name == "新的名字"
        )
        return
    with pytest.raises(NotAllowed):
        rename(one, name="新的名字", from_on=DAY, reason="换照", actor=who)
    assert not RecordLine.objects.exists()


@DB
def test_a_town_does_not_edit_what_is_attributed_to_a_zone(bureau):
    town, zone = body(), body(BodyKind.ZONE)
    one = enterprise(town=town, zone=zone)
    officer = person(Role.TOWN_OFFICER, town)
    assert list(Enterprise.objects.visible_to(officer)) == [one]
    with pytest.raises(NotAllowed):
        rename(one, name="新的名字", from_on=DAY, reason="换照", actor=officer)


@DB
def test_what_a_person_does_for_another_is_recorded_for_both(bureau):
    town = body()
    giver, taker = person(Role.TOWN_OFFICER, town), person(Role.TOWN_OFFICER)
    Delegation.objects.create(
        giver=giver, taker=taker, from_on=date(2000, 1, 1), until_on=date(2100, 1, 1), reason="休假"
    )
    rename(enterprise(town=town), name="新的名字", from_on=DAY, reason="换照", actor=again(taker))
    line = RecordLine.objects.get(action="enterprises.enterprise.rename")
    assert (line.actor, line.for_whom) == (taker, giver)


@DB
@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_own_and_no_more(role):
    town, zone = body(), body(BodyKind.ZONE)
    mine, foreign = enterprise(town=town, zone=zone), enterprise(town=body())
    of = {Role.TOWN_OFFICER: town, Role.ZONE_OFFICER: zone}.get(role)
    who = person(role, of)
    citywide = {
        Role.BUREAU_OFFICER,
        Role.BUREAU_HEAD,
        Role.FINANCE,
        Role.TAX,
        Role.IP_OFFICE,
        Role.STATISTICS,
        Role.LEADER,
    }
    before = set(Enterprise.objects.visible_to(who))
    if role in citywide:
        assert before == {mine, foreign}
    elif of:
        assert before == {mine}
    else:
        assert before == set()
        mandate(mine, who, role.value)
        assert set(Enterprise.objects.visible_to(again(who))) == {mine}


@DB
@pytest.mark.parametrize("duty", ["system", "security", "audit"])
def test_administrators_see_no_enterprise(duty):
    enterprise(town=body())
    assert not Enterprise.objects.visible_to(person(duty=duty)).exists()
