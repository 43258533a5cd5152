"""What a rulebook claims of itself: its citations open, its switches are used, its version is true."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from peiyu.policy import facts, parameters, tree
from peiyu.policy.articles import article
from peiyu.policy.rulebook import Criterion, Rulebook, UnknownReading
from peiyu.policy.rulebooks import HNTE, RULEBOOKS
from peiyu.policy.tree import ChooseNumber, ChooseOutcome, Node, RowChoose, walk

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FLAG_ROOTS = tuple(flag.when for flag in HNTE.flags)
ESTIMATE_ROOTS = tuple(estimate.points for estimate in HNTE.estimates)
EVERYTHING = tuple(walk(*HNTE.roots(), *FLAG_ROOTS, *ESTIMATE_ROOTS))
READ = sorted({name for book in RULEBOOKS.values() for name in book.facts()})

# Every place that the page of the law marks as uncertain, with the switch that decides it.
UNCERTAIN = (
    ("1.1", "which date is the date of application", "application_day"),
    ("1.2", "does an application that failed consume the use of class II", "ip_use_consumed_by"),
    ("1.2", "does a use by a previous owner count", "ip_use_follows"),
    ("1.5", "is a short first year annualised", "short_first_year"),
    (
        "1.5",
        "entrusted amounts at 80 % or in full for the domestic share",
        "domestic_share_calibre",
    ),
    ("1.5", "no sales in three years", "rd_share_without_sales"),
    ("2.2", "one or two conversions in three years are in no band", "conversions_below_one"),
    ("2.2", "by how many years a young enterprise divides", "conversion_years"),
    ("2.4", "only one fiscal year of data", "growth_single_year"),
    ("2.4", "net assets below zero in year 1 or 2", "growth_negative_base"),
    ("2.4", "exactly 5 %: body and form disagree", "growth_five_percent"),
    ("2.5", "does a platform round before it compares", "panel_rounding"),
    ("3", "the base of the cap on other expense", "other_cost_cap"),
    ("3", "the period of the cap on other expense", "other_cost_period"),
    ("3", "capitalised development cost", "rd_capitalised"),
    ("3", "failed projects", "rd_failed"),
    ("3", "R&D on government money", "rd_government"),
    ("4.4", "is technical income listed among the products", "technical_income_in_products"),
)
# Uncertain places that need no reading: what is done instead.
UNCERTAIN_BUT_FLAGGED = (("2.4", "net assets below zero in year 3 alone", "growth_negative_last"),)


def cited() -> Iterator[tuple[str, str]]:
    """Every citation of the rulebook, with what cites it."""
    for criterion in HNTE.criteria:
        yield f"criterion {criterion.id}", criterion.article
    for item in HNTE.items:
        yield f"item {item.id}", item.article
    for flag in HNTE.flags:
        yield f"flag {flag.id}", flag.article
    for switch in HNTE.switches:
        yield f"switch {switch.name}", switch.article
    for node in EVERYTHING:
        cite = getattr(node, "article", "")
        if cite:
            yield f"{type(node).__name__} {getattr(node, 'title', getattr(node, 'why', ''))}", cite


def choices() -> list[RowChoose | ChooseNumber | ChooseOutcome]:
    return [
        node for node in EVERYTHING if isinstance(node, RowChoose | ChooseNumber | ChooseOutcome)
    ]


# ---------------------------------------------------------------------------------- citations


@pytest.mark.parametrize(("what", "cite"), sorted(set(cited())), ids=lambda text: text)
def test_every_citation_opens(what: str, cite: str) -> None:
    assert article(cite).cite == cite, what


def test_every_measure_and_every_reason_of_a_row_names_its_article() -> None:
    for node in EVERYTHING:
        if isinstance(node, tree.Because | tree.RowFlag):
            assert node.article, node
    told = [node for node in walk(*HNTE.roots()) if isinstance(node, tree.Measure)]
    assert [node.name for node in told if not node.article] == []


def test_every_condition_of_article_11_is_cited_by_a_criterion() -> None:
    names = {criterion.article for criterion in HNTE.criteria} | {"G3.3"}
    assert {f"M11({number})" for number in range(1, 9)} <= names


# ---------------------------------------------------------------------------------- its parts


def test_identities_stand_once() -> None:
    for names in (
        [criterion.id for criterion in HNTE.criteria],
        [item.id for item in HNTE.items],
        [flag.id for flag in HNTE.flags],
        [switch.name for switch in HNTE.switches],
    ):
        assert len(set(names)) == len(names)


def test_every_title_is_chinese() -> None:
    said = [
        *(criterion.title for criterion in HNTE.criteria),
        *(item.title for item in HNTE.items),
        *(flag.text for flag in HNTE.flags),
        *(switch.title for switch in HNTE.switches),
        *(estimate.title for estimate in HNTE.estimates),
        *(estimate.title for estimate in HNTE.estimates),
        *(words for switch in HNTE.switches for _, words in switch.readings),
    ]
    assert [text for text in said if not CHINESE.search(text)] == []


def test_the_machine_decidable_conditions_are_those_of_the_page() -> None:
    assert [criterion.id for criterion in HNTE.group("hard")] == [
        "registered", "ip", "main_products", "st_staff", "rd_share", "rd_domestic", "ht_income",
        "incidents",
    ]  # fmt: skip
    assert [criterion.id for criterion in HNTE.group("score")] == ["score"]
    assert sum(len(HNTE.group(g)) for g in ("gate", "hard", "judged", "panel", "score")) == len(
        HNTE.criteria
    )


def test_the_items_add_up_to_the_hundred_points_of_the_law() -> None:
    most = {item.id: item.most for item in HNTE.items}
    of_ip = ("advancement", "support", "quantity", "obtaining")
    assert sum(most[name] for name in of_ip) == 30
    assert sum(most.values()) - most["standards"] == 100


def test_no_item_gives_more_than_its_most() -> None:
    figures = parameters.Figures(date(2026, 7, 20))
    for item in HNTE.items:
        for node in walk(item.points):
            if isinstance(node, tree.Band):
                assert figures.points(node.parameter, node.key)[1] <= item.most, item.id
            if isinstance(node, tree.Steps):
                steps = figures.steps(node.parameter).steps
                assert max(step.high for step in steps) <= item.most, item.id


def test_a_rulebook_is_found_by_its_name() -> None:
    assert RULEBOOKS["hnte"] is HNTE
    assert all(book.name == name for name, book in RULEBOOKS.items())
    assert HNTE.criterion("ip").article == "M11(2)"


# -------------------------------------------------------------------------------------- facts


@pytest.mark.parametrize("name", READ)
def test_every_fact_that_is_read_is_in_the_dictionary(name: str) -> None:
    table, _, column = name.partition(".")
    assert facts.BY_NAME[table].fact(column).name == column


def test_every_fact_that_is_asked_for_is_read() -> None:
    """What no rule reads is an identity or a description, and never missing for a verdict."""
    unread = {
        f"{table.name}.{fact.name}"
        for table in facts.TABLES
        for fact in table
        if f"{table.name}.{fact.name}" not in READ and not fact.optional
    }
    assert unread == {
        "enterprise.code",
        "enterprise.name",
        "enterprise.tech_field",
        "months.month",
        "rd.no",
        "products.no",
        "sheets.expert",
        "standards.number",
        "years.year",
        "certificates.number",
        "subsidy_projects.no",
        "patent_fees.number",
        "awards.title",
        "institutions.title",
    }


def test_choices_compared_in_a_rule_are_choices_of_the_dictionary() -> None:
    known = {
        f"{table.name}.{fact.name}": {code for code, _, _ in fact.choices}
        for table in facts.TABLES
        for fact in table
        if fact.unit is facts.Unit.CHOICE
    }
    compared = 0
    for node in EVERYTHING:
        if isinstance(node, tree.RowTest) and isinstance(node.right, tree.Literally):
            column, words = node.left, (node.right.value,)
        elif isinstance(node, tree.RowIn):
            figures = parameters.Figures(date(2026, 7, 20))
            words = figures.words(node.parameter) if node.parameter else node.values
            column = node.left
        else:
            continue
        assert isinstance(column, tree.Column)
        compared += 1
        assert set(words) <= known[f"{column.table}.{column.name}"], column
    assert compared > 5


# ------------------------------------------------------------------------------------ switches


@pytest.mark.parametrize("switch", HNTE.switches, ids=lambda switch: switch.name)
def test_the_default_of_a_switch_is_one_of_its_readings(switch: object) -> None:
    assert isinstance(switch, type(HNTE.switches[0]))
    readings = dict(switch.readings)
    assert switch.default in readings
    assert len(readings) == len(switch.readings) >= 2
    assert switch.words(switch.default) == readings[switch.default]


@pytest.mark.parametrize("switch", HNTE.switches, ids=lambda switch: switch.name)
def test_every_switch_is_used_in_the_tree_with_all_its_readings(switch: object) -> None:
    assert isinstance(switch, type(HNTE.switches[0]))
    used = [node for node in choices() if node.switch == switch.name]
    assert used
    for node in used:
        assert [name for name, _ in node.readings] == [name for name, _ in switch.readings]


def test_every_choice_in_the_tree_is_a_switch() -> None:
    assert {node.switch for node in choices()} == {switch.name for switch in HNTE.switches}


def test_every_uncertain_place_of_the_law_has_a_switch_and_no_switch_is_unfounded() -> None:
    assert sorted(name for _, _, name in UNCERTAIN) == sorted(s.name for s in HNTE.switches)
    flags = {flag.id for flag in HNTE.flags}
    assert {name for _, _, name in UNCERTAIN_BUT_FLAGGED} <= flags


def test_a_reading_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UnknownReading, match="panel_rounding=down: choose one of none, half_up"):
        HNTE.readings({"panel_rounding": "down"})
    with pytest.raises(UnknownReading, match="panel_luck=: choose one of application_day"):
        HNTE.readings({"panel_luck": "none"})


def test_without_a_choice_every_switch_stands_at_its_default() -> None:
    assert HNTE.readings() == {switch.name: switch.default for switch in HNTE.switches}
    chosen = HNTE.readings({"panel_rounding": "half_up"})
    assert chosen == {**HNTE.readings(), "panel_rounding": "half_up"}


# ------------------------------------------------------------------------------------- version


def with_root(rulebook: Rulebook, name: str, root: tree.OutcomeNode) -> Rulebook:
    return with_criterion(rulebook, name, replace(rulebook.criterion(name), root=root))


def with_criterion(rulebook: Rulebook, name: str, other: Criterion) -> Rulebook:
    criteria = tuple(other if found.id == name else found for found in rulebook.criteria)
    return replace(rulebook, criteria=criteria)


def stricter(rulebook: Rulebook) -> Rulebook:
    root = rulebook.criterion("incidents").root
    assert isinstance(root, tree.Test)
    return with_root(rulebook, "incidents", tree.Test("<", root.left, root.right))


def test_the_version_stays_the_same_while_nothing_changes() -> None:
    assert HNTE.version() == HNTE.version() == replace(HNTE).version()
    assert re.fullmatch(r"[0-9a-f]{12}", HNTE.version())


def test_words_on_the_page_do_not_change_the_version() -> None:
    renamed = with_criterion(HNTE, "ip", replace(HNTE.criterion("ip"), title="知识产权"))
    assert replace(HNTE, title="认定", governing="申请之日").version() == HNTE.version()
    assert renamed.version() == HNTE.version()


def test_another_name_for_a_number_does_not_change_the_version() -> None:
    assert isinstance(HNTE.total, tree.Called)
    renamed = tree.Called("合计", HNTE.total.article, HNTE.total.part)
    assert replace(HNTE, total=renamed).version() == HNTE.version()


def test_an_equal_tree_built_anew_has_the_same_version() -> None:
    root = HNTE.criterion("incidents").root
    assert isinstance(root, tree.Test)
    again = with_root(HNTE, "incidents", tree.Test(root.operator, root.left, root.right))
    assert again.version() == HNTE.version()


def test_another_comparison_changes_the_version() -> None:
    assert stricter(HNTE).version() != HNTE.version()


def test_another_number_in_the_tree_changes_the_version() -> None:
    root = HNTE.criterion("incidents").root
    assert isinstance(root, tree.Test)
    one = tree.Test(root.operator, root.left, tree.Constant(Fraction(1)))
    assert with_root(HNTE, "incidents", one).version() != HNTE.version()


def test_another_fact_changes_the_version() -> None:
    other = with_root(HNTE, "resident", tree.IsYes("legal_person"))
    assert other.version() != HNTE.version()


def test_a_criterion_left_out_changes_the_version() -> None:
    assert replace(HNTE, criteria=HNTE.criteria[1:]).version() != HNTE.version()


def test_a_flag_left_out_changes_the_version() -> None:
    assert replace(HNTE, flags=HNTE.flags[1:]).version() != HNTE.version()


def test_a_criterion_in_another_group_changes_the_version() -> None:
    moved = with_criterion(HNTE, "ip", replace(HNTE.criterion("ip"), group="judged"))
    assert moved.version() != HNTE.version()


def test_another_default_of_a_switch_changes_the_version() -> None:
    first, *others = HNTE.switches
    other = replace(first, default=first.readings[1][0])
    assert replace(HNTE, switches=(other, *others)).version() != HNTE.version()


@pytest.mark.parametrize("name", HNTE.parameters())
def test_another_value_of_a_figure_changes_the_version(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = HNTE.version()
    known = dict(parameters.parameters())
    entry = known[name].values[-1]
    later = parameters.Dated(date(2030, 1, 1), Fraction(1), entry.source)
    known[name] = replace(known[name], values=(*known[name].values, later))
    monkeypatch.setattr(parameters, "parameters", lambda: known)
    assert HNTE.version() != before


def test_a_figure_that_no_rule_reads_does_not_change_the_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = HNTE.version()
    spare = replace(parameters.parameters()["hnte_pass_mark"], name="hnte_luck")
    known = {**parameters.parameters(), "hnte_luck": spare}
    monkeypatch.setattr(parameters, "parameters", lambda: known)
    assert HNTE.version() == before


def test_nodes_are_told_apart_by_their_kind() -> None:
    roots: list[Node] = [tree.IsYes("resident"), tree.Judged("resident")]
    books = [with_root(HNTE, "resident", root) for root in roots]  # type: ignore[arg-type]
    assert books[0].version() != books[1].version()
