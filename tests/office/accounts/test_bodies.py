"""Bodies are opened, named, moved and closed by the security administrator alone."""

from datetime import date

import pytest

from peiyu.office.accounts import actions
from peiyu.office.accounts.models import Body, BodyKind, Duty, Role
from peiyu.office.accounts.queries import register_of_bodies, tree_of_bodies
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.words import message
from tests.office.factories import DAY, administrator, body, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return administrator(Duty.SECURITY)


def opened(actor, **more):
    given = {"kind": BodyKind.TOWN, "code": "T9", "name": "大峪镇", "opened_on": DAY, **more}
    return actions.open_body(actor=actor, **given)


def anyone_else():
    yield from (administrator(duty) for duty in (Duty.SYSTEM, Duty.AUDIT))
    yield from (person(role) for role in Role)


def test_only_the_security_administrator_keeps_bodies():
    town, city = body(), body(BodyKind.CITY)
    for someone in anyone_else():
        for act in (
            opened,
            lambda actor: actions.rename_body(town, actor=actor, name="新名", on=DAY),
            lambda actor: actions.move_body(town, actor=actor, parent=city),
            lambda actor: actions.close_body(town, actor=actor, on=DAY),
        ):
            with pytest.raises(NotAllowed):
                act(someone)
    assert not RecordLine.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "village"}, "kind"),
        ({"code": " "}, "code"),
        ({"name": ""}, "name"),
        ({"name": "镇" * 101}, "name"),
        ({"name": "大峪\x00镇"}, "name"),
        ({"name": "大峪\u202e镇"}, "name"),
        ({"code": "B1"}, "code"),
        ({"name": "克井镇"}, "name"),
    ],
)
def test_a_body_needs_kind_code_and_name_of_its_own(keeper, wrong, field):
    Body.objects.filter(pk=body(name="克井镇").pk).update(code="B1")
    with pytest.raises(Refused) as refusal:
        opened(keeper, **wrong)
    assert refusal.value.field == field


def test_an_opened_body_stands_in_the_record(keeper):
    town = opened(keeper)
    line = RecordLine.objects.get()
    assert (line.action, line.actor_id, line.key) == ("accounts.body.open", keeper.pk, str(town.pk))
    assert line.values["name"] == ["", "大峪镇"]


def test_a_renamed_body_keeps_its_former_name(keeper):
    town = body(name="轵城乡")
    actions.rename_body(town, actor=keeper, name="轵城镇", on=DAY, reason="豫民行批〔2019〕1号")
    town.refresh_from_db()
    assert town.name == "轵城镇"
    assert [(former.name, former.until_on) for former in town.names.all()] == [("轵城乡", DAY)]
    assert RecordLine.objects.get().reason == "豫民行批〔2019〕1号"


def test_a_name_does_not_change_before_the_last_change(keeper):
    town = body(name="轵城乡")
    actions.rename_body(town, actor=keeper, name="轵城镇", on=DAY)
    with pytest.raises(Refused, match="现名从") as refusal:
        actions.rename_body(town, actor=keeper, name="轵城街道", on=DAY)
    assert refusal.value.field == "on"


def test_a_body_does_not_hang_under_itself(keeper):
    city = body(BodyKind.CITY)
    town = body(parent=city)
    office = body(parent=town)
    for above in (town, office):
        with pytest.raises(Refused, match="自己"):
            actions.move_body(town, actor=keeper, parent=above)
    actions.move_body(office, actor=keeper, parent=city)
    office.refresh_from_db()
    assert office.parent == city


def test_a_body_with_people_does_not_close(keeper):
    town = body()
    person(Role.TOWN_OFFICER, town)
    with pytest.raises(Refused, match="任职没有结束"):
        actions.close_body(town, actor=keeper, on=DAY)


def test_a_body_with_bodies_below_does_not_close(keeper):
    town = body()
    body(parent=town)
    with pytest.raises(Refused, match="下面还有"):
        actions.close_body(town, actor=keeper, on=DAY)


def test_a_body_on_which_other_rooms_depend_does_not_close(keeper):
    town = body()
    with pytest.raises(Refused, match="还有3家企业"):
        actions.close_body(
            town, actor=keeper, on=DAY, held_by=lambda body: message("还有{number}家企业", number=3)
        )
    town.refresh_from_db()
    assert town.closed_on is None


def test_a_closed_body_is_not_changed(keeper):
    town = actions.close_body(body(), actor=keeper, on=DAY, held_by=lambda body: None)
    for act in (
        lambda: actions.rename_body(town, actor=keeper, name="新名", on=date(2020, 1, 1)),
        lambda: actions.close_body(town, actor=keeper, on=date(2020, 1, 1)),
        lambda: actions.name_unit(town, actor=keeper, unit="科技办"),
    ):
        with pytest.raises(Refused, match="撤销"):
            act()


@pytest.mark.parametrize("role", list(Role))
def test_the_bureau_names_responsible_units(role):
    someone, town = person(role), body()
    if role in (Role.BUREAU_HEAD, Role.BUREAU_OFFICER):
        actions.name_unit(town, actor=someone, unit="科技工信办公室")
        town.refresh_from_db()
        assert town.unit == "科技工信办公室"
    else:
        with pytest.raises(NotAllowed):
            actions.name_unit(town, actor=someone, unit="科技工信办公室")


@pytest.mark.clause("S4.3a")
def test_the_register_shows_units_people_and_vacancies():
    full = body(name="甲镇", unit="科技办")
    vacant = body(name="乙镇", unit="科技办")
    unnamed = body(name="丙镇")
    officer = person(Role.TOWN_OFFICER, full)
    person(Role.TOWN_OFFICER, unnamed)
    person(Role.COACH, vacant)  # a coach is not the unit's
    person(Role.TOWN_OFFICER, vacant, is_active=False)
    lines = {line.body.name: line for line in register_of_bodies(DAY)}
    assert [held.person for held in lines["甲镇"].appointments] == [officer]
    assert {name: (line.vacant, line.complete) for name, line in lines.items()} == {
        "甲镇": (False, True),
        "乙镇": (True, False),
        "丙镇": (False, False),
    }


def test_the_tree_is_that_of_the_day(django_assert_num_queries):
    city = body(BodyKind.CITY)
    town = body(parent=city)
    body(parent=city, closed_on=DAY)
    body(parent=city, opened_on=date(2020, 1, 1))
    person(Role.TOWN_OFFICER, town)
    with django_assert_num_queries(2):
        lines = tree_of_bodies(DAY)
    assert [(line.body, line.depth, line.people) for line in lines] == [(city, 0, 0), (town, 1, 1)]
