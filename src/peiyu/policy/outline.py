"""What a rulebook is made of, gathered for those who set it out: on paper, on a page."""

from __future__ import annotations

from collections.abc import Iterator

from peiyu.policy import tree
from peiyu.policy.articles import Article, article, not_modelled
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
NUMERALS = "一二三四五六七八九"


def groups(rulebook: Rulebook) -> tuple[tuple[str, str], ...]:
    """The parts that a rulebook has, each with its heading."""
    there = {criterion.group for criterion in rulebook.criteria}
    return tuple(
        (name, rulebook.voice.scoring if name == "score" else title)
        for name, title in GROUPS
        if name in there
    )


def numbered(heading: str, number: int, lang: str) -> str:
    """A heading of which a part of the rules may be left out before it, with its own number."""
    bare = translate(heading, lang).partition("、" if lang == "zh" else ". ")[2]
    if lang != "zh":
        return f"{number}. {bare}"
    tens, ones = divmod(number, 10)
    written = ("", "十")[tens] + (NUMERALS[ones - 1] if ones else "")
    return f"{written}、{bare}"


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
    for parts in (
        rulebook.criteria, rulebook.items, rulebook.switches, rulebook.flags, rulebook.grants,
    ):  # fmt: skip
        for part in parts:
            found.setdefault(part.article)
    for name in rulebook.parameters():
        for entry in parameters()[name].values:
            found.setdefault(entry.source)
    for node in tree.walk(*rulebook.roots()):
        if isinstance(node, tree.Because | tree.Called | tree.Measure) and node.article:
            found.setdefault(node.article)
    return sorted(found)


def left_out(rulebook: Rulebook) -> tuple[Article, ...]:
    """The articles, of the papers that the rulebook answers for, that no rule follows."""
    cited = {article(cite).document.tag for cite in citations(rulebook)}
    return not_modelled(rulebook.documents or cited)
