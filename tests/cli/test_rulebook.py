"""The rules as a document: what an officer reads before signing."""

import re
from pathlib import Path

import pytest

from peiyu.policy.parameters import parameters
from peiyu.policy.rulebooks import HNTE
from peiyu.words import translate
from tests.cli.conftest import Run

ON = "2019-06-17"
CHINESE = re.compile("[一-鿿]")


def test_it_has_every_criterion_with_its_article_and_formula(run: Run) -> None:
    text = run("rulebook", "hnte", "--on", ON).stdout
    for criterion in HNTE.criteria:
        part = text.partition(f"- 标识: `{criterion.id}`\n")[2].partition("\n\n")[0]
        assert f"### {criterion.title}" in text
        assert criterion.article in part and "- 公式: " in part, criterion.id
    assert "研究开发费用总额 ÷ 近三年销售收入总额 ≥" in text
    for item in HNTE.items:
        assert f"| {item.title} | {item.article} | {item.most} |" in text


def test_it_has_every_figure_of_the_law_with_its_day_and_source(run: Run) -> None:
    text = run("rulebook", "hnte", "--on", ON).stdout
    for name in HNTE.parameters():
        for entry in parameters()[name].values:
            assert f"| `{name}` | {entry.since.isoformat()} |" in text
    lines = [line for line in text.splitlines() if "| `hnte_" in line]
    assert len(lines) == sum(len(parameters()[name].values) for name in HNTE.parameters())
    assert all(line.rstrip("| ").endswith("）") for line in lines)  # number of the document


def test_it_has_every_switch_with_its_readings_the_chosen_one_in_bold(run: Run) -> None:
    usual = run("rulebook", "hnte", "--on", ON).stdout
    other = run("rulebook", "hnte", "--on", ON, "--switch", "other_cost_cap=internal").stdout
    for switch in HNTE.switches:
        for reading, words in switch.readings:
            bold = reading == switch.default
            assert (f"**{words}** (`{reading}`)" if bold else f"{words} (`{reading}`)") in usual
    words = dict(HNTE.switch("other_cost_cap").readings)
    assert f"**{words['internal']}** (`internal`)" in other
    assert f"**{words['total']}**" not in other
    changed = [a for a, b in zip(usual.splitlines(), other.splitlines(), strict=True) if a != b]
    assert 1 <= len(changed) <= 6


def test_every_article_it_cites_has_a_gloss_that_is_said_to_be_ours(run: Run) -> None:
    text = run("rulebook", "hnte", "--on", ON).stdout
    assert "释义为本系统所写，不是法规原文" in text
    for criterion in HNTE.criteria:
        assert f"- **{criterion.article}**" in text
    for flag in HNTE.flags:
        assert flag.text in text
    assert "审核人" in text


def test_it_names_day_and_version(run: Run) -> None:
    for on in (ON, "2016-01-01", "2026-07-20"):
        text = run("rulebook", "hnte", "--on", on).stdout
        assert f"适用日：{on}（申请日）。规则版本：{HNTE.version()}。" in text


def test_a_file_holds_what_the_terminal_shows(run: Run, here: Path) -> None:
    shown = run("rulebook", "hnte", "--on", ON).stdout
    done = run("rulebook", "hnte", "--on", ON, "-o", "new/rules.md")
    assert done.exit_code == 0 and done.stdout == ""
    assert Path("new/rules.md").read_text("utf-8") == shown


def test_the_english_document_has_the_same_parts_and_no_chinese(run: Run) -> None:
    english = run("rulebook", "hnte", "--on", ON, "--lang", "en").stdout
    chinese = run("rulebook", "hnte", "--on", ON).stdout
    assert [line for line in english.splitlines() if CHINESE.search(line)] == []
    heads = [
        [line.split()[0] for line in text.splitlines() if line.startswith("#")]
        for text in (english, chinese)
    ]
    assert heads[0] == heads[1] and len(heads[0]) > 25
    for criterion in HNTE.criteria:
        assert f"### {translate(criterion.title, 'en')}\n" in english


@pytest.mark.parametrize("name", ["tech_smes", "", "HNTE "])
def test_an_unknown_rulebook_is_refused_with_those_there_are(name: str, run: Run) -> None:
    done = run("rulebook", name)
    assert done.exit_code == 2 and "hnte" in done.stderr
