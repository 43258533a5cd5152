"""Rows of intellectual property, products, conversions and standards that agree with what is stated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from peiyu.demo.amounts import share_out
from peiyu.demo.draft import Draft, Row
from peiyu.demo.identity import PATENT_KINDS, grant_number, numbered
from peiyu.policy import hnte_certificate
from peiyu.policy.chain.order import alike

TERMS = {"invention": 20, "utility_model": 10, "design": 10, "software": 50, "trademark": 10}
"""For how many years a right of each kind lasts."""
CLASS_TWO = ("utility_model", "utility_model", "utility_model", "design", "software")
SOFTWARE = ("software", "software", "software", "utility_model")
BOUGHT = ("transfer", "transfer", "gift", "merger")


def titled(draft: Draft, kind: str) -> str:
    """What a right is called."""
    product = draft.random.choice(draft.trade.products)
    method = draft.random.choice(draft.trade.methods)
    forms = {
        "invention": f"一种{product}的{method}方法",
        "design": f"{product}（外观）",
        "software": f"{product}{method}系统V{draft.random.randint(1, 4)}.0",
        "trademark": f"{draft.word}牌",
    }
    return forms.get(kind, f"一种{product}用{method}装置")


def right(draft: Draft, kind: str, granted: date | None = None) -> Row:
    """A right that can be used for the application."""
    random = draft.random
    granted = granted or lately(draft)
    year = granted.year - (2 if kind in PATENT_KINDS else 0)
    return {
        "title": titled(draft, kind),
        "kind": kind,
        "grant_number": grant_number(kind, year, random),
        "granted_on": granted,
        "ends_on": date(year + TERMS[kind], granted.month, min(28, granted.day)),
        "mainland": True,
        "owner_self": True,
        "co_owned": False,
        "certificate": True,
        "obtained": "self",
        "used_before": False,
    }


def lately(draft: Draft) -> date:
    """A day of grant in the last years."""
    latest = draft.on - timedelta(days=30)
    earliest = max(draft.established_on, draft.on - timedelta(days=365 * 7))
    return earliest + timedelta(days=draft.random.randrange(max(1, (latest - earliest).days)))


def not_counted(draft: Draft) -> Row:
    """A right that enterprises list and that does not count."""
    kind = draft.random.choice(("trademark", "utility_model"))
    row = right(draft, kind)
    if kind == "trademark":
        return row
    reason = draft.random.randrange(4)
    if reason == 0:
        row = right(draft, kind, draft.on - timedelta(days=365 * 4))
        row["ends_on"] = draft.on - timedelta(days=draft.random.randint(1, 300))
    elif reason == 1:
        row["owner_self"] = False
    elif reason == 2:
        row |= {"certificate": False, "grant_notice": True, "fee_receipt": False}
    else:
        row["used_before"] = True
    return row


def tell_apart(rows: list[Row]) -> None:
    """Give rights of the same title a number behind it."""
    seen: dict[object, int] = {}
    for row in rows:
        title = row["title"]
        seen[title] = seen.get(title, 0) + 1
        if seen[title] > 1:
            row["title"] = f"{title}（{seen[title]}型）"


def numbered_rows(prefix: str, rows: list[Row]) -> list[Row]:
    """The rows with their numbers in front."""
    return [{"no": no, **row} for no, row in zip(numbered(prefix), rows, strict=False)]


def write_ip(draft: Draft) -> None:
    """One row a right: those stated as usable, and some that do not count."""
    class1, class2 = draft.number("ip_class1"), draft.number("ip_class2")
    own = draft.number("ip_self_developed")
    kinds = SOFTWARE if draft.trade.key == "software" else CLASS_TWO
    rows = [
        right(draft, "invention" if at < class1 else draft.random.choice(kinds))
        for at in range(class1 + class2)
    ]
    for row in draft.random.sample(rows, len(rows) - own):
        row["obtained"] = draft.random.choice(BOUGHT)
    rows += [not_counted(draft) for _ in range(draft.random.randrange(4))]
    draft.random.shuffle(rows)
    tell_apart(rows)
    draft.tables["ip"] = numbered_rows("IP", rows)


def counts(row: Row, on: date) -> bool:
    """Whether a right was drawn to be usable."""
    ends = row["ends_on"]
    assert isinstance(ends, date)
    return (
        row["kind"] != "trademark"
        and ends >= on
        and row["owner_self"] is True
        and row["certificate"] is True
        and row["used_before"] is False
    )


def write_products(draft: Draft) -> None:
    """One row a product; the main ones bring what is stated and stand on the IP stated for them."""
    usable = [str(row["no"]) for row in draft.tables["ip"] if counts(row, draft.on)]
    spoken_for = usable[: draft.number("ip_main")]
    free = usable[len(spoken_for) :]
    main, rest = draft.number("main_income"), draft.number("ht_income.1")
    rows = list(products(draft, main, spoken_for, is_main=True))
    if rest > main:
        rows += products(draft, rest - main, free, is_main=False)
    draft.random.shuffle(rows)
    draft.tables["products"] = numbered_rows("PS", rows)


def products(draft: Draft, income: int, rights: list[str], *, is_main: bool) -> Iterator[Row]:
    """Products that share an income and the rights that support them."""
    most = max(1, min(3, len(rights)))
    count = draft.random.randint(1, most)
    titles = draft.random.sample(draft.trade.products, count)
    incomes = share_out(income, count, draft.random)
    for at in range(count):
        yield {
            "title": titles[at] if is_main else f"{titles[at]}（系列）",
            "income": incomes[at],
            "is_main": is_main,
            "ip_nos": list(islice(rights, at, None, count)),
        }


def write_used_ip(draft: Draft, index: int) -> None:
    """Rights all used in the recognition of three years ago, with the records of these uses.

    Of the last two enterprises one has bought a right that its seller used, one shares an
    invention with another holder.
    """
    random = draft.random
    kinds = SOFTWARE if draft.trade.key == "software" else CLASS_TWO
    used_on = date(draft.on.year - 3, random.choice((8, 9, 12)), random.randint(1, 28))
    valid_to = hnte_certificate.valid_to(used_on)
    before = draft.on - timedelta(days=365 * 5)
    rows = [
        right(draft, random.choice(kinds), before + timedelta(days=random.randrange(365)))
        for _ in range(random.randint(6, 9))
    ]
    uses: list[Row] = []
    for row in rows:
        row["used_before"] = True
        uses.append({
            "grant_number": row["grant_number"], "used_by": draft.code, "used_on": used_on,
            "successful": True, "valid_to": valid_to,
        })  # fmt: skip
    if index == 8:
        rows[0] |= {"obtained": "transfer", "used_before": False}
        uses[0]["used_by"] = draft.stranger
    if index == 9:
        shared = right(draft, "invention") | {"co_owned": True}
        rows.append(shared)
        uses.append({
            "grant_number": shared["grant_number"], "used_by": draft.stranger,
            "used_on": draft.on - timedelta(days=400), "successful": True,
            "valid_to": draft.on + timedelta(days=694),
        })  # fmt: skip
    tell_apart(rows)
    draft.tables["ip"] = numbered_rows("IP", rows)
    draft.tables["uses"] = uses
    numbers = [str(row["no"]) for row in draft.tables["ip"]]
    ht_income = draft.number("ht_income.1")
    main = list(products(draft, ht_income, numbers, is_main=True))
    draft.tables["products"] = numbered_rows("PS", main)


FORMS = ("own", "own", "own", "own", "transfer", "licence", "joint")


def write_conversions(draft: Draft) -> None:
    """One row a conversion: as many results as stated, some converted twice, some too early."""
    random = draft.random
    results = told_apart(draft, draft.number("conversions"))
    lags = draft.lags
    rows: list[Row] = [converted(draft, result, random.choice(lags)) for result in results]
    twice = random.sample(rows, min(len(rows), random.randrange(3)))
    rows += [converted(draft, str(row["result"]), random.choice(lags)) for row in twice]
    if lags[-1] == 3:
        early = random.randrange(3)
        rows += [converted(draft, f"{draft.trade.methods[at]}小试", 4) for at in range(early)]
    random.shuffle(rows)
    draft.tables["conversions"] = rows


NAMED = (
    "{product}{method}技术",
    "{method}成套装备（{product}生产线）",
    "用于{product}的{method}工艺包",
)


def told_apart(draft: Draft, stated: int) -> list[str]:
    """So many results, none called nearly as another: that would look like one counted twice."""
    pairs = [
        (product, method) for product in draft.trade.products for method in draft.trade.methods
    ]
    draft.random.shuffle(pairs)
    found: list[str] = []
    for form in NAMED:
        for product, method in pairs:
            name = form.format(product=product, method=method)
            if len(found) < stated and not any(alike(name, other) for other in found):
                found.append(name)
    assert len(found) == stated, f"{draft.trade.key} has no {stated} names of results"
    return found


def converted(draft: Draft, result: str, lag: int) -> Row:
    """One conversion in a fiscal year."""
    first = date(draft.on.year - lag, 1, 1)
    if draft.established_on > first:
        first = draft.established_on
    days = (date(first.year, 12, 31) - first).days
    return {
        "result": result,
        "form": draft.random.choice(FORMS),
        "converted_on": first + timedelta(days=draft.random.randint(0, days)),
    }


def write_standards(draft: Draft) -> None:
    """One row a standard: those stated, and one of an association, which does not count."""
    random = draft.random
    levels = [random.choice(("national", "industry")) for _ in range(draft.number("standards"))]
    rows: list[Row] = []
    for level in [*levels, "other"]:
        prefix = {"national": "GB/T", "industry": "YS/T"}.get(level, "T/JYX")
        number = f"{prefix} {random.randint(99_000, 99_999)}-{draft.on.year - random.randint(1, 4)}"
        rows.append({"number": number, "level": level, "certified": level != "other"})
    draft.tables["standards"] = rows
