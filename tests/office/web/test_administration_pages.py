"""Jobs and the system: who sees what of them, whatever is asked."""

import pytest
from django.test import Client

from peiyu.office.accounts.models import Duty, Role
from peiyu.office.foundation import files
from peiyu.office.foundation.models import (
    AccessKind,
    AccessLine,
    CalendarYear,
    Job,
    JobState,
    OfficeDay,
)
from tests.office.factories import DAY, NOW, administrator, person

pytestmark = pytest.mark.django_db
OFF = "\n".join(["2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03"])


@pytest.fixture(autouse=True)
def _day(settings, tmp_path):
    settings.DEMO = True
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = False
    settings.FILES_ROOT = tmp_path / "files"
    OfficeDay.objects.create(day=DAY)


def as_(who) -> Client:
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/help/")
    return client


@pytest.fixture
def owner():
    return person(Role.BUREAU_OFFICER, name="李晓梅")


def job(owner, **more):
    more = {"kind": "desk.export", "title": "甲公司等3家的名单", "created_at": NOW, **more}
    return Job.objects.create(owner=owner, **more)


def test_nobody_sees_jobs_without_log_in(client):
    for page in ("/jobs/", "/jobs/1/", "/jobs/1/status/", "/jobs/1/result/", "/system/"):
        assert client.get(page).status_code == 302


def test_one_sees_ones_own_jobs_and_no_others(owner):
    made = job(owner)
    assert "甲公司等3家的名单" in as_(owner).get("/jobs/").text
    other = as_(person(Role.BUREAU_HEAD))
    assert "没有任务" in other.get("/jobs/").text
    for page in ("", "status/", "result/"):
        assert other.get(f"/jobs/{made.pk}/{page}").status_code == 404
    for step in ("cancel", "retry"):
        assert other.post(f"/jobs/{made.pk}/{step}/").status_code == 404
    made.refresh_from_db()
    assert made.state == JobState.WAITING


def test_the_system_administrator_sees_all_jobs_without_business_data(owner):
    made = job(
        owner,
        state=JobState.FAILED,
        failure="甲公司代码有误",
        arguments={"query": "q=甲公司"},
        result=files.store(b"1,2\n", "甲公司.csv", by=owner),
    )
    keeper = as_(administrator(Duty.SYSTEM))
    for page in ("/jobs/", f"/jobs/{made.pk}/", f"/jobs/{made.pk}/status/"):
        text = keeper.get(page).text
        assert "导出" in text
        assert "甲公司" not in text
    assert keeper.get(f"/jobs/{made.pk}/result/").status_code == 404
    assert keeper.post(f"/jobs/{made.pk}/retry/").status_code == 303
    made.refresh_from_db()
    assert made.state == JobState.WAITING
    for duty in (Duty.SECURITY, Duty.AUDIT):
        assert as_(administrator(duty)).get(f"/jobs/{made.pk}/").status_code == 404


def test_the_owner_reads_why_it_failed(owner):
    made = job(owner, state=JobState.FAILED, failure="第3行<b>代码</b>有误")
    text = as_(owner).get(f"/jobs/{made.pk}/").text
    assert "第3行&lt;b&gt;代码" in text


def test_a_job_is_asked_again_only_while_it_goes_on(owner):
    made = job(owner, state=JobState.RUNNING, done=3, total=10)
    client = as_(owner)
    text = client.get(f"/jobs/{made.pk}/status/").text
    assert f'hx-get="/jobs/{made.pk}/status/"' in text
    assert 'value="3"' in text and "<html" not in text
    Job.objects.update(state=JobState.DONE, done=10)
    assert "hx-get" not in client.get(f"/jobs/{made.pk}/status/").text


