"""Made-up enterprises to be measured with: one as a case, many as columns. Nobody is meant."""

from datetime import date
from pathlib import Path

import polars as pl

from peiyu.policy import facts
from peiyu.policy.case import Case, State

ON = date(2019, 6, 17)
MILLION = 10**8  # fen in a million yuan
YEARS = (1, 2, 3)


def flat_case():
    """One enterprise that states its measures, and no tables."""
    stated = {"established_on": date(2012, 3, 15), "resident": True, "legal_person": True}
    for lag, (sales, spent, net_assets) in zip(
        YEARS, ((56, 26, 29), (48, 23, 23), (42, 21, 20)), strict=True
    ):
        stated |= {
            f"sales_revenue.{lag}": sales * MILLION,
            f"rd_total.{lag}": spent * MILLION // 10,
            f"rd_domestic.{lag}": spent * MILLION // 10,
            f"net_assets.{lag}": net_assets * MILLION,
        }
    stated |= {
        "staff_average.1": 8000, "st_staff_average.1": 900, "ht_income.1": 41 * MILLION,
        "total_income.1": 58 * MILLION, "main_income": 26 * MILLION, "ip_class1": 1, "ip_class2": 6,
        "ip_self_developed": 1, "ip_main": 1, "conversions": 14, "incidents": 0, "standards": 0,
    }  # fmt: skip
    return Case("flat", "", stated)


def full_case():
    """One enterprise with 20 IP, 20 R&D activities over three years, and 10 products."""
    case = flat_case()
    case.tables["ip"] = [
        {
            "no": f"IP{n:02}", "kind": "invention" if n % 4 == 0 else "software",
            "grant_number": f"ZL{n}", "granted_on": date(2016, 1 + n % 12, 1), "mainland": True,
            "owner_self": True, "co_owned": False, "certificate": True, "obtained": "self",
            "used_before": False, "ends_on": date(2035, 1, 1),
        }
        for n in range(20)
    ]  # fmt: skip
    case.tables["rd"] = [
        {"no": f"RD{n:02}", "year": ON.year - lag} | {name: (n + lag) * 10**6 for name, *_ in facts.RD_CATEGORIES}
        for n in range(20)
        for lag in YEARS
    ]  # fmt: skip
    case.tables["products"] = [
        {"no": f"PS{n:02}", "income": 4 * MILLION, "is_main": n < 7, "ip_nos": (f"IP{n:02}", f"IP{n + 10}")}
        for n in range(10)
    ]  # fmt: skip
    return case


def spread(seed, least, most):
    """Whole numbers from `least` to below `most`, the same at every run."""
    mixed = (pl.col("n") * 1_103_515_245 + seed * 2_654_435_761) % 2_147_483_647
    return least + (mixed * 48_271 % 2_147_483_647) % (most - least)


def holed(expr, place):
    """Unknown for one enterprise in a hundred or so."""
    return pl.when(pl.col("n") % 97 != place).then(expr)


def code(n):
    """Codes as long as real ones."""
    return pl.format("91410800MA{}", n.cast(pl.String).str.zfill(8))


def enterprises(first, last):
    """Flat enterprises, the facts by column."""
    money = {}
    for lag in YEARS:
        money |= {
            f"sales_revenue.{lag}": spread(lag, 0, 30_000), f"rd_total.{lag}": spread(10 + lag, 0, 1_500),
            f"rd_domestic.{lag}": spread(10 + lag, 0, 1_400), f"net_assets.{lag}": spread(20 + lag, -1_000, 30_000),
        }  # fmt: skip
    money |= {
        "ht_income.1": spread(33, 0, 30_000), "total_income.1": spread(34, 1, 40_000),
        "main_income": spread(35, 0, 30_000),
    }  # fmt: skip
    counts = {
        "ip_class1": 3, "ip_class2": 9, "ip_self_developed": 4, "ip_main": 4, "conversions": 20,
        "incidents": 2, "standards": 2,
    }  # fmt: skip
    columns = {name: expr * 10**6 for name, expr in money.items()}
    columns |= {
        "staff_average.1": spread(31, 100, 50_000),
        "st_staff_average.1": spread(32, 0, 8_000),
    }
    columns |= {name: spread(40, 0, most) for name, most in counts.items()}
    return pl.LazyFrame({"n": pl.int_range(first, last, eager=True)}).select(
        code(pl.col("n")).alias("key"),
        (pl.lit(date(2005, 1, 1)) + pl.duration(days=spread(1, 0, 5_000))).alias("established_on"),
        pl.lit(value=True).alias("resident"),
        pl.lit(value=True).alias("legal_person"),
        *(holed(expr, place).alias(name) for place, (name, expr) in enumerate(columns.items())),
    )


