"""The tree can be walked, laid out and read without knowing any interpreter."""

from datetime import date
from fractions import Fraction

import pytest

from peiyu.policy import tree
from peiyu.policy.case import Case
from peiyu.policy.explain import assess
from peiyu.policy.rulebook import Criterion, Item, Rulebook, Switch, fact_names, parameter_names
from peiyu.policy.rulebooks import HNTE
from peiyu.policy.tree import (
    AllOf,
    Always,
    AnyOf,
    Band,
    ChooseNumber,
    ChooseOutcome,
    Column,
    Constant,
    Day,
    Elapsed,
    Exists,
    FactNode,
    First,
    IsYes,
    Link,
    Measure,
    Node,
    Outcome,
    Parameter,
    Ratio,
    RowChoose,
    RowIn,
    Scaled,
    Steps,
    Sum,
    plan,
    taken,
    walk,
)

# A small law: a share against a step, and a sum of scored items.
sales = FactNode("sales_revenue", 1)
spent = FactNode("rd_total", 1)
abroad = FactNode("rd_entrusted_foreign", 1)
step = Steps(sales, "hnte_rd_tiers")
counted = ChooseNumber("abroad", (("left_out", spent), ("counted", spent + abroad)))
share = Ratio(counted, sales)
enough = share >= step
is_granted = RowIn(Column("ip", "kind"), parameter="hnte_ip_class1")
rights = Measure("rights", "权利", "count", "ip", is_granted, declared=FactNode("ip_class1"))
for_rights = First(((rights >= 1, Band("hnte_points", "standards")),), Constant(Fraction(0)))
for_growth = Steps(sales, "hnte_growth_points")
points = Sum((for_rights, for_growth))

SMALL = Rulebook(
    name="small",
    title="小规则",
    governing="申请日",
    criteria=(Criterion("enough", "研发费用占比", "M11(5)", enough, "hard"),),
    items=(
        Item("rights", "权利", "G3.7.1", for_rights, 2),
        Item("growth", "增长", "G3.7.4", for_growth, 10),
    ),
    total=points,
    pass_mark="hnte_pass_mark",
    switches=(
        Switch(
            "abroad",
            "境外",
            "G3.6.3",
            (("left_out", "不计"), ("counted", "计入")),
            "left_out",
        ),
    ),
    flags=(),
    since=date(2016, 1, 1),
)
LEFT_OUT, COUNTED = {"abroad": "left_out"}, {"abroad": "counted"}


def order(*roots: Node) -> list[Node]:
    return list(walk(*roots))


def comes_before(part: Node, whole: Node, found: list[Node]) -> bool:
    return found.index(part) < found.index(whole)


# -------------------------------------------------------------------------------- walking


def test_a_share_against_a_step_is_walked_parts_first() -> None:
    assert order(enough) == [
        spent,
        abroad,
        counted.readings[1][1],
        counted,
        sales,
        share,
        step,
        enough,
    ]


def test_a_sum_of_items_is_walked_item_by_item() -> None:
    kinds = [type(node).__name__ for node in order(points)]
    assert kinds == [
        "Column", "RowIn", "FactNode", "Measure", "Constant", "Test", "Band", "Constant", "First",
        "FactNode", "Steps", "Sum",
    ]  # fmt: skip


def test_parts_stand_before_their_whole_in_every_rule_of_the_law() -> None:
    found = order(*HNTE.roots())
    places = {id(node): place for place, node in enumerate(found)}
    for node in found:
        assert all(places[id(child)] < places[id(node)] for child in node.children())


def test_each_node_is_met_once_however_often_it_is_used() -> None:
    found = order(enough, points, enough)
    assert len({id(node) for node in found}) == len(found)
    assert found.count(sales) == 1


def test_all_readings_of_a_switch_are_walked() -> None:
    found = order(enough)
    assert spent in found and abroad in found
    assert comes_before(abroad, counted, found)