def test_a_job_is_cancelled_and_taken_up_again(owner):
    made = job(owner)
    client = as_(owner)
    assert "已取消" in client.post(f"/jobs/{made.pk}/cancel/", follow=True).text
    assert "不能这样做" in client.post(f"/jobs/{made.pk}/cancel/", follow=True).text
    assert "已重新排队" in client.post(f"/jobs/{made.pk}/retry/", follow=True).text
    made.refresh_from_db()
    assert made.state == JobState.WAITING
    for step in ("cancel", "retry"):
        assert client.get(f"/jobs/{made.pk}/{step}/").status_code == 405


def test_the_result_is_a_download_that_is_logged(owner):
    stored = files.store("企业,代码\n".encode(), "名单.csv", by=owner)
    made = job(owner, state=JobState.DONE, result=stored)
    answer = as_(owner).get(f"/jobs/{made.pk}/result/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == "企业,代码\n".encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    logged = AccessLine.objects.get(kind=AccessKind.DOWNLOAD)
    assert (logged.actor, logged.key) == (owner, str(made.pk))


def test_a_result_that_is_gone_is_said(owner):
    stored = files.store(b"1\n", "a.csv", by=owner)
    made = job(owner, state=JobState.DONE, result=stored)
    stored.removed_at = NOW
    stored.save()
    answer = as_(owner).get(f"/jobs/{made.pk}/result/", follow=True)
    assert "已过保存期" in answer.text
    assert not AccessLine.objects.filter(kind=AccessKind.DOWNLOAD).exists()


def test_a_job_that_is_not_there_is_not_found(owner):
    client = as_(owner)
    for key in (999, 10**30):
        for page in ("", "status/", "result/"):
            assert client.get(f"/jobs/{key}/{page}").status_code == 404
    assert client.get("/jobs/", {"state": "x"}).status_code == 400


def test_jobs_ask_as_much_for_many_as_for_few(owner, django_assert_max_num_queries):
    job(owner)
    client = as_(administrator(Duty.SYSTEM))
    with django_assert_max_num_queries(9) as few:
        client.get("/jobs/")
    for _ in range(60):
        job(person(Role.TAX))
    with django_assert_max_num_queries(len(few)):
        assert len(client.get("/jobs/").context["jobs"]) == 50


# the system


def test_the_system_is_for_its_administrator_alone(owner):
    text = as_(administrator(Duty.SYSTEM)).get("/system/").text
    for said in ("数据库", "已是最新", "磁盘", "日历", "内置2004"):
        assert said in text
    for who in (owner, administrator(Duty.SECURITY), administrator(Duty.AUDIT), person(Role.OWNER)):
        assert as_(who).get("/system/").status_code == 404
        assert as_(who).post("/system/", {"year": "2027"}).status_code == 404


def test_the_system_administrator_enters_a_year():
    client = as_(administrator(Duty.SYSTEM))
    given = {"year": "2027", "source": "国办发明电〔2026〕6号", "days_off": OFF, "days_on": ""}
    assert client.post("/system/", given).status_code == 303
    assert CalendarYear.objects.get().days_off[0] == "2027-01-01"
    assert "国办发明电〔2026〕6号" in client.get("/system/").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"year": "99999"}, "year"), ({"year": "x"}, "year"), ({"year": "1999"}, "year"),
        ({"source": ""}, "source"), ({"days_off": "2027-01-01"}, "days_off"),
        ({"days_off": f"{OFF}\n2027-02-30"}, "days_off"), ({"days_on": "2027-01-04"}, "days_on"),
        ({"days_off": f"{OFF} {OFF}"}, "days_off"), ({"days_off": "\x00"}, "days_off"),
        ({"days_off": "9" * 20_000}, "days_off"),
    ],
)  # fmt: skip
def test_a_year_that_makes_no_sense_is_refused_and_kept(wrong, field):
    given = {"year": "2027", "source": "通知", "days_off": OFF, "days_on": "", **wrong}
    answer = as_(administrator(Duty.SYSTEM)).post("/system/", given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not CalendarYear.objects.exists()
