"""Nations in columns: parquet in, parquet out, without a row ever becoming a Python object.

A file has one row an enterprise: `key` (or `code`, or `name`), facts by their names, yearly facts as
`name.2018` (or `name.1` for the last fiscal year), amounts as whole fen. A folder has
`enterprise.parquet` and one file for each table, each with the enterprise's `key`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from peiyu.batch.cases import Input
from peiyu.batch.recorded import KNOWN_ON
from peiyu.batch.recorded_columns import rows_known
from peiyu.policy import facts
from peiyu.policy.case import Case, State
from peiyu.policy.columns import Population, judge
from peiyu.policy.columns.population import column_type, population, row_columns
from peiyu.policy.facts import Fact, FactTable, Unit
from peiyu.policy.raw import Taken
from peiyu.policy.rulebook import Rulebook
from peiyu.tables.files import Unreadable
from peiyu.tables.results import Note, Refusal
from peiyu.words import Message, message

LAGS = (1, 2, 3)
SHOWN = 100  # refused values told one by one; the rest is counted
AT_ONCE = 4_000_000  # keys whose hashes are held together
WORDS = (pl.String, pl.Categorical, pl.Enum)
LATER = message("请改正后重新核对；此值按未知处理")


@dataclass(frozen=True, slots=True)
class Raw:
    """A file as it lies there: which of its columns becomes which; a state of a table has no fact."""

    path: Path
    identity: str
    taken: dict[str, Taken]


@dataclass
class Frames:
    """A population ready to be judged, and what was said about the files."""

    population: Population
    names: pl.LazyFrame  # key, name, territory where given
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    dropped: int = 0  # rows that do not say whose they are
    raw: dict[str, Raw] = field(
        default_factory=dict
    )  # by table, for engines that read by themselves
    plain: bool = True  # do the files say just this, so that an engine may read them itself


def read_parquet(path: Path, on: date, known: date | None = None) -> Frames:
    """A parquet file, or a folder of them, as a population.

    `known` leaves out what was recorded after that day; without it all that was recorded counts.

    Raises:
        Unreadable: not parquet, damaged, or no column that says who an enterprise is.
    """
    main = path / "enterprise.parquet" if path.is_dir() else path
    with sound(path):
        frame = pl.scan_parquet(main)
        schema = frame.collect_schema()
        identity = next((name for name in ("key", "code", "name") if name in schema.names()), None)
        if identity is None or not _is_words(schema[identity]):
            text = message("“{name}”里没有 key、code 或 name 列，或不是文本", name=main.name)
            raise Unreadable(text)
        frame = rows_known(frame, "enterprise", identity, known)
        found = Frames(Population(frame), frame)
        found.plain = KNOWN_ON not in schema.names()
        found.raw["enterprise"] = Raw(main, identity, {})
        frame = _once(found, frame, main.name, identity)
        kept = [_key(identity), *_facts(found, frame, main.name, identity, on)]
        extra = [name for name in ("name", "territory") if name in schema.names()]
        said = [pl.col(name).cast(pl.String) for name in extra if _is_words(schema[name])]
        for name in extra:
            if _is_words(schema[name]):
                fact = facts.fact(name, "enterprise")
                found.raw["enterprise"].taken[name] = Taken(name, fact)
        found.names = frame.select(_key(identity), *said)
        facts_of_all = frame.select(kept)
        found.population = Population(facts_of_all, _tables(path, found, facts_of_all, known))
    return found


def column_names(path: Path) -> list[str]:
    """The columns of the file of enterprises."""
    main = path / "enterprise.parquet" if path.is_dir() else path
    return pl.scan_parquet(main).collect_schema().names()


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Whatever the reader of columns stumbles over, said as one sentence."""
    unreadable = Unreadable(message("不能读取 parquet 文件“{name}”", name=path.name))
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as fault:
        raise unreadable from fault
    except BaseException as trouble:
        if type(trouble).__name__ == "PanicException":
            raise unreadable from None
        raise


def _is_words(kind: pl.DataType) -> bool:
    return isinstance(kind, WORDS) or kind.is_integer()


def _key(identity: str) -> pl.Expr:
    return pl.col(identity).cast(pl.String).alias("key")