def test_children_are_the_nodes_among_the_fields_however_deep() -> None:
    assert for_rights.children() == (*for_rights.cases[0], for_rights.otherwise)
    assert counted.children() == tuple(number for _, number in counted.readings)
    assert sales.children() == ()


def test_comparing_makes_a_test_and_not_an_answer() -> None:
    for made in (sales >= 1, sales > 1, sales <= 1, sales < 1, sales.equals(1)):
        assert isinstance(made, tree.Test)
    assert isinstance((sales > 1) & (spent > 1), AllOf)
    assert isinstance((sales > 1) | (spent > 1), AnyOf)
    assert isinstance(~(sales > 1), tree.Not)
    assert isinstance(Column("ip", "kind") >= 1, tree.RowTest)


# ------------------------------------------------------------------- facts and figures of the law


def test_the_parameters_of_a_tree_are_found() -> None:
    assert SMALL.parameters() == (
        "hnte_rd_tiers",
        "hnte_ip_class1",
        "hnte_points",
        "hnte_growth_points",
    )


def test_the_facts_of_a_tree_are_found_with_their_table() -> None:
    assert SMALL.facts() == (
        "years.rd_total",
        "years.rd_entrusted_foreign",
        "years.sales_revenue",
        "ip.kind",
        "enterprise.ip_class1",
    )


@pytest.mark.parametrize(
    ("node", "facts"),
    [
        (sales, ("years.sales_revenue",)),
        (FactNode("conversions"), ("enterprise.conversions",)),
        (Column("ip", "kind"), ("ip.kind",)),
        (IsYes("resident"), ("enterprise.resident",)),
        (tree.Judged("field_accepted"), ("enterprise.field_accepted",)),
        (Elapsed("established_on", "days"), ("enterprise.established_on",)),
        (
            Elapsed("established_on", "days", "notice_day"),
            ("enterprise.established_on", "enterprise.notice_day"),
        ),
        (tree.Operated(sales, 2, "established_on"), ("enterprise.established_on",)),
        (tree.Annualised(sales, 2, "established_on"), ("enterprise.established_on",)),
        (Day(fact="notice_day"), ("enterprise.notice_day",)),
        (Day(), ()),
        (
            Exists(Link("ip", "no", "products", "ip_nos"), Column("products", "is_main")),
            ("ip.no", "products.ip_nos"),
        ),
        (share, ()),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Node) else "",
)
def test_a_node_knows_which_facts_it_reads_itself(node: Node, facts: tuple[str, ...]) -> None:
    assert fact_names(node) == facts


@pytest.mark.parametrize(
    ("node", "parameters"),
    [
        (Parameter("hnte_pass_mark"), ("hnte_pass_mark",)),
        (Day(back="hnte_incident_days"), ("hnte_incident_days",)),
        (Day(), ()),
        (is_granted, ("hnte_ip_class1",)),
        (RowIn(Column("ip", "kind"), ("software",)), ()),
        (tree.RowSum((Column("sheets", "talent"),), cap="hnte_pass_mark"), ("hnte_pass_mark",)),
        (Scaled(sales, "hnte_entrusted_rate"), ("hnte_entrusted_rate",)),
        (step, ("hnte_rd_tiers",)),
        (Band("hnte_points", "talent"), ("hnte_points",)),
        (sales, ()),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Node) else "",
)
def test_a_node_knows_which_figures_it_reads_itself(
    node: Node, parameters: tuple[str, ...]
) -> None:
    assert parameter_names(node) == parameters


# ------------------------------------------------------------------------------- laying out


def test_a_plan_has_parts_before_wholes_and_each_root_a_place() -> None:
    laid = plan(SMALL.roots(), LEFT_OUT)
    for place, line in enumerate(laid.lines):
        assert all(need < place for need in line.needs)
    for root in SMALL.roots():
        assert laid.lines[laid.place(root, LEFT_OUT)].node is taken(root, LEFT_OUT)


def test_a_plan_writes_equal_nodes_once() -> None:
    twins = [Ratio(FactNode("rd_total", 1), FactNode("sales_revenue", 1)) >= step for _ in "ab"]
    laid = plan(twins, {})
    assert laid.place(twins[0], {}) == laid.place(twins[1], {})
    assert len(laid.lines) == len(plan(twins[:1], {}).lines)


