"""The pages of desk, record, policies, administration and help in a real browser."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from peiyu.office.accounts.models import Duty, Role
from peiyu.office.enterprises.actions import add_contact
from peiyu.office.enterprises.findable import index
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import Job, JobState, OfficeDay, RecordLine
from peiyu.office.foundation.sealing import seal, seal_day
from peiyu.office.notices.models import Message
from peiyu.office.policies.actions import add_clause, enter_document
from tests.office.browser import axe, log_in, overflow, speak
from tests.office.factories import DAY, NOW, administrator, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("PEIYU_SHOTS")


@pytest.fixture(autouse=True)
def city(settings, tmp_path):
    settings.DEMO = True
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = False
    settings.HEADS_ROOT = tmp_path / "heads"
    OfficeDay.objects.create(day=DAY)


@pytest.fixture
def office():
    """Some people with something to see."""
    town = body(name="克井镇")
    officer = person(Role.TOWN_OFFICER, town, name="赵丽娟")
    head = person(Role.BUREAU_HEAD, name="陈局")
    owner = person(Role.OWNER, name="卫总")
    for number in range(4):
        firm = enterprise(f"济源市砺新{number}智能装备有限公司", town=town)
        index(firm)
        mandate(firm, owner)
        accountant = person(Role.ACCOUNTANT, name=f"财务{number}")
        until = DAY + timedelta(days=4 * number)
        mandate(firm, accountant, MandateKind.ACCOUNTANT, until_on=until)
        add_contact(firm, name="赵敏", phone="13800138000", actor=head)
    for who in (officer, head, owner):
        Message.objects.create(
            recipient=who, title="请补成立日期", text="两家", link="/", created_at=NOW
        )
    given = {"title": "实施意见", "issuer": "市政府", "level": "city", "issued_on": DAY}
    first = enter_document(number="济政办〔2018〕4号", actor=head, **given)
    second = enter_document(number="济科〔2018〕7号", basis=[first], actor=head, **given)
    add_clause(first, place="三（一）", title="后备库", gist="建库", bodies=[town], actor=head)
    job = Job.objects.create(
        kind="desk.export", title="名单", owner=head, state=JobState.RUNNING, done=3, total=9,
        created_at=NOW,
    )  # fmt: skip
    now = timezone.now()
    seal(now)
    seal_day(timezone.localdate(now), now=now + timedelta(days=1))
    line = f"/record/{RecordLine.objects.latest('pk').pk}/"
    duties = {duty: administrator(duty) for duty in (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT)}
    return {
        "town": (officer, ["/", "/search/?q=砺新", "/messages/", "/help/", "/help/glossary/"]),
        "head": (head, ["/", "/record/", line, "/policies/", "/policies/documents/new/",
                        f"/policies/documents/{second.pk}/", f"/policies/documents/{first.pk}/",
                        "/policies/settings/", "/policies/settings/registration_silence/",
                        "/policies/rulebooks/", "/policies/rulebooks/hnte/",
                        "/policies/rulebooks/hnte/?on=2010-01-01", "/jobs/", f"/jobs/{job.pk}/"]),
        "owner": (owner, ["/", "/help/questions/"]),
        "system": (duties[Duty.SYSTEM], ["/", "/system/", "/jobs/"]),
        "security": (duties[Duty.SECURITY], ["/", "/record/"]),
        "audit": (duties[Duty.AUDIT], ["/", "/record/", line, "/audit/", "/audit/access/"]),
    }  # fmt: skip


def test_no_page_has_a_barrier_or_overflows(page, phone, office):
    for one in (page, phone):
        one.set_default_timeout(30_000)  # the first page of all is slow
    found = {}
    for name, (who, addresses) in office.items():
        for one, size in ((page, "1440"), (phone, "390")):
            log_in(one, who)
            for number, address in enumerate(addresses):
                answer = one.goto(address)
                assert answer.status == 200, address
                if SHOTS:
                    shot = Path(SHOTS) / f"{name}{number}-{size}.png"
                    one.screenshot(path=shot, full_page=size == "390")
                findings = axe(one)
                wide = overflow(one)
                if findings or wide:
                    found[name, address, size] = findings, wide
    assert found == {}


def test_the_first_page_speaks_english(page, office):
    who, _ = office["head"]
    log_in(page, who)
    speak(page, "en")
    page.goto("/policies/rulebooks/hnte/")
    assert axe(page) == []


def test_one_finds_an_enterprise_by_keyboard_alone(page, office):
    who, _ = office["town"]
    log_in(page, who)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("lx2", delay=30)
    page.keyboard.press("Control+A")
    page.keyboard.type("砺新2", delay=30)
    page.wait_for_selector("#found [role=option]")
    page.wait_for_load_state("networkidle")  # else the list is exchanged while it is looked at
    page.keyboard.press("ArrowDown")
    assert axe(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/enterprises/*/")
    assert "砺新2" in page.content()
