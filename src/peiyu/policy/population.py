"""Moved to `peiyu.policy.columns.population`."""

from peiyu.policy.columns.population import (  # noqa: F401
    LAGS,
    TYPES,
    column_type,
    fact_columns,
    population,
    row_columns,
)
