"""What a rulebook is made of, gathered for those who set it out: on paper, on a page."""

from __future__ import annotations

from collections.abc import Iterator

from peiyu.policy import tree
from peiyu.policy.parameters import parameters
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.wording import Speaker
from peiyu.words import mark, translate

GROUPS = (
    ("gate", mark("一、申请主体")),
    ("hard", mark("二、可由数据判断的条件（硬指标）")),
    ("judged", mark("三、由专家判断的条件")),
    ("score", mark("四、企业创新能力评价")),
    ("panel", mark("五、专家核定金额复算（有专家评审表时适用）")),
)
"""The parts of a rulebook in the order in which they are read."""


def switches_of(root: tree.Node) -> tuple[str, ...]:
    """The switches on which a formula depends, in order of first use."""
    found = {
        node.switch: None
        for node in tree.walk(root)
        if isinstance(node, tree.RowChoose | tree.ChooseNumber | tree.ChooseOutcome)
    }
    return tuple(found)


def quantities(rulebook: Rulebook, speaker: Speaker) -> Iterator[tuple[str, str, str]]:
    """Each quantity with a name of its own: name, article, how it is made."""
    seen: set[str] = set()
    for node in tree.walk(*rulebook.roots()):
        if isinstance(node, tree.Called):
            title, cite = speaker.say(node), node.article
        elif isinstance(node, tree.Measure) and node.table != "rd":
            title, cite = translate(node.title, speaker.lang), node.article
        else:
            continue
        if title in seen:
            continue
        seen.add(title)
        yield title, cite, speaker.say(node, opened=True)


def citations(rulebook: Rulebook) -> list[str]:
    """Every article that the rulebook cites."""
    found: dict[str, None] = {}
    for parts in (rulebook.criteria, rulebook.items, rulebook.switches, rulebook.flags):
        for part in parts:
            found.setdefault(part.article)
    for name in rulebook.parameters():
        for entry in parameters()[name].values:
            found.setdefault(entry.source)
    for node in tree.walk(*rulebook.roots()):
        if isinstance(node, tree.Because | tree.Called | tree.Measure) and node.article:
            found.setdefault(node.article)
    return sorted(found)
