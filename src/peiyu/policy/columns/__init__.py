"""The rules for a nation in polars: the same tree, exact and three-valued."""

from peiyu.policy.columns.judging import OUTCOME_TYPE, Columns, judge
from peiyu.policy.columns.population import Population, population

__all__ = ["OUTCOME_TYPE", "Columns", "Population", "judge", "population"]