@pytest.mark.parametrize(
    "other",
    [
        FactNode("sales_revenue", 2),
        FactNode("rd_total", 1),
        Steps(sales, "hnte_growth_points"),
        Constant(Fraction(1)),
    ],
    ids=lambda node: type(node).__name__,
)
def test_a_plan_keeps_nodes_apart_that_differ_in_anything(other: Node) -> None:
    laid = plan([sales, step, Constant(Fraction(2)), other], {})
    assert len({laid.place(node, {}) for node in (sales, step, other)}) == 3


def test_a_plan_keeps_links_apart_that_look_elsewhere() -> None:
    at_home = Link("ip", "grant_number", "uses", "grant_number")
    anywhere = Link("ip", "grant_number", "uses", "grant_number", anywhere=True)
    successful = Column("uses", "successful")
    nodes = [Exists(at_home, successful), Exists(anywhere, successful)]
    laid = plan(nodes, {})
    assert laid.place(nodes[0], {}) != laid.place(nodes[1], {})


def test_a_plan_holds_only_the_reading_that_was_chosen() -> None:
    facts = {
        name: {
            line.node.key
            for line in plan(SMALL.roots(), {"abroad": name}).lines
            if isinstance(line.node, FactNode)
        }
        for name in ("left_out", "counted")
    }
    assert "rd_entrusted_foreign.1" not in facts["left_out"]
    assert "rd_entrusted_foreign.1" in facts["counted"]


@pytest.mark.parametrize("readings", [LEFT_OUT, COUNTED], ids=["left out", "counted"])
def test_a_switch_stands_for_what_was_chosen(readings: dict[str, str]) -> None:
    assert taken(counted, readings) is dict(counted.readings)[readings["abroad"]]
    assert taken(sales, readings) is sales


def test_a_switch_within_a_switch_is_followed_to_its_end() -> None:
    inner = ChooseOutcome("abroad", (("left_out", Always(Outcome.MET)), ("counted", enough)))
    outer = ChooseOutcome("other", (("deep", inner), ("flat", Always(Outcome.UNMET))))
    assert taken(outer, {"other": "deep", "abroad": "counted"}) is enough


def test_a_row_rule_may_have_a_switch_too() -> None:
    yes, no = Column("uses", "successful"), Column("ip", "mainland")
    choice = RowChoose("abroad", (("left_out", yes), ("counted", no)))
    assert taken(choice, COUNTED) is no


def test_a_reading_that_a_switch_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        taken(counted, {"abroad": "halved"})
    with pytest.raises(KeyError):
        plan(SMALL.roots(), {})


def test_no_choice_and_no_name_is_left_in_a_plan() -> None:
    laid = plan(HNTE.roots(), HNTE.readings())
    assert not [line for line in laid.lines if taken(line.node, HNTE.readings()) is not line.node]


# ------------------------------------------------------------------------------ the small law


@pytest.mark.parametrize(
    ("facts", "outcome", "low", "high"),
    [
        ({"sales_revenue.1": 100, "rd_total.1": 5, "ip_class1": 1}, Outcome.MET, 10, 12),
        ({"sales_revenue.1": 100, "rd_total.1": 4, "ip_class1": 0}, Outcome.UNMET, 9, 10),
        ({"sales_revenue.1": 100, "ip_class1": 1}, Outcome.UNKNOWN, 10, 12),
        ({"sales_revenue.1": 0, "rd_total.1": 4}, Outcome.UNKNOWN, 0, 2),
    ],
)
def test_a_small_law_is_judged_as_any_other(
    facts: dict[str, int], outcome: Outcome, low: int, high: int
) -> None:
    found = assess(SMALL, Case("a", facts=dict(facts)), date(2026, 7, 20))
    assert found.outcome("enough") is outcome
    assert (found.score.low, found.score.high, found.score.scale) == (low, high, 1)
