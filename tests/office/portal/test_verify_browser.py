"""Verifying in a browser: at a desk and on a phone, in both languages, without help."""

import pytest
from playwright.sync_api import expect

from peiyu.office.foundation.files import path_of
from peiyu.office.foundation.models import OfficeDay
from tests.office.browser import axe, overflow, speak
from tests.office.factories import DAY
from tests.office.notices.given import city, issued, short

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def paper(settings, tmp_path):
    settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
    OfficeDay.objects.create(pk=1, day=DAY)
    return issued(city(), content=short())


def test_the_code_from_the_paper_is_verified_on_a_phone(phone, paper):
    phone.goto("/portal/public/")
    phone.get_by_role("link", name="核验文书").click()
    assert axe(phone) == [] and overflow(phone) == {}
    phone.get_by_label("核验码").fill(paper.code.lower())
    phone.get_by_role("button", name="核验").click()
    expect(phone.get_by_role("status")).to_contain_text("现在有效")
    assert axe(phone) == [] and overflow(phone) == {}
    speak(phone, "en")
    phone.goto(f"/portal/verify/?code={paper.code}")
    expect(phone.get_by_role("status")).to_contain_text("is valid")
    assert axe(phone) == [] and overflow(phone) == {}


def test_a_file_is_shown_and_compared_at_a_desk(page, paper, tmp_path):
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(path_of(paper.pdf).read_bytes() + b" ")
    good = tmp_path / "good.pdf"
    good.write_bytes(path_of(paper.pdf).read_bytes())
    for file, words in ((good, "现在有效"), (altered, "与它不符")):
        page.goto("/portal/verify/")
        page.get_by_label("电子文件").set_input_files(file)
        page.get_by_role("button", name="核验").click()
        expect(page.get_by_role("status")).to_contain_text(words)
        assert axe(page) == [] and overflow(page) == {}