def _once(found: Frames, frame: pl.LazyFrame, title: str, identity: str) -> pl.LazyFrame:
    """Each enterprise once: a row that says nobody's, or somebody's again, is refused."""
    key = pl.col(identity)
    said = frame.select(pl.len(), key.null_count().alias("nobody"))
    total, nobody = said.collect(engine="streaming").row(0)
    numbered = frame.with_row_index("_row", 1)
    if nobody:
        rule = message("既没有统一社会信用代码，也没有企业名称")
        rows = numbered.filter(key.is_null()).select("_row", identity)
        _refuse_rows(found, rows, title, rule, message("请至少填写其中一项"), nobody)
        found.dropped += nobody
        numbered = numbered.filter(key.is_not_null())
    if again := (total - nobody) - _different(frame, key, total - nobody):
        rule, remedy = message("与前面的一家企业重复"), message("每家企业只写一条记录")
        rows = numbered.filter(~key.is_first_distinct()).select("_row", identity)
        _refuse_rows(found, rows, title, rule, remedy, again)
        numbered = numbered.filter(key.is_first_distinct())
    if not (nobody or again):
        return frame
    found.plain = False
    return numbered.drop("_row")


def _different(frame: pl.LazyFrame, key: pl.Expr, total: int) -> int:
    """How many different keys there are.

    Different hashes are different keys, so that a nation without repeats never has all its keys in
    memory; where hashes repeat, the keys themselves are counted.
    """
    parts = total // AT_ONCE + 1
    hashes = frame.select(key.drop_nulls().hash().alias("hash"))
    found = 0
    for part in range(parts):
        counted = hashes.filter(pl.col("hash") % parts == part).select(pl.col("hash").n_unique())
        found += counted.collect(engine="streaming").item()
    if found == total:
        return total
    exact: int = frame.select(key.drop_nulls().n_unique()).collect(engine="streaming").item()
    return exact


def _refuse_rows(
    found: Frames, rows: pl.LazyFrame, title: str, rule: Message, remedy: Message, total: int
) -> None:
    for row, name in rows.head(SHOWN).collect().iter_rows():
        said = "" if name is None else str(name)
        found.refusals.append(Refusal(
            title, str(row), "", said, rule, remedy, True, row, said, "enterprise",
        ))  # fmt: skip
    if total > SHOWN:
        text = message("{text}（共 {count} 行）", text=rule, count=total)
        found.notes.append(Note(title, "", text, "enterprise", total))


def _facts(
    found: Frames, frame: pl.LazyFrame, title: str, identity: str, on: date
) -> Iterator[pl.Expr]:
    """The columns of the first file that the rules know."""
    known = _columns(on)
    taken: dict[str, str] = {}
    for name, kind in frame.collect_schema().items():
        fact, column = known.get(name, (None, name))
        state = name.endswith(".state") and name.removesuffix(".state") in facts.BY_NAME
        if name in ("key", identity, "name", "territory"):
            if not _is_words(kind):
                _refuse_column(found, title, name, str(kind), _no_words(kind))
        elif fact is None and not state:
            found.notes.append(Note(title, name, _unknown(name)))
        elif column in taken:
            rule = message("与“{column}”列是同一项", column=taken[column])
            _refuse_column(found, title, name, str(kind), rule)
        else:
            taken[column] = name
            problem = (
                _misfit(fact, kind) if fact else None if kind.is_integer() else _no_state(kind)
            )
            if problem is not None:
                _refuse_column(found, title, name, str(kind), problem)
                continue
            checked = _refuse_values(found, frame, title, name, fact)
            found.raw["enterprise"].taken[column] = Taken(name, fact, checked)
            yield _bounded(_cast(name, fact), fact).alias(column)


def _unknown(name: str) -> Message:
    return message("没有用“{column}”列：规则里没有这一项", column=name)


def _no_words(kind: pl.DataType) -> Message:
    return message("应为文本列，而不是{kind}", kind=str(kind))


def _no_state(kind: pl.DataType) -> Message:
    return message("应为整数列（2 全部、1 部分、0 未填），而不是{kind}", kind=str(kind))


def _cast(name: str, fact: Fact | None) -> pl.Expr:
    return pl.col(name).cast(column_type(fact) if fact else pl.Int8, strict=False)


def _columns(on: date) -> dict[str, tuple[Fact, str]]:
    """Every accepted column name with its fact and the name that the rules use."""
    found = {fact.name: (fact, fact.name) for fact in facts.ENTERPRISE}
    for fact in facts.YEARS:
        if fact.name != "year":
            for lag in LAGS:
                found[f"{fact.name}.{lag}"] = (fact, f"{fact.name}.{lag}")
                found[f"{fact.name}.{on.year - lag}"] = (fact, f"{fact.name}.{lag}")
    return found


