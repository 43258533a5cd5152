"""The rules for a nation: the same tree compiled to polars, exact and three-valued."""

from peiyu.policy.columns.compiled import Columns, judge
from peiyu.policy.columns.population import Population, population
from peiyu.policy.columns.verdict import OUTCOME_TYPE

__all__ = ["OUTCOME_TYPE", "Columns", "Population", "judge", "population"]
