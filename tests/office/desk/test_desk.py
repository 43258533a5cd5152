"""At the desk: search, saved views with their counts, lists taken away, the record as one may see it."""

import csv
from datetime import date

import openpyxl
import pytest
from django.core.cache import cache

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.desk.export_requests import ask_export
from peiyu.office.desk.exports import needs_approval, write_list
from peiyu.office.desk.models import ExportState, SavedView
from peiyu.office.desk.records import Asked, about_enterprise, as_seen, lines
from peiyu.office.desk.search import search
from peiyu.office.desk.views import count_of, counts_of, forget_view, save_view, views_of
from peiyu.office.desk.workflow import EXPORT
from peiyu.office.enterprises.actions import add_contact, enter, rename, write_note
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.policies.actions import choose_reading
from tests.office.factories import DAY, NOW, again, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def head():
    return person(Role.BUREAU_HEAD)


# ----------------------------------------------------------------------------------- search


def test_one_finds_only_what_one_may_see(bureau):
    town = body()
    enter({"name": "济源市荻鹬装备有限公司"}, town=town, zone=None, on=DAY, actor=bureau)
    assert search("荻鹬", again(bureau)).enterprises
    assert search("荻鹬", person(Role.TOWN_OFFICER, town)).enterprises
    for other in (
        person(Role.TOWN_OFFICER),
        person(Role.COACH),
        person(Role.OWNER),
        person(duty=Duty.AUDIT),
    ):
        assert not search("荻鹬", other)


@pytest.mark.parametrize(
    "words",
    ["", " ", "%", "*", '"', "OR", "荻 OR 1=1 --", "\x00", "荻" * 5000, "🙂", "'; DROP TABLE"],
)
def test_any_words_may_be_asked(bureau, words):
    enterprise("荻鹬")
    search(words, bureau)


# ------------------------------------------------------------------------------ saved views


def test_counts_of_views_equal_the_query_after_every_change(bureau):
    town = body()
    view = save_view(
        page="enterprises", name="缺行业", query="lacks=industry", shared=False, actor=bureau
    )
    enter({"name": "甲厂一", "industry": "3599"}, town=town, zone=None, on=DAY, actor=bureau)
    for number in range(3):
        enter({"name": f"乙厂{number}"}, town=town, zone=None, on=DAY, actor=bureau)
        assert (
            counts_of([view], again(bureau))
            == {view.pk: number + 1}
            == {view.pk: count_of(view.query, again(bureau))}
        )


def test_a_view_counts_what_its_reader_sees(bureau):
    town = body()
    enterprise(town=town), enterprise(town=body())
    view = save_view(page="enterprises", name="全部", query="", shared=False, actor=bureau)
    assert counts_of([view], bureau) == {view.pk: 2}
    assert counts_of([view], person(Role.TOWN_OFFICER, town)) == {view.pk: 1}


def test_views_are_shared_within_the_body_and_changed_by_their_maker():
    town = body()
    maker, colleague, stranger = (person(Role.TOWN_OFFICER, of) for of in (town, town, body()))
    view = save_view(
        page="enterprises", name="待补", query="lacks=code&page=3&after=x", shared=True, actor=maker
    )
    assert view.query == "lacks=code"
    assert views_of(again(colleague), "enterprises") == [view]
    assert views_of(stranger, "enterprises") == []
    with pytest.raises(NotAllowed):
        forget_view(view, actor=colleague)
    save_view(page="enterprises", name="待补", query="lacks=field", shared=True, actor=maker)
    assert SavedView.objects.get().query == "lacks=field"


def test_an_enterprise_shares_no_view_with_the_office():
    owner = person(Role.OWNER)
    with pytest.raises(NotAllowed):
        save_view(page="enterprises", name="x", query="", shared=True, actor=owner)


# ------------------------------------------------------------------------------------ exports

FORMULA = '=HYPERLINK("http://x")'