def _misfit(fact: Fact, kind: pl.DataType) -> Message | None:
    if column_type(fact) == pl.Int64:
        if not kind.is_integer():
            return message(
                "应为整数列（{unit}），而不是{kind}", unit=_stored_unit(fact), kind=str(kind)
            )
    elif fact.unit is Unit.DAY and kind != pl.Date:
        return message("应为日期列，而不是{kind}", kind=str(kind))
    elif fact.unit is Unit.YES_NO and kind != pl.Boolean:
        return message("应为是否列（布尔），而不是{kind}", kind=str(kind))
    elif fact.unit is Unit.NAMES and kind != pl.List(pl.String):
        return message("应为文本列表列，而不是{kind}", kind=str(kind))
    elif fact.unit in (Unit.TEXT, Unit.CHOICE) and not _is_words(kind):
        return _no_words(kind)
    return None


def _stored_unit(fact: Fact) -> Message | str:
    if fact.unit is Unit.FEN:
        return message("人民币分")
    return message("百分之一人") if fact.unit is Unit.PERSON_HUNDREDTH else str(fact.unit)


def _bounded(column: pl.Expr, fact: Fact | None) -> pl.Expr:
    """A value out of its bounds is unknown; a choice or a state that does not exist too."""
    if fact is None:
        return pl.when(column.is_between(int(min(State)), int(max(State)))).then(column)
    if fact.unit is Unit.CHOICE:
        return pl.when(column.is_in([code for code, _, _ in fact.choices])).then(column)
    if column_type(fact) == pl.Int64 and fact.minimum is not None and fact.maximum is not None:
        return pl.when(column.is_between(fact.minimum, fact.maximum)).then(column)
    return column


def _refuse_values(
    found: Frames, frame: pl.LazyFrame, title: str, name: str, fact: Fact | None
) -> bool:
    """Tell the values that are out of bounds; is there none."""
    column = _cast(name, fact)
    out = frame.with_row_index("_row", 1).filter(
        pl.col(name).is_not_null() & _bounded(column, fact).is_null()
    )
    counted = out.select(pl.len()).collect(engine="streaming").item()
    if not counted:
        return True
    for row in out.select("_row", name).head(SHOWN).collect().to_dicts():
        found.refusals.append(Refusal(
            title, f"{name}[{row['_row']}]", name, str(row[name]), message("不在允许的范围之内"),
            LATER, False, row["_row"], "", "enterprise",
        ))  # fmt: skip
    if counted > SHOWN:
        text = message("“{column}”列共有 {count} 个值不在允许的范围之内，按未知处理",
                       column=name, count=counted)  # fmt: skip
        found.notes.append(Note(title, name, text))
    return False


def _refuse_column(found: Frames, title: str, name: str, kind: str, problem: Message) -> None:
    found.refusals.append(Refusal(
        title, name, name, kind, problem, message("请改正列的类型；此列按未知处理"), False, 0, "", "enterprise",
    ))  # fmt: skip


def _tables(
    path: Path, found: Frames, main: pl.LazyFrame, known: date | None
) -> dict[str, pl.LazyFrame]:
    """The tables of a folder; one of which only the state is said has no rows."""
    tables: dict[str, pl.LazyFrame] = {}
    states = set(main.collect_schema().names())
    files = {file.stem: file for file in sorted(path.glob("*.parquet"))} if path.is_dir() else {}
    for table in facts.ROW_TABLES:
        file = files.pop(table.name, None)
        if file is not None:
            tables[table.name] = _rows(found, file, table, main, known)
        elif f"{table.name}.state" in states:
            tables[table.name] = pl.LazyFrame(schema=row_columns(table))
    for name, file in files.items():
        if name != "enterprise":
            text = message("没有读“{name}”：没有这张表", name=file.name)
            found.notes.append(Note(file.name, "", text))
    return tables


def _rows(
    found: Frames, file: Path, table: FactTable, main: pl.LazyFrame, known: date | None
) -> pl.LazyFrame:
    frame = pl.scan_parquet(file)
    schema = frame.collect_schema()
    if "key" not in schema.names() or not _is_words(schema["key"]):
        raise Unreadable(message("“{name}”里没有 key 列，或不是文本", name=file.name))
    found.plain = found.plain and KNOWN_ON not in schema.names()
    frame = rows_known(frame, table.name, "key", known)
    schema = frame.collect_schema()
    kept: list[pl.Expr] = [_key("key")]
    raw = found.raw[table.name] = Raw(file, "key", {})
    for fact in table:
        if fact.name not in schema.names():
            kept.append(pl.lit(None, column_type(fact)).alias(fact.name))
        elif (problem := _misfit(fact, schema[fact.name])) is not None:
            _refuse_column(found, file.name, fact.name, str(schema[fact.name]), problem)
            kept.append(pl.lit(None, column_type(fact)).alias(fact.name))
        else:
            kept.append(_bounded(_cast(fact.name, fact), fact).alias(fact.name))
            checked = _refuse_values(found, frame, file.name, fact.name, fact)
            raw.taken[fact.name] = Taken(fact.name, fact, checked)
    for name in schema.names():
        if name != "key" and name not in {fact.name for fact in table}:
            found.notes.append(Note(file.name, name, _unknown(name)))
    rows = frame.select(kept)
    if table.name != "uses":  # a register of all enterprises
        nobodys = rows.select("key").join(main.select("key"), on="key", how="anti")
        lost = nobodys.select(pl.len()).collect(engine="streaming").item()
        if lost:
            text = message("有 {count} 行在第一个文件里没有这家企业，没有用", count=lost)
            found.notes.append(Note(file.name, "key", text, table.name, lost))
    return rows


