"""A table of enterprises taken in: new, corrected, the same, in doubt; and taken back exactly."""

from datetime import date

import pytest

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.desk.search import search
from peiyu.office.enterprises.actions import edit, unenter, write_note
from peiyu.office.enterprises.models import Enterprise, EnterpriseName, Residence
from peiyu.office.enterprises.values import IDENTITY
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.files import store
from peiyu.office.foundation.imports import (
    apply_import,
    do_import,
    mend,
    read_import,
    take_back_import,
    take_in,
    undo_import,
)
from peiyu.office.foundation.jobs import Progress
from peiyu.office.foundation.models import ImportBatch, Job, JobState, RecordLine, SearchTerm
from peiyu.office.foundation.refusals import NotAllowed, Refused
from tests.office.factories import again, body, enterprise, person

pytestmark = pytest.mark.django_db
KIND = "enterprises.enterprises"
HEAD = "企业名称,统一社会信用代码,成立日期,组织形式,行业代码,镇（街道）,园区"
CODES = ("91419001MAX1LX27QC", "91419001MAX1LX28QB")
NEW = f"济源市荻鹬装备有限公司,{CODES[0]},2016-03-08,有限责任公司,3599,克井镇,"
BORN = date(2012, 5, 4)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def town(db):
    return body(name="克井镇")


@pytest.fixture
def bureau(db):
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def known(town):
    return enterprise(
        "济源市槲獾化工有限公司", town=town, code=CODES[1], established_on=BORN, industry="2661"
    )


def worked(batch, function):
    """What the job worker does with the job of a batch."""
    batch.refresh_from_db()
    Job.objects.filter(pk=batch.job_id).update(state=JobState.RUNNING, attempts=1)
    function(Progress(Job.objects.get(pk=batch.job_id)), batch=batch.pk)
    batch.refresh_from_db()
    return batch


def brought(who, *lines):
    """A table read, and its rows in their order."""
    content = "\n".join((HEAD, *lines)).encode()
    file = store(content, "企业名单.csv", by=who)
    batch = take_in(KIND, file, whose="", options={}, actor=again(who))
    worked(batch, read_import.function)
    return batch, list(batch.rows.order_by("number"))


def done(batch, who):
    apply_import(batch, actor=again(who))
    return worked(batch, do_import.function)


def undone(batch, who):
    undo_import(batch, actor=again(who))
    return worked(batch, take_back_import.function)


def state():
    """All that the registry and the search hold."""
    return (
        list(Enterprise.objects.order_by("pk").values_list("pk", "body", *IDENTITY)),
        list(EnterpriseName.objects.order_by("pk").values_list("enterprise", "name")),
        list(Residence.objects.order_by("pk").values_list("enterprise", "body")),
        sorted(SearchTerm.objects.values_list("label", "key", "kind", "text")),
    )  # fmt: skip


def rules(row):
    return {found["column"]: found["rule"]["text"] for found in row.problems}


def test_rows_are_new_changed_the_same_or_in_doubt(town, known, bureau):
    body(BodyKind.ZONE, "虎岭高新区")
    _, rows = brought(
        bureau,
        NEW,
        f"济源市槲獾化工有限公司,{CODES[1]},2012-05-04,,2662,,",
        "河南槲獾化工有限公司,,,,,克井镇,",
        "济源市蒹鹮环保有限公司,,2099-01-01,,99999,不知镇,",
        "济源市苇鹀机械有限公司,,,,,,",
        "济源市篁隼电子有限公司,,,,,,虎岭高新区",
        "济源市篁隼电子有限公司,,,,3983,,虎岭高新区",
        f"济源市槲獾化工有限公司,{CODES[1]},,,2614,,",
    )
    found = [(row.outcome, row.target) for row in rows]
    assert found == [
        ("new", None), ("changed", known.pk), ("doubtful", None), ("refused", None),
        ("refused", None), ("new", None), ("refused", None), ("refused", known.pk),
    ]  # fmt: skip
    assert rows[1].changes == {"industry": ["2661", "2662"]}
    assert rows[2].candidates == [known.pk]
    assert set(rules(rows[3])) == {"established_on", "industry", "town"}
    assert set(rules(rows[4])) == {"town"}
    assert rules(rows[6]) == rules(rows[7]) == {"": "这家企业在文件里写了不止一行"}
    _, (same,) = brought(bureau, f"济源市槲獾化工有限公司,{CODES[1]},,,2661,克井镇,")
    assert (same.outcome, same.target) == ("same", known.pk)


