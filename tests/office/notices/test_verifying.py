"""Verifying: what anybody is told of a paper, by its code or its bytes."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peiyu.office.foundation.files import open_file, store
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.notices.actions import attach_scan, withdraw_paper
from peiyu.office.notices.models import IssuedPaper
from peiyu.office.notices.verifying import (
    Looked,
    Outcome,
    Part,
    looked_at,
    verify_code,
    verify_file,
)
from peiyu.papers.codes import spaced
from tests.office.factories import DAY
from tests.office.foundation.record_tests import tampered
from tests.office.notices.given import city, issued, short


@pytest.fixture(autouse=True)
def _day(settings, tmp_path, request):
    if request.node.get_closest_marker("django_db"):
        settings.DEMO, settings.FILES_ROOT = True, tmp_path / "files"
        OfficeDay.objects.create(pk=1, day=DAY)


@pytest.mark.django_db
class TestPapers:
    @pytest.fixture
    def place(self):
        return city()

    @pytest.fixture
    def paper(self, place):
        return issued(place, content=short())

    def bytes_of(self, file) -> bytes:
        return open_file(file).read()

    def test_the_code_tells_what_paper_it_is(self, paper):
        for typed in (paper.code, spaced(paper.code).lower(), f" {paper.code} "):
            verdict = verify_code(typed)
            assert (verdict.outcome, verdict.paper) == (Outcome.VALID, paper)

    @pytest.mark.parametrize("typed", ["", "x", "2222-2222-2222", "二" * 12, "\x00" * 500])
    def test_any_other_code_is_unknown(self, paper, typed):
        assert verify_code(typed).outcome == Outcome.UNKNOWN

    def test_the_very_bytes_are_known_and_each_altered_byte_is_noticed(self, paper):
        for file, part in ((paper.pdf, Part.PDF), (paper.word, Part.WORD)):
            content = self.bytes_of(file)
            verdict = verify_file(looked_at([content]))
            assert (verdict.outcome, verdict.part, verdict.paper) == (Outcome.VALID, part, paper)
            for place in (9, len(content) // 2, len(content) - 1):
                altered = bytearray(content)
                altered[place] ^= 1
                verdict = verify_file(looked_at([bytes(altered)]))
                assert (verdict.outcome, verdict.paper) == (Outcome.ALTERED, paper), (part, place)
            assert verify_file(looked_at([content + b"\n"])).outcome == Outcome.ALTERED

    def test_a_foreign_file_is_unknown_unless_the_code_says_which_it_should_be(self, paper):
        looked = looked_at([b"%PDF-1.4 something else"])
        assert verify_file(looked).outcome == Outcome.UNKNOWN
        verdict = verify_file(looked, spaced(paper.code))
        assert (verdict.outcome, verdict.paper) == (Outcome.ALTERED, paper)

    def test_a_signed_scan_is_known(self, place, paper):
        scan = b"%PDF-1.4\nscan\n%%EOF"
        attach_scan(paper, file=store(scan, "s.pdf", by=place.clerk), actor=place.clerk)
        verdict = verify_file(looked_at([scan]))
        assert (verdict.outcome, verdict.part, verdict.paper) == (Outcome.VALID, Part.SCAN, paper)

    def test_a_withdrawn_paper_says_so_by_code_and_bytes(self, place, paper):
        withdraw_paper(paper, reason="发错了", actor=place.clerk)
        for verdict in (
            verify_code(paper.code),
            verify_file(looked_at([self.bytes_of(paper.pdf)])),
        ):
            assert verdict.outcome == Outcome.WITHDRAWN
            assert verdict.paper.end.ended_on == DAY

    def test_a_replaced_paper_names_the_version_that_holds(self, place, paper):
        second = issued(place, content=short("二"), replaces=paper, reason="更正")
        third = issued(place, content=short("三"), replaces=second, reason="更正")
        verdict = verify_code(paper.code)
        assert (verdict.outcome, verdict.latest) == (Outcome.REPLACED, third)
        assert verify_code(third.code).outcome == Outcome.VALID
        assert verify_code(third.code).latest is None

    def test_a_row_that_was_tampered_with_is_not_vouched_for(self, paper):
        with tampered():
            IssuedPaper.objects.filter(pk=paper.pk).update(number=99)
            assert verify_code(paper.code).outcome == Outcome.ALTERED

    def test_looking_keeps_nothing(self, paper):
        looked = looked_at([b"x" * 1000])
        assert set(asdict(looked)) == {"sha256", "codes"} and looked.codes == ()


@given(st.binary(max_size=300), st.integers(1, 40))
def test_a_code_is_found_however_the_file_is_cut(before, size):
    content = before + b"peiyu:7KQ2M9XD4RT5<" + before
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    looked = looked_at(pieces)
    assert "7KQ2M9XD4RT5" in looked.codes
    assert looked.sha256 == looked_at([content]).sha256


@given(st.lists(st.binary(max_size=200)))
def test_any_bytes_are_looked_at_without_trouble(pieces):
    assert isinstance(looked_at(pieces), Looked)