def with_states(population: Population) -> Population:
    """The population with a state for each of its tables: rows without a word are all there are."""
    frame = population.facts
    known = set(frame.collect_schema().names())
    for name, table in population.tables.items():
        state = f"{name}.state"
        if name == "uses" and "ip" in population.tables:
            numbers = population.tables["ip"].select("key", "grant_number").drop_nulls()
            given = numbers.join(
                table.select("grant_number").unique(), on="grant_number", how="semi"
            )
        else:
            given = table
        there = given.select("key").unique().with_columns(pl.lit(2, pl.Int8).alias("_there"))
        default = pl.col("_there").fill_null(0)
        said = pl.col(state).fill_null(default) if state in known else default
        # whoever numbers the rows of this frame must find them in the same order each time
        joined = frame.join(there, on="key", how="left", maintain_order="left")
        frame = joined.with_columns(said.alias(state)).drop("_there")
    return Population(frame, population.tables, population.complete)


def judged(
    frames: Frames, rulebook: Rulebook, on: date, switches: Mapping[str, str]
) -> pl.LazyFrame:
    """The result with names; one row an enterprise."""
    result = judge(rulebook, with_states(frames.population), on, switches)
    if len(frames.names.collect_schema().names()) == 1:
        return result
    return result.join(frames.names, on="key", how="left", maintain_order="left")


def in_rows(result: pl.LazyFrame, rulebook: Rulebook) -> pl.LazyFrame:
    """The long form: a row for each enterprise and criterion or grant, its outcome by name."""
    names = [criterion.id for criterion in rulebook.criteria]
    names += [grant.id for grant in rulebook.grants]
    return result.unpivot(
        on=names, index="key", variable_name="criterion", value_name="outcome"
    ).with_columns(pl.col("criterion").cast(pl.Enum(names)))


def cases(frames: Frames) -> Iterator[Case]:
    """The population as cases, for results that give reasons."""
    population = with_states(frames.population)
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name, table in population.tables.items():
        held = rows.setdefault(name, {})
        for row in table.collect().to_dicts():
            key = row.pop("key")
            for column, value in row.items():
                if isinstance(value, list):
                    row[column] = tuple(value)
            held.setdefault(key, []).append(row)
    uses: dict[object, list[dict[str, Any]]] = {}
    for row in (row for found in rows.get("uses", {}).values() for row in found):
        uses.setdefault(row.get("grant_number"), []).append(row)
    names = {row["key"]: row for row in frames.names.collect().to_dicts()}
    for values in population.facts.collect().to_dicts():
        key = values.pop("key")
        case = Case(key, str(names.get(key, {}).get("name") or key))
        for name, value in values.items():
            if name.endswith(".state"):
                case.states[name.removesuffix(".state")] = State(value or 0)
            elif value is not None:
                case.facts[name] = value
        for table_name, held in rows.items():
            if table_name != "uses" and key in held:
                case.tables[table_name] = list(held[key])
        numbers = dict.fromkeys(row.get("grant_number") for row in case.tables.get("ip", ()))
        linked = [row for no in numbers if no is not None for row in uses.get(no, ())]
        if linked:
            case.tables["uses"] = list(linked)
        yield case


def input_of(frames: Frames) -> Input:
    """The population with its remarks, as other files come."""
    found = Input(list(cases(frames)), {}, frames.refusals, frames.notes, frames.dropped)
    for row in frames.names.collect().to_dicts():
        if row.get("territory"):
            found.territories[row["key"]] = row["territory"]
    return found


def frames_of(found: Input) -> Frames:
    """Enterprises that came otherwise, to be judged in columns."""
    rows = [(case.key, case.name, found.territories.get(case.key)) for case in found.cases]
    names = pl.DataFrame(rows, ("key", "name", "territory"), orient="row")
    return Frames(population(found.cases), names.cast(pl.String).lazy())