def test_none_of_the_candidates_makes_a_new_one_unless_its_code_is_taken(town, known, bureau):
    batch, (row,) = brought(bureau, "河南槲獾化工有限公司,,,,,克井镇,")
    assert mend(batch, row.number, {}, target=0, actor=again(bureau)).outcome == "new"
    mended = mend(batch, row.number, {"code": CODES[1]}, target=0, actor=again(bureau))
    assert mended.outcome == "refused" and "已由" in rules(mended)["code"]
    assert mend(
        batch, row.number, {"industry": "2614"}, target=known.pk, actor=again(bureau)
    ).changes == {"industry": ["2661", "2614"]}


def test_a_row_mended_to_mean_whom_another_row_means_is_refused(town, known, bureau):
    batch, (_, row) = brought(
        bureau, f"济源市槲獾化工有限公司,{CODES[1]},,,2662,,", "河南槲獾化工有限公司,,,,2614,,"
    )
    assert row.outcome == "doubtful"
    mended = mend(batch, row.number, {}, target=known.pk, actor=again(bureau))
    assert rules(mended) == {"": "这家企业在文件里写了不止一行"}


def test_what_was_taken_in_twice_changes_nothing(town, known, bureau):
    lines = (NEW, f"济源市槲獾化工有限公司,{CODES[1]},,股份有限公司,2662,,")
    batch, _ = brought(bureau, *lines)
    done(batch, bureau)
    made = Enterprise.objects.get(code=CODES[0])
    assert (made.body, made.source) == (town, batch.source)
    assert made in [hit.enterprise for hit in search("荻鹬", again(bureau)).enterprises]
    known.refresh_from_db()
    assert (known.industry, known.legal_form, known.established_on) == ("2662", "stock", BORN)
    before = state()
    _, rows = brought(bureau, *lines)
    assert [row.outcome for row in rows] == ["same", "same"]
    assert state() == before


def test_taking_back_restores_exactly(town, known, bureau):
    before = state()
    batch, _ = brought(bureau, NEW, f"济源市槲獾化工有限公司,{CODES[1]},,合伙企业,2662,,")
    done(batch, bureau)
    assert state() != before
    assert undone(batch, bureau).state == "undone"
    assert state() == before
    assert RecordLine.objects.filter(action="enterprises.enterprise.unenter").count() == 1


def test_nothing_is_taken_back_under_what_stands_on_it(town, known, bureau):
    batch, _ = brought(bureau, NEW, f"济源市槲獾化工有限公司,{CODES[1]},,,2662,,")
    done(batch, bureau)
    made = Enterprise.objects.get(code=CODES[0])
    write_note(made, text="已电话联系", at=office_now(), actor=again(bureau))
    with pytest.raises(Refused, match="入库之后又登记了别的内容"):
        undo_import(batch, actor=again(bureau))
    with pytest.raises(Refused, match="不能撤销入库"):
        unenter(made, actor=again(bureau))
    assert EnterpriseName.objects.filter(enterprise=made).exists()
    made.notes.all().delete()
    edit(
        known, {"industry": "2614"}, seen={"industry": "2662"}, on=office_day(), actor=again(bureau)
    )
    with pytest.raises(Refused, match="行业代码之后又改过"):
        undo_import(batch, actor=again(bureau))
    assert ImportBatch.objects.get(pk=batch.pk).state == "applied"
    edit(
        known, {"industry": "2662"}, seen={"industry": "2614"}, on=office_day(), actor=again(bureau)
    )
    undone(batch, bureau)
    known.refresh_from_db()
    assert known.industry == "2661" and not Enterprise.objects.filter(pk=made.pk).exists()


def test_what_another_changed_since_the_preview_is_not_overwritten(town, known, bureau):
    batch, _ = brought(bureau, f"济源市槲獾化工有限公司,{CODES[1]},,,2662,,")
    edit(
        known, {"industry": "2614"}, seen={"industry": "2661"}, on=office_day(), actor=again(bureau)
    )
    done(batch, bureau)
    known.refresh_from_db()
    assert known.industry == "2614" and batch.rows.get().outcome == "refused"


def test_the_bureau_alone_brings_enterprises(town):
    officer = person(Role.TOWN_OFFICER, town)
    with pytest.raises(NotAllowed):
        brought(officer, NEW)


def test_a_table_moves_nobody_and_says_so(bureau, known):
    body(name="坡头镇")
    line = f"{known.name},{CODES[1]},2013-01-01,,,{{}},"
    batch, (row,) = brought(bureau, line.format("坡头镇"))
    assert row.outcome == "changed" and "坡头镇" in str(row.problems)
    assert row.changes.keys() == {"established_on"}
    done(batch, bureau)
    known.refresh_from_db()
    assert (known.town.name, known.established_on) == ("克井镇", date(2013, 1, 1))
    _, (row,) = brought(bureau, line.format("克井镇"))
    assert (row.outcome, row.problems) == ("same", [])