def written(tmp_path, form, who, query=""):
    target = tmp_path / f"list.{form}"
    count = write_list(
        target, query=query, form=form, person=who, on=DAY, address="https://o", lang="zh"
    )
    if form == "csv":
        rows = list(csv.reader(target.open(encoding="utf-8-sig")))
    else:
        sheet = openpyxl.load_workbook(target).active
        rows = [
            ["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows()
        ]
    return count, rows


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exactly_the_filtered_list_leaves(tmp_path, bureau, form):
    town = body(name="克井镇")
    one = enterprise(
        "荻鹬装备有限公司", town=town, established_on=date(2018, 2, 1), industry="3599"
    )
    enterprise("别的公司", town=body(), industry="6513")
    count, rows = written(
        tmp_path, form, bureau, "industry=C&columns=name,town,established_on,industry_name"
    )
    assert count == 1
    assert rows[0] == ["企业", "镇、街道", "成立日期", "所属行业", "页面"]
    assert [str(cell)[:10] for cell in rows[1][:3]] == ["荻鹬装备有限公司", "克井镇", "2018-02-01"]
    assert rows[1][-1] == f"https://o/enterprises/{one.pk}/"
    assert rows[3][0] == f"注：数据截至2019-06-17，1家，导出人{bureau.name}"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_a_user_typed_never_becomes_a_formula(tmp_path, bureau, form):
    enterprise(FORMULA)
    _, rows = written(tmp_path, form, bureau, "columns=name")
    assert rows[1][0] == (f"'{FORMULA}" if form == "csv" else FORMULA)
    if form == "xlsx":
        cell = openpyxl.load_workbook(tmp_path / "list.xlsx").active["A2"]
        assert cell.data_type == "s"


def test_a_list_holds_what_its_reader_sees(tmp_path, bureau):
    town = body()
    enterprise(town=town), enterprise(town=body())
    assert written(tmp_path, "csv", person(Role.TOWN_OFFICER, town))[0] == 1
    assert written(tmp_path, "csv", person(duty=Duty.AUDIT))[0] == 0


def test_a_large_list_leaves_only_with_the_yes_of_another(head, bureau):
    choose_reading(key="export_rows", value=50, from_on=DAY, reason="试", actor=head)
    assert needs_approval(51, DAY) and not needs_approval(50, DAY)
    own = ask_export(query="", form="xlsx", purpose="年报", on=DAY, actor=head)
    with pytest.raises(NotAllowed):
        EXPORT.take("approve", own, actor=head)
    asked = ask_export(query="", form="xlsx", purpose="年报", on=DAY, actor=bureau)
    with pytest.raises(NotAllowed):
        EXPORT.take("approve", asked, actor=bureau)
    EXPORT.take("approve", asked, actor=head)
    assert asked.state == ExportState.APPROVED
    with pytest.raises(Refused, match="现在不能办"):
        EXPORT.take("refuse", asked, actor=head, reason="迟了")


# ------------------------------------------------------------------------------------- record


def test_the_record_shows_no_field_that_the_reader_may_not_see(bureau):
    one = enterprise(town=body())
    add_contact(one, name="任海川", phone="19900001234", actor=bureau)
    [seen] = as_seen(about_enterprise(one, again(bureau)), bureau)
    assert set(seen.hidden) == {"name", "phone"} and seen.changes == ()
    assert "任海川" not in str(seen) and "19900001234" not in str(RecordLine.objects.values().get())


def test_each_reads_the_record_of_what_they_see(bureau):
    town = body()
    mine, other = enterprise(town=town), enterprise(town=body())
    for one in (mine, other):
        rename(one, name=f"{one.name}二", from_on=DAY, reason="换照", actor=bureau)
    write_note(mine, text="只给公家看", at=NOW, actor=bureau)
    officer, owner = person(Role.TOWN_OFFICER, town), person(Role.OWNER)
    mandate(mine, owner)
    everything = Asked()
    assert {line.key for line in lines(again(bureau), everything) if "rename" in line.action} == {
        str(mine.pk),
        str(other.pk),
    }
    assert {line.action for line in lines(officer, everything)} == {
        "enterprises.enterprise.rename",
        "enterprises.note.write",
    }
    assert {line.action for line in lines(again(owner), everything)} == {
        "enterprises.enterprise.rename"
    }
    assert not lines(person(Role.TOWN_OFFICER), everything)


def test_the_auditor_sees_that_lines_are_there_but_no_business(bureau):
    one = enterprise(town=body(BodyKind.TOWN))
    rename(one, name="商业秘密", from_on=DAY, reason="内情", actor=bureau)
    auditor = person(duty=Duty.AUDIT)
    [seen] = as_seen(lines(auditor, Asked()), auditor)
    assert seen.closed and seen.changes == ()
    assert not lines(person(duty=Duty.SYSTEM), Asked())
    assert not lines(person(duty=Duty.SECURITY), Asked())


def test_the_record_is_asked_by_person_thing_day_and_action(bureau):
    one = enterprise(town=body())
    rename(one, name="新名字", from_on=DAY, reason="换照", actor=bureau)
    line = RecordLine.objects.get()
    who = again(bureau)
    for asked, found in (
        (Asked(person=bureau.pk), 1),
        (Asked(person=bureau.pk + 1), 0),
        (Asked(label="enterprises.enterprise", key=str(one.pk)), 1),
        (Asked(action="enterprises.enterprise.move"), 0),
        (Asked(since=line.day, until=line.day), 1),
        (Asked(until=date(2000, 1, 1)), 0),
    ):
        assert lines(who, asked).count() == found, asked
