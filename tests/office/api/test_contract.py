"""The committed contract, and what a tool that reads it makes of the API."""

from pathlib import Path

from peiyu.office.api.openapi import generated, rewrite

CONTRACT = Path(__file__).parents[3] / "docs/openapi.json"


def test_the_committed_contract_is_the_present_one():
    assert CONTRACT.read_text("utf-8") == generated(), "bring docs/openapi.json up to date"


def test_the_contract_is_rewritten_only_when_it_differs(tmp_path):
    place = tmp_path / "openapi.json"
    assert rewrite(place)
    assert not rewrite(place)
