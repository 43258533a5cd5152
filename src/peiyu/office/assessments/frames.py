"""The same facts in columns, for the rules over many; loaded by the job worker alone: it needs polars."""

from __future__ import annotations

import polars as pl

from peiyu.office.assessments.basis import Order
from peiyu.office.assessments.facts import NAMES, NONE, merged
from peiyu.office.assessments.gathered import LAGS, Gathered, Sheet
from peiyu.policy import facts
from peiyu.policy.case import State
from peiyu.policy.columns import Population
from peiyu.policy.columns.population import fact_columns, row_columns


def population(found: Gathered, order: Order) -> Population:
    """What was gathered as the columns interpreter takes it, in the order of the enterprises."""
    types = fact_columns()
    keys = list(found.standing)
    held: dict[str, list[object]] = {"key": [str(key) for key in keys]}
    for name in next(iter(found.standing.values()), {}):
        held[name] = []
    extra = {name for row in found.standing.values() for name in row} - held.keys()
    for name in (*held, *extra):
        if name != "key":
            held[name] = [found.standing[key].get(name) for key in keys]
    for lag in LAGS:
        said = [merged(found, key, found.on.year - lag, order) for key in keys]
        for name, values in zip(NAMES, zip(*said, strict=True) if said else NONE, strict=True):
            if values is not None and any(value is not None for value in values):
                held[f"{name}.{lag}"] = list(values)
    tables = {}
    for table, sheet in found.sheets.items():
        states = [sheet.states.get(key, State.ABSENT) for key in keys]
        if any(states):
            held[f"{table}.state"] = [int(state) for state in states]
            tables[table] = _frame(table, sheet).lazy()
    frame = pl.DataFrame(held, schema={name: types[name] for name in held}, strict=True)
    complete = frozenset(name for name in frame.columns if frame[name].null_count() == 0)
    return Population(frame.lazy(), tables, complete)


def _frame(table: str, sheet: Sheet) -> pl.DataFrame:
    types = row_columns(facts.BY_NAME[table])
    held: dict[str, list[object]] = {"key": [str(key) for key in sheet.of]}
    held |= {name: values for name, values in sheet.columns.items() if name in types}
    made = pl.DataFrame(held, schema={name: types[name] for name in held}, strict=True)
    if table == "uses":  # the same use may be linked to by several enterprises: it happened once
        made = made.with_columns(
            _use=pl.Series([place[1] for place in sheet.places], dtype=pl.Int64)
        )
        made = made.unique("_use", keep="first", maintain_order=True).drop("_use")
    return made
