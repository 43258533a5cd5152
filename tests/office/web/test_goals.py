"""The goals at the office's door: whose numbers, as of which day; the series of value added."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.desk.todo import todo_of
from peiyu.office.foundation.models import OfficeDay, Source
from peiyu.office.goals.actions import state_share
from peiyu.office.goals.models import ShareFigure
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.models import EventKind
from tests.office.factories import DAY, again, body, enterprise, mandate, person
from tests.office.qualifications.given import certificate, event, paper

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
GOALS, SHARE = "/goals/", "/goals/share/"
HOSTILE = ("9" * 40, "x" * 5_000, "\0", "\u202e", "=1+1", "<script>alert(1)</script>", "2019-13-45",
           "-1", "٣", "12亿", "1e400", "NaN", "Infinity", "")  # fmt: skip


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.create(day=DAY)


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def firms(town, bureau):
    """A new one here, a new one elsewhere, a renewed one here."""
    found = [enterprise(town=town), enterprise(town=body(BodyKind.TOWN)), enterprise(town=town)]
    certificate(found[0], date(2018, 12, 3), by=bureau)
    certificate(found[1], date(2017, 12, 1), by=bureau)
    certificate(found[2], date(2015, 8, 1), by=bureau)
    certificate(found[2], date(2018, 8, 1), by=bureau)
    return found


def entered(client, who):
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer):
    return answer.content.decode()


def tiles(answer):
    return {tile.key: (tile.value, tile.words.say()) for tile in answer.context["tiles"]}


def test_the_city_and_a_town_see_their_numbers(client, firms, town, bureau):
    officer = person(Role.TOWN_OFFICER, town)
    for who in (bureau, person(Role.LEADER), person(Role.STATISTICS)):
        entered(client, who)
        for page in (GOALS, "/"):
            assert tiles(client.get(page)) == {
                "new": ("2", "还差23家"), "stock": ("3", "还差33家"), "share": ("—", "还没有数"),
            }  # fmt: skip
    entered(client, officer)
    for page in (GOALS, "/"):
        assert tiles(client.get(page))["new"] == ("1", "本单位的；全市目标25家")
    assert [row.name for row in client.get(f"{GOALS}new/").context["table"].rows] == [
        held.number for held in reversed([*firms[2].certificates.order_by("issued_on")][1:]
                                         + [*firms[0].certificates.all()])
    ]  # fmt: skip
    for who in (person(Role.COACH), person(duty=Duty.ENTERPRISE), person(duty=Duty.SYSTEM)):
        entered(client, who)
        for page in (GOALS, f"{GOALS}new/", SHARE):
            assert client.get(page).status_code == 404
        home = client.get("/")
        assert home.status_code == 302 or not home.context.get("tiles")


def test_as_of_another_day_and_before_the_plan(client, firms, bureau):
    entered(client, bureau)
    assert tiles(client.get(GOALS, {"on": "2018-06-30"}))["new"] == ("1", "还差24家")
    page = text(client.get(GOALS, {"on": "2018-06-30"}))
    assert "截至2018-06-30" in page
    assert "还没有行动计划" in text(client.get(GOALS, {"on": "2012-01-01"}))
    for given in HOSTILE:
        for at in (GOALS, f"{GOALS}new/"):
            for name in ("on", "page"):
                answer = client.get(at, {name: given})
                assert answer.status_code in (200, 422) and "<script>alert" not in text(answer)


def test_bodies_and_years_add_up_to_the_whole(client, firms, bureau):
    page = entered(client, bureau).get(GOALS)
    lines = [line for line, _ in page.context["bodies"]]
    assert sum(line.new for line in lines) == page.context["found"].new == 2
    assert sum(line.stock for line in lines) == page.context["found"].stock == 3
    years = {
        line.year: (line.new, line.new_so_far, line.stock) for line, _ in page.context["years"]
    }
    assert years == {2017: (1, 1, 2), 2018: (1, 2, 3), 2019: (0, 2, 3)}


def test_a_change_shows_at_once_on_the_first_page(client, firms, bureau):
    entered(client, bureau)
    assert tiles(client.get("/"))["stock"][0] == "3"
    event(firms[0].certificates.get(), EventKind.REVOKED, date(2019, 1, 5), by=bureau)
    assert tiles(client.get("/"))["stock"][0] == "2"


# the series


def shared(bureau, year=2018, month=12, part="368", whole="1000", **more):
    return state_share(year=year, month=month, part=Decimal(part), whole=Decimal(whole), source=paper(),
                       on=DAY, actor=bureau, **more)  # fmt: skip


def test_both_sums_are_stated_in_the_unit_chosen(client, bureau):
    entered(client, person(Role.STATISTICS))
    given = {"year": 2018, "month": 12, "unit": "wan", "part": "736000.5", "whole": "2000000",
             "title": "统计月报"}  # fmt: skip
    assert client.post(f"{SHARE}state/", given).status_code == 303
    row = ShareFigure.objects.get()
    assert (row.part, row.whole, row.source.title) == (
        Decimal(7360005000),
        Decimal(20000000000),
        "统计月报",
    )
    assert "36.80" in text(client.get(SHARE))
    assert tiles(client.get(GOALS))["share"] == ("36.80", "离38%还差1.20个百分点")
    form = client.get(f"{SHARE}state/", {"year": "2018", "month": "12"}).context["form"]
    assert (str(form["part"].value()), form["seen"].value()) == ("7360005000.00", 1)


@pytest.mark.parametrize(
    "wrong",
    [{"year": 2019, "month": 6}, {"year": 2030}, {"month": 13}, {"part": "-1"}, {"whole": "0"},
     {"part": "900", "whole": "800"}, {"part": ""}, {"title": ""}, {"part": "1.005"}, {"unit": "x"}],
)  # fmt: skip
def test_what_cannot_be_is_refused(client, bureau, wrong):
    entered(client, bureau)
    given = {
        "year": 2018,
        "month": 12,
        "unit": "yuan",
        "part": "368",
        "whole": "1000",
        "title": "月报",
    }
    answer = client.post(f"{SHARE}state/", {**given, **wrong})
    assert answer.status_code == 422
    assert not ShareFigure.objects.exists() and not Source.objects.filter(title="月报").exists()


@pytest.mark.parametrize("given", HOSTILE)
def test_whatever_is_typed_the_form_answers(client, bureau, given):
    entered(client, bureau)
    names = ("year", "month", "unit", "part", "whole", "title", "reason", "seen")
    answer = client.post(f"{SHARE}state/", dict.fromkeys(names, given))
    assert answer.status_code == 422 and "<script>alert" not in text(answer)
    assert client.get(f"{SHARE}state/", {"year": given, "month": given}).status_code == 200


def test_a_correction_sees_what_another_stated_and_keeps_both(client, bureau):
    shared(bureau)
    entered(client, bureau)
    given = {"year": 2018, "month": 12, "unit": "yuan", "part": "370", "whole": "1000", "title": "更正",
             "reason": "核实"}  # fmt: skip
    answer = client.post(f"{SHARE}state/", given)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert [(d.wanted, d.stands) for d in form.conflict.differences] == [("370.00", "368.00")]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert client.post(f"{SHARE}state/", sent).status_code == 303
    page = text(client.get(f"{SHARE}2018/12/"))
    assert "37.00" in page and "36.80" in page and "核实" in page
    back = f"{SHARE}2018/12/withdraw/"
    assert client.post(back, {"reason": " "}).status_code == 422
    assert client.post(back, {"reason": "撤"}).status_code == 303
    assert client.get(back).status_code == 404 and "已撤回" in text(client.get(f"{SHARE}2018/12/"))
    for page in ("2018/11/", "2018/99/", "99999/1/", "2018/99/withdraw/"):
        assert client.get(SHARE + page).status_code == 404


# what waits


def waiting(who, on=DAY):
    return {todo.what.say(): todo for todo in todo_of(again(who), on)}


def test_what_lapses_waits_for_the_bureau_and_the_town(client, town, bureau):
    officer, stranger = person(Role.TOWN_OFFICER, town), person(Role.TOWN_OFFICER)
    one = enterprise(town=town)
    certificate(one, date(2016, 9, 1), by=bureau)
    certificate(enterprise(town=town), DAY.replace(year=2018) - timedelta(days=170), by=bureau)
    for who in (bureau, officer):
        found = waiting(who)
        urgent = found["6个月内到期的证书，催办重新认定"]
        assert urgent.due_on == date(2019, 9, 1) and urgent.thing.say() == "1家企业"
        assert "within=6" in urgent.link
    assert not [what for what in waiting(stranger) if "到期" in what]
    assert "18个月" not in " ".join(waiting(bureau))
    fresh = waiting(bureau, date(2019, 7, 1))
    assert any(what.startswith("证书18个月后到期") for what in fresh)
    link = next(todo.link for what, todo in fresh.items() if what.startswith("证书18个月后"))
    assert entered(client, bureau).get(link).status_code == 200


def test_the_annual_report_is_urged_in_may_and_found_out_after(client, town, bureau):
    one = enterprise(town=town)
    certificate(one, date(2016, 12, 1), by=bureau)
    officer = person(Role.TOWN_OFFICER, town)
    assert not [what for what in waiting(officer, date(2019, 4, 1)) if "年报" in what]
    urged = waiting(officer, date(2019, 5, 6))["催报2018年度年报，1家还没有登记填报"]
    assert urged.due_on == date(2019, 5, 31)
    after = waiting(officer)["核实2018年度年报，1家期限已过没有登记"]
    answer = entered(client, officer).get(after.link)
    assert [row.name for row in answer.context["table"].rows] == [one.name]
    actions.file_annual_report(one, year=2018, filed_on=DAY, source=paper(), on=DAY, actor=bureau)
    assert not [what for what in waiting(officer) if "年报" in what]


def test_a_change_of_name_is_urged_until_it_was_reported(town, bureau):
    one = enterprise(town=town)
    certificate(one, date(2016, 12, 1), by=bureau)
    one.names.update(until_on=date(2019, 4, 30))
    one.names.create(name="济源市新名有限公司", core="新名", from_on=date(2019, 5, 1))
    for who in (bureau, person(Role.TOWN_OFFICER, town)):
        todo = waiting(who)["催报更名，3个月内报告认定机构"]
        assert (todo.due_on, todo.thing) == (date(2019, 8, 1), one.name)
    actions.report_change(one, kind="renamed", happened_on=date(2019, 5, 1), reported_on=DAY,
                          source=paper(), on=DAY, actor=bureau)  # fmt: skip
    assert not [what for what in waiting(bureau) if "更名" in what]


# search


def test_a_number_typed_finds_the_enterprise_and_says_by_what(client, town, bureau):
    one = enterprise("济源市荻鹬装备有限公司", town=town)
    mandate(one, person(duty=Duty.ENTERPRISE))
    held = certificate(one, by=bureau)
    actions.enter_tech_sme(one, number="201941900108000123", issued_on=None, source=paper(), on=DAY,
                           actor=bureau)  # fmt: skip
    entered(client, bureau)
    assert f"证书编号：{held.number}" in text(client.get("/search/", {"q": held.number}))
    page = text(client.get("/search/suggest/", {"q": "201941900108000123"}))
    assert "入库登记编号：201941900108000123" in page and one.name in page
    entered(client, person(Role.TOWN_OFFICER))
    assert one.name not in text(client.get("/search/", {"q": held.number}))