def write_flat(path, size, at_once=1_000_000):
    """Flat enterprises in one file."""
    parts = [enterprises(n, min(n + at_once, size)) for n in range(0, size, at_once)]
    pl.concat(parts).sink_parquet(path)


ROWS = {"ip": 3, "rd": 3, "products": 2, "conversions": 2}


def rows(table, size, each):
    """Rows of a table, so many for each enterprise."""
    column = {
        "ip": {
            "no": pl.format("IP{}", pl.col("n") % each),
            "kind": pl.when(spread(1, 0, 4) == 0).then(pl.lit("invention")).otherwise(pl.lit("software")),
            "grant_number": pl.format("ZL{}", pl.col("n")),
            "granted_on": pl.lit(date(2015, 1, 1)) + pl.duration(days=spread(2, 0, 1_700)),
            "ends_on": pl.lit(date(2035, 1, 1)),
            "mainland": pl.lit(value=True), "owner_self": holed(spread(3, 0, 30) > 0, 5),
            "co_owned": pl.lit(value=False), "certificate": holed(spread(4, 0, 20) > 0, 6),
            "obtained": pl.when(spread(5, 0, 3) > 0).then(pl.lit("self")).otherwise(pl.lit("transfer")),
            "used_before": holed(spread(6, 0, 9) == 0, 7),
        },
        "rd": {
            "no": pl.format("RD{}", pl.col("n") % each), "year": 2016 + pl.col("n") % 3,
            **{name: holed(spread(place, 0, 200), place) * 10**6
               for place, (name, *_) in enumerate(facts.RD_CATEGORIES)},
        },
        "products": {
            "no": pl.format("PS{}", pl.col("n") % each), "income": holed(spread(1, 0, 15_000), 3) * 10**6,
            "is_main": spread(2, 0, 3) > 0,
            "ip_nos": pl.concat_list(pl.format("IP{}", spread(3, 0, 3)), pl.format("IP{}", spread(4, 0, 3))),
        },
        "conversions": {
            "result": pl.format("result {}", spread(1, 0, 1_000)),
            "converted_on": holed(pl.lit(date(2015, 6, 1)) + pl.duration(days=spread(2, 0, 1_400)), 4),
        },
    }[table]  # fmt: skip
    frame = pl.LazyFrame({"n": pl.int_range(0, size * each, eager=True)})
    return frame.select(code(pl.col("n") // each).alias("key"), **column)


def write_full(folder, size):
    """Enterprises with the rows of their tables; two other columns of states say that they are all."""
    folder.mkdir()
    states = {f"{name}.state": pl.lit(int(State.COMPLETE), pl.Int8) for name in ROWS}
    enterprises(0, size).with_columns(**states).sink_parquet(folder / "facts.parquet")
    for name, each in ROWS.items():
        rows(name, size, each).sink_parquet(folder / f"{name}.parquet")


def scanned(folder: Path):
    """What `write_full` wrote, to be read as it is needed."""
    return pl.scan_parquet(folder / "facts.parquet"), {
        name: pl.scan_parquet(folder / f"{name}.parquet") for name in ROWS
    }
