"""The frame of the pages in a real browser: no barrier, no overflow, no error, little to load."""

import pytest

from peiyu.office.accounts.models import Role
from tests.office.browser import axe, log_in, overflow, speak
from tests.office.factories import person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.office.web.root"),
]
LANGUAGES = ("zh-hans", "en")


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def officer():
    return person(Role.BUREAU_HEAD, name="李晓梅")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parts_have_no_barrier_at_the_desk(page, officer, language):
    log_in(page, officer)
    speak(page, language)
    page.goto("/components/")
    assert (page.locator(".top nav > a").count(), page.locator(".top nav a").count()) == (6, 10)
    assert axe(page) == []
    assert overflow(page) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parts_have_no_barrier_on_the_phone(phone, officer, language):
    log_in(phone, officer)
    speak(phone, language)
    phone.goto("/components/")
    assert phone.locator(".tabs-m a").count() == 4
    assert axe(phone) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_not_there_has_no_barrier(page, phone, language):
    for one in (page, phone):
        speak(one, language)
        answer = one.goto("/nowhere/")
        assert answer.status == 404
        one.errors.clear()  # the browser notes the 404
        assert axe(one) == []
        assert overflow(one) == {}


def test_search_is_done_by_the_keyboard(page, officer):
    log_in(page, officer)
    page.goto("/components/", wait_until="networkidle")
    page.keyboard.press("/")
    page.keyboard.type("lx")
    page.wait_for_selector("#found [role=option]")
    assert axe(page) == []
    page.keyboard.press("ArrowUp")
    assert page.locator("[aria-selected=true]").text_content() == "3"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("[aria-selected=true]").text_content() == "2"
    page.keyboard.press("Escape")
    assert page.locator("#found [role=option]").count() == 0
    page.keyboard.type("z")
    page.wait_for_selector("#found [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/found/1/")
    page.errors.clear()


def test_what_can_be_done_appears_when_lines_are_chosen(page, officer):
    log_in(page, officer)
    page.goto("/components/")
    bar = page.locator("[data-bulk]")
    assert bar.locator("[data-chosen]").text_content() == "1"
    page.locator("[data-choose-all]").check()
    assert bar.locator("[data-chosen]").text_content() == "4"
    assert page.locator("tr.sel").count() == 4
    page.locator("[data-choose-none]").click()
    assert bar.is_hidden()


def test_a_draft_waits_for_its_writer_until_they_log_out(page, officer):
    log_in(page, officer)
    page.goto("/components/")
    page.evaluate("document.querySelectorAll('[data-errors]').forEach((one) => one.remove())")
    page.fill("textarea[name=note]", "半句")
    page.wait_for_timeout(1200)  # a pause in the writing
    assert page.evaluate("localStorage.length") == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/components/", without_errors)
    page.reload()
    assert page.input_value("textarea[name=note]") == "半句"


def without_errors(route):
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("data-errors", ""))


def test_leaving_a_form_that_was_begun_is_asked_about(page, officer):
    log_in(page, officer)
    page.goto("/components/")
    page.fill("textarea[name=note]", "半句")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/nowhere/")
    page.errors.clear()
    assert asked == ["beforeunload"]


def test_the_menu_of_the_person_opens_and_closes_by_the_keyboard(page, officer):
    log_in(page, officer)
    page.goto("/components/")
    summary = page.locator(".top > details.menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".top > details.menu .drop").is_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert page.locator(".top > details.menu .drop").is_hidden()


def test_the_first_visit_loads_little(page, officer):
    log_in(page, officer)
    loaded = []
    page.on("response", lambda answer: loaded.append(len(answer.body())))
    page.goto("/components/", wait_until="networkidle")
    assert len(loaded) <= 12
    assert sum(loaded) <= 500_000


def test_plain_mode_stands_in_large_type(page, officer):
    officer.plain = True
    officer.save()
    log_in(page, officer)
    page.goto("/components/")
    size = page.locator(".tb td").nth(1).evaluate("(cell) => getComputedStyle(cell).fontSize")
    assert float(size.removesuffix("px")) >= 17
    assert axe(page) == []
    assert overflow(page) == {}


def test_a_fresh_page_shows_twenty_four_lines_of_a_list(page, officer):
    """Rows of 27 px, so that a list is seen whole at 1440×900."""
    log_in(page, officer)
    page.goto("/components/")
    heights = page.locator(".tb.t4 tbody tr").evaluate_all(
        "(lines) => lines.map((line) => line.getBoundingClientRect().height)"
    )
    assert max(heights) <= 28


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_in_has_no_barrier(page, phone, language):
    for one in (page, phone):
        speak(one, language)
        one.goto("/login/")
        assert axe(one) == []
        assert overflow(one) == {}
