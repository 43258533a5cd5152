"""Readings that the rules no longer have: refused in words, and what was frozen by them is of other rules."""

import json

import pytest

from peiyu.office.accounts.models import Role
from peiyu.office.assessments.actions import freeze
from peiyu.office.assessments.freezing import Replayed, replay
from peiyu.office.assessments.papers import content_for
from peiyu.office.assessments.sweeping import Sweep
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.foundation.record import canonical
from peiyu.office.foundation.refusals import Refused
from peiyu.office.policies.models import Setting
from tests.office.assessments.held import hold, ready
from tests.office.factories import DAY, person
from tests.office.web.test_years import text

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


def forgotten(one, who):
    """A frozen assessment by a reading that today's rules do not have, as an older version left it."""
    row = freeze(one, "hnte", on=DAY, purpose="推荐前核对", actor=who)
    held = json.loads(row.content)
    held["method"] |= {"version": "0" * 12, "readings": {"rd_failed": "by_province"}}
    row.pk, row.version, row.content = None, "0" * 12, canonical(held)
    row.save(force_insert=True)
    return row


def test_what_was_frozen_by_a_forgotten_reading_is_of_other_rules(client, bureau):
    row = forgotten(hold(ready(), DAY), bureau)
    assert replay(row) == Replayed(same_rules=False, same=False, digest="")
    client.force_login(bureau)
    page = client.get(f"/assessments/frozen/{row.pk}/")
    assert page.status_code == 200 and "规则已是另一个版本" in text(page)
    with pytest.raises(Refused, match="另一个版本"):
        content_for("assessments.report", row)


def test_what_was_frozen_for_a_day_of_which_the_figures_are_gone_is_of_other_rules(bureau):
    row = freeze(hold(ready(), DAY), "hnte", on=DAY, purpose="推荐前核对", actor=bureau)
    held = json.loads(row.content)
    held["method"]["on"] = "1999-01-01"
    row.content = canonical(held)
    assert replay(row) == Replayed(same_rules=False, same=False, digest="")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_reading_that_the_rules_forgot_is_refused_in_words(client, bureau, language):
    one = hold(ready(), DAY)
    row = freeze(one, "hnte", on=DAY, purpose="推荐前核对", actor=bureau)
    Setting.objects.create(
        key="hnte.rd_failed", value="by_province", from_on=DAY, set_at=office_now(), reason="旧规则"
    )
    type(bureau).objects.filter(pk=bureau.pk).update(language=language)
    client.force_login(bureau)
    said = "现行规则里已经没有" if language == "zh-hans" else "is no longer in the rules"
    for address in (
        f"/enterprises/{one.pk}/assessment/", "/policies/rulebooks/hnte/",
        "/policies/rulebooks/hnte/compare/",
    ):  # fmt: skip
        found = client.get(address)
        assert found.status_code == 422 and said in text(found) and "by_province" in text(found)
    assert client.get(f"/assessments/frozen/{row.pk}/").status_code == 200
    with pytest.raises(Refused, match="by_province"):
        Sweep(DAY, DAY)
