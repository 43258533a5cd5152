"""The answers of one rulebook for many enterprises as a frame, from either interpreter.

One row an enterprise: `key`, an outcome a line (each criterion, `hard`, `verdict`, each grant) and for
each grant `id.low` and `id.high`, what is to be paid in fen at the least and at the most; a null
`high` has no bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from peiyu.batch import phrases
from peiyu.batch.cases import Input
from peiyu.batch.sides import Side
from peiyu.policy.case import Case
from peiyu.policy.columns import OUTCOME_TYPE, Columns, Population
from peiyu.policy.explain import Assessment, Program
from peiyu.policy.reasons import Reasons
from peiyu.policy.rulebook import Rulebook
from peiyu.words import joined, mark, translate

HARD, VERDICT = "hard", "verdict"
TITLES = {HARD: mark("硬指标"), VERDICT: mark("结论")}
UNDECIDED = ("unknown", "expert")


def lines(rulebook: Rulebook) -> tuple[str, ...]:
    """What is judged of an enterprise, in order: the lines over all, criteria, grants."""
    over = [HARD] if rulebook.group("hard") else []
    over += [VERDICT] if rulebook.criteria else []
    return (*over, *(c.id for c in rulebook.criteria), *(g.id for g in rulebook.grants))


def title(rulebook: Rulebook, line: str, lang: str) -> str:
    """What a line is called."""
    known = {c.id: c.title for c in rulebook.criteria} | {g.id: g.title for g in rulebook.grants}
    return translate(TITLES.get(line) or known[line], lang)


def article(rulebook: Rulebook, line: str) -> str:
    """The article of a line; the lines over all have none."""
    known = {c.id: c.article for c in rulebook.criteria} | {
        g.id: g.article for g in rulebook.grants
    }
    return known.get(line, "")


class ByCase:
    """Judges enterprises one by one and keeps what is needed to say why."""

    def __init__(self, rulebook: Rulebook, side: Side, cases: Sequence[Case]) -> None:
        self.rulebook = rulebook
        self.program: Program = side.program(rulebook)
        self.cases = {case.key: case for case in cases}

    def frame(self) -> pl.DataFrame:
        """The answers, in the order of the cases."""
        names = lines(self.rulebook)
        types: dict[str, pl.DataType | type[pl.DataType]] = {"key": pl.String}
        types |= dict.fromkeys(names, OUTCOME_TYPE)
        for grant in self.rulebook.grants:
            types |= {f"{grant.id}.low": pl.Int64, f"{grant.id}.high": pl.Int64}
        rows = [self._row(case, names) for case in self.cases.values()]
        return pl.DataFrame(rows, types, orient="row")

    def _row(self, case: Case, names: Iterable[str]) -> tuple[object, ...]:
        assessment = Assessment(self.program, case)
        found = {HARD: assessment.hard, VERDICT: assessment.verdict, **assessment.outcomes}
        granted = assessment.grants
        found |= {name: grant.outcome for name, grant in granted.items()}
        money = (end for grant in granted.values() for end in grant.money)
        return (case.key, *(found[name].name.lower() for name in names), *money)

    def words(self, key: str, line: str, lang: str) -> str:
        """The comparisons behind a line of an enterprise; empty where it has none."""
        case = self.cases.get(key)
        if case is None or line in TITLES:
            return ""
        reasons = Reasons(Assessment(self.program, case), lang)
        for grant in self.rulebook.grants:
            if grant.id == line:
                tests = reasons.of_grant(grant).tests
                return joined("；", (phrases.test(found, lang) for found in tests), lang)
        return phrases.summary(reasons.of(self.rulebook.criterion(line)), lang)


def in_columns(rulebook: Rulebook, side: Side, population: Population) -> pl.LazyFrame:
    """The answers in columns, in the order of the population."""
    judged = Columns(
        rulebook, side.on, population, dict(side.readings), side.figures
    ).judged()  # fmt: skip
    return judged.select("key", *lines(rulebook), *_money(rulebook))


def _money(rulebook: Rulebook) -> Iterable[pl.Expr]:
    """What is to be paid: the amount where the grant is met, perhaps it where that is open."""
    for grant in rulebook.grants:
        met, opened = pl.col(grant.id) == "met", pl.col(grant.id).is_in(UNDECIDED)
        low, high = f"{grant.id}.low", f"{grant.id}.high"
        yield pl.when(met).then(pl.col(low)).otherwise(0).alias(low)
        yield pl.when(met | opened).then(pl.col(high)).otherwise(0).alias(high)


def named(found: Input) -> pl.DataFrame:
    """Key, name and territory of enterprises read one by one."""
    rows = [(case.key, case.name, found.territories.get(case.key)) for case in found.cases]
    return pl.DataFrame(rows, dict.fromkeys(("key", "name", "territory"), pl.String), orient="row")
