"""Sheets as read become cases: rows find their enterprise, years find their lag; nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import cast

from peiyu.policy import facts
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.wording import stored
from peiyu.tables.results import Note, Read, Refusal, SheetRead
from peiyu.tables.spelling import is_unknown, name_key
from peiyu.words import Message, message

LAGS = (1, 2, 3)


@dataclass
class Input:
    """Enterprises ready to be judged, and all that was said about the file on the way."""

    cases: list[Case] = field(default_factory=list)
    territories: dict[str, str] = field(default_factory=dict)  # key of a case → as written
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    dropped: int = 0  # enterprises that could not be judged at all
    has_years: bool = True  # was there any figure of the three fiscal years


def cases_of(read: Read, on: date, lang: str = "zh") -> Input:
    """The enterprises of a workbook as cases, seen from the governing day."""
    found = Input(refusals=list(read.refusals), notes=list(read.notes))
    builder = _Builder(found, on, lang)
    main = read.sheets.get("enterprise")
    years = read.sheets.get("years")
    if main is not None:
        builder.enterprises(main)
    if years is not None:
        builder.years(years, alone=main is None)
    for table in facts.ROW_TABLES:
        sheet = read.sheets.get(table.name)
        if sheet is not None and table.name != "uses":
            builder.rows(sheet, table)
    if (uses := read.sheets.get("uses")) is not None:
        builder.uses(uses)
    found.has_years = any("." in key for case in found.cases for key in case.facts)
    found.dropped = builder.dropped("enterprise" if main is not None else "years")
    return found


class _Builder:
    def __init__(self, found: Input, on: date, lang: str) -> None:
        self.found, self.on, self.lang = found, on, lang
        self.by_code: dict[str, Case] = {}
        self.by_name: dict[str, Case] = {}

    # -- who

    def case_for(self, row: dict[str, object]) -> Case | None:
        """The enterprise of a row: by its code, else by its name."""
        code, name = row.get("code"), row.get("name")
        if code is not None and (case := self.by_code.get(str(code))) is not None:
            return case
        return self.by_name.get(name_key(str(name))) if name is not None else None

    def named(self, written: str) -> Case | None:
        """The enterprise that a code or name as written means."""
        return self.by_code.get(written.strip().upper()) or self.by_name.get(name_key(written))

    def contradicted(self, row: dict[str, object]) -> Case | None:
        """Another enterprise than that of the code, if the name of the row means one."""
        code, name = row.get("code"), row.get("name")
        if code is None or name is None:
            return None
        by_code, by_name = self.by_code.get(str(code)), self.by_name.get(name_key(str(name)))
        return by_name if by_code is not None and by_name is not by_code else None

    def dropped(self, main: str) -> int:
        """How many enterprises there are whose rows were all refused; a nameless row is one."""
        lost = [_owner(r) for r in self.found.refusals if r.whole_row and r.table == main]
        unknown = {name_key(name) for name in lost if name and self.named(name) is None}
        return len(unknown) + lost.count("")

    def new_case(self, row: dict[str, object]) -> Case:
        code, name = row.get("code"), row.get("name")
        key = str(code) if code is not None else name_key(str(name))
        case = Case(key, str(name) if name is not None else str(code))
        if code is not None:
            self.by_code[str(code)] = case
        if name is not None:
            self.by_name.setdefault(name_key(str(name)), case)
        self.found.cases.append(case)
        return case

    # -- the flat sheet

    def enterprises(self, sheet: SheetRead) -> None:
        """One case for each row of the main sheet."""
        for index, row in enumerate(sheet.rows):
            if row.get("code") is None and row.get("name") is None:
                self.refuse(sheet, index, row, message("既没有统一社会信用代码，也没有企业名称"),
                            message("请至少填写其中一项"))  # fmt: skip
                continue
            case = self.new_case(row)
            if (territory := row.get("territory")) is not None:
                self.found.territories[case.key] = str(territory)
            for name, value in row.items():
                if value is None:
                    continue
                if name.endswith(".state"):
                    case.states[name.removesuffix(".state")] = State(int(cast(str, value)))
                else:
                    self.state_fact(case, name, value, sheet, index, name)

    def years(self, sheet: SheetRead, *, alone: bool) -> None:
        """Yearly figures, one row a year; without a main sheet they make the enterprises too."""
        outside: dict[int, int] = {}
        for index, row in enumerate(sheet.rows):
            case = self.case_for(row)
            if case is None and not alone:
                self.nobody(sheet, index, row)
                continue
            if self.of_two(sheet, index, row):
                continue
            year = row.get("year")
            if year is None:
                self.refuse(
                    sheet, index, row, message("没有年度"), message("请填写会计年度，例如 2018")
                )
                continue
            case = case or self.new_case(row)
            lag = self.on.year - cast(int, year)
            if lag not in LAGS:
                outside[cast(int, year)] = outside.get(cast(int, year), 0) + 1
                continue
            for name, value in row.items():
                if value is not None and name not in ("code", "name", "year"):
                    self.state_fact(case, f"{name}.{lag}", value, sheet, index, name)
        for year, count in sorted(outside.items()):
            text = message("{count} 行是 {year} 年度的，不在 {first}–{last} 年之内，没有用",
                           count=count, year=year, first=self.on.year - 3, last=self.on.year - 1)  # fmt: skip
            self.found.notes.append(Note(sheet.title(0), "", text, sheet.name, count))

    def state_fact(
        self, case: Case, key: str, value: object, sheet: SheetRead, index: int, column: str
    ) -> None:
        """A figure of an enterprise; stated twice and differently it is not known."""
        place = f"{sheet.title(index)}!{sheet.address(index, column)}"
        value = _scalar(value)
        if key not in case.facts:
            case.facts[key], case.sources[key] = value, place
            return
        known = case.facts[key]
        if known == value:
            return
        fact = facts.fact(key.partition(".")[0])
        before = stored(known, fact, self.lang)
        rule = message("与 {place} 的 {known} 不一致", place=case.sources[key], known=before)
        if known is None:  # two others differ already
            rule = message("{place} 已经写得不一致", place=case.sources[key])
        self.found.refusals.append(Refusal(
            sheet.title(index), sheet.address(index, column), fact.term(self.lang),
            stored(value, fact, self.lang), rule, message("同一个数只留一处，或改成一致"), False,
            sheet.places[index], case.name, sheet.name,
        ))  # fmt: skip
        case.facts[key] = None
        case.sources[key] = f"{case.sources[key]}, {place}"

    # -- tables

    def rows(self, sheet: SheetRead, table: facts.FactTable) -> None:
        """Rows of a table, each with its enterprise."""
        names = {fact.name for fact in table}
        keys: dict[tuple[str, object], int] = {}
        for index, row in enumerate(sheet.rows):
            case = self.case_for(row)
            if case is None:
                self.nobody(sheet, index, row)
                continue
            if self.of_two(sheet, index, row):
                continue
            if table.key and table.name != "rd" and row.get(table.key) is not None:
                first = keys.setdefault((case.key, row[table.key]), index)
                if first != index:
                    self.repeated(sheet, index, first, str(row[table.key]))
                    continue
            kept: dict[str, Scalar] = {n: _scalar(v) for n, v in row.items() if n in names}
            kept["_source"] = f"{sheet.title(index)}!{sheet.address(index)}"
            case.tables.setdefault(table.name, []).append(kept)
        self.leave_open(table.name)
        if table.name == "rd":
            self.years_covered(sheet)

    def years_covered(self, sheet: SheetRead) -> None:
        """R&D rows of some years only, with no word on it, are not all there is."""
        for case in self.found.cases:
            rows = case.tables.get("rd")
            if not rows or "rd" in case.states:
                continue
            since = case.facts.get("established_on")
            first = since.year if isinstance(since, date) else 0
            wanted = {self.on.year - lag for lag in LAGS if self.on.year - lag >= first}
            lacking = sorted(wanted - {cast(int, row.get("year")) for row in rows})
            if lacking:
                case.states["rd"] = State.PARTIAL
                text = message("“{name}”的研发活动没有 {years} 年的行，也没有说明是否填全，按部分处理",
                               name=case.name, years="、".join(map(str, lacking)))  # fmt: skip
                self.found.notes.append(Note(sheet.title(0), "", text, sheet.name))

    def repeated(self, sheet: SheetRead, index: int, first: int, no: str) -> None:
        """A number that an enterprise gave already: the same again is remarked, another refused."""
        row, known = sheet.rows[index], sheet.rows[first]
        if all(row.get(n) == known.get(n) for n in {*row, *known} - {"code", "name"}):
            text = message("与第 {row} 行完全一样，只算一次", row=sheet.address(first))
            self.found.notes.append(
                Note(sheet.title(index), sheet.address(index), text, sheet.name)
            )
            return
        rule = message("编号“{no}”在这家企业重复", no=no)
        self.refuse(sheet, index, row, rule, message("每个编号只填一行"))

    def leave_open(self, table: str) -> None:
        """Where a row was refused there may be more than was read: the table is not complete."""
        for refusal in self.found.refusals:
            if not refusal.whole_row or refusal.table != table:
                continue
            case = self.named(_owner(refusal))
            for one in self.found.cases if not _owner(refusal) else filter(None, (case,)):
                if one.state(table) is State.COMPLETE or one is case:
                    one.states[table] = State.PARTIAL

    def uses(self, sheet: SheetRead) -> None:
        """Uses of IP by any enterprise go to every enterprise that has that IP."""
        by_number: dict[str, list[Row]] = {}
        for index, row in enumerate(sheet.rows):
            kept: dict[str, Scalar] = {n: _scalar(v) for n, v in row.items()}
            user = kept.get("used_by")
            if isinstance(user, str):
                case = self.named(user)
                kept["used_by"] = case.key if case is not None else user
            kept["_source"] = f"{sheet.title(index)}!{sheet.address(index)}"
            by_number.setdefault(str(row.get("grant_number")), []).append(kept)
        for case in self.found.cases:
            linked: list[Row] = []
            for number in dict.fromkeys(ip.get("grant_number") for ip in case.tables.get("ip", ())):
                linked += by_number.get(str(number), ()) if number is not None else ()
            if linked:
                case.tables["uses"] = linked
        self.leave_open("uses")

    # -- what is refused

    def refuse(
        self, sheet: SheetRead, index: int, row: dict[str, object], rule: Message, remedy: Message
    ) -> None:
        """A whole row is not used."""
        name = str(row.get("name") or row.get("code") or "")
        self.found.refusals.append(Refusal(
            sheet.title(index), sheet.address(index), "", name, rule, remedy, True,
            sheet.places[index], name, sheet.name,
        ))  # fmt: skip

    def of_two(self, sheet: SheetRead, index: int, row: dict[str, object]) -> bool:
        """Refuse a row whose code means one enterprise and whose name another."""
        other = self.contradicted(row)
        if other is not None:
            rule = message("代码是这家企业的，名称却是“{name}”的", name=other.name)
            self.refuse(sheet, index, row, rule, message("请核对代码和名称"))
        return other is not None

    def nobody(self, sheet: SheetRead, index: int, row: dict[str, object]) -> None:
        """A row of a table that belongs to no enterprise of the main sheet."""
        self.refuse(sheet, index, row, message("主表里没有这家企业"),
                    message("请在“企业”表中加上它，或核对代码和名称"))  # fmt: skip


def _owner(refusal: Refusal) -> str:
    """The enterprise of a refused row as written; a dash is nobody."""
    return "" if is_unknown(refusal.name) else refusal.name


def _scalar(value: object) -> Scalar:
    if isinstance(value, list):
        return tuple(str(part) for part in value)
    return cast(Scalar, value)
