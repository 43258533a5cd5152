"""Products with their income, conversions with their sources, and what else is proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from peiyu.demo import portfolio
from peiyu.demo.draft import Row
from peiyu.demo.evidence.proof import Proof, day, names, within
from peiyu.demo.identity import numbered

LAGS = (1, 2, 3)
PARTNERS = ("河南科技大学", "郑州大学", "中南大学", "北京科技大学", "河南省科学院")
SYSTEMS = (
    ("management_system", "研究开发组织管理制度"), ("management_system", "研发投入核算体系"),
    ("institution", "企业技术中心设立文件"), ("incentives", "科技成果转化奖励办法"),
    ("talent", "科技人员培养进修办法"),
)  # fmt: skip
PROOFS = ("销售合同与发票", "检测报告", "用户使用报告", "工艺文件与生产记录", "样机照片与试验记录")


def write_products(proof: Proof) -> None:
    """The workbook's, else such as bring what is stated and stand on the rights for them."""
    draft = proof.draft
    if not draft.tables.get("products"):
        main, ht_income = proof.fact("main_income"), proof.fact("ht_income.1")
        usable = [row for row in proof.rows("ip") if portfolio.counts(row, proof.on)]
        stated = proof.fact("ip_main") or 0
        if main and ht_income and main <= ht_income and 0 < stated <= len(usable):
            draft.tables["ip"] = proof.rows("ip")
            free = len(usable) > stated or ht_income == main
            if free:
                portfolio.write_products(draft)
    rows = draft.tables.get("products", [])
    for row in rows:
        row["field"] = proof.firm.facts.get("tech_field") or proof.firm.trade.fields[0]
        row["tech_source"] = "own"
        row["indicators"] = "见企业标准和检测报告"
    proof.tables["products"] = rows
    if rows:
        proof.full.add("products")


def write_incomes(proof: Proof) -> None:
    """What each product brought: in the last year as stated, before in step with sales."""
    rows: list[Row] = []
    last = proof.fact("sales_revenue.1")
    for product in proof.rows("products"):
        income = int(str(product.pop("income")))
        for lag in reversed(LAGS):
            sales = proof.fact(f"sales_revenue.{lag}")
            if lag == 1:
                rows.append({"no": product["no"], "year": proof.last_year, "income": income})
            elif sales and last and lag in proof.draft.lags:
                year = proof.on.year - lag
                earlier = income * sales // last // 10_000 * 10_000
                rows.append({"no": product["no"], "year": year, "income": earlier})
    proof.tables["incomes"] = rows
    if rows:
        proof.full.add("incomes")


def write_conversions(proof: Proof) -> None:
    """As many as stated, each from a right or an activity of its own; products follow them."""
    draft = proof.draft
    if not draft.tables.get("conversions") and proof.fact("conversions"):
        portfolio.write_conversions(draft)
    rows = [row for row in draft.tables.get("conversions", ()) if day(row, "converted_on")]
    sources: dict[str, str] = {}
    free = [row for row in proof.rows("ip") if day(row, "applied_on")]
    for row, no in zip(rows, numbered("CG"), strict=False):
        result = str(row["result"])
        source = sources.get(result) or _source(proof, row, free)
        row["source_nos"] = [source] if source else None
        if source:
            sources[result] = source
        row["product_nos"] = _products(proof, source)
        row["proof"] = proof.random.choice(PROOFS)
        row["no"] = no
    for row in rows:  # the same result twice: its source was there before the first of them
        _not_before(proof, row)
    proof.tables["conversions"] = [{"no": row.pop("no"), **row} for row in rows]
    if rows:
        proof.full.add("conversions")
    _sold_after(proof)


def _source(proof: Proof, row: Row, free: list[Row]) -> str:
    """A right that was there and explains no other result, else an activity that had begun."""
    converted = day(row, "converted_on")
    assert converted is not None
    for one in free:
        applied = day(one, "applied_on")
        if applied is not None and applied <= converted:
            free.remove(one)
            return str(one["no"])
    begun = [
        str(one["no"]) for one in proof.rows("projects")
        if (first := day(one, "started_on")) and first <= converted
    ]  # fmt: skip
    return proof.random.choice(begun) if begun else ""


def _not_before(proof: Proof, row: Row) -> None:
    for no in names(row, "source_nos"):
        table = "ip" if no.startswith("IP") else "projects"
        made = day(proof.row(table, no), "applied_on" if table == "ip" else "started_on")
        converted = day(row, "converted_on")
        if made and converted and converted < made:
            row["source_nos"] = None


def _products(proof: Proof, source: str) -> list[str]:
    """The products that stand on the same right, else one of them all."""
    rows = proof.rows("products")
    carried = [str(row["no"]) for row in rows if source in names(row, "ip_nos")]
    if carried or not rows:
        return carried
    return [str(proof.random.choice(rows)["no"])]


def _sold_after(proof: Proof) -> None:
    for product in proof.rows("products"):
        days = [
            found for row in proof.rows("conversions")
            if product["no"] in names(row, "product_nos") and (found := day(row, "converted_on"))
        ]  # fmt: skip
        if days:
            product["first_sold_on"] = min(min(days) + timedelta(days=30), proof.on)


def write_other(proof: Proof) -> None:
    """Agreements, platforms, systems of management, awards, standards, incidents."""
    random, draft = proof.random, proof.draft
    standards = [
        {**row, "title": f"{random.choice(proof.firm.trade.products)}技术条件", "part": "join",
         "published_on": date(int(str(row["number"])[-4:]), 3, 1)}
        for row in draft.tables.get("standards", ())
    ]  # fmt: skip
    proof.tables["standards"] = standards
    incidents = draft.tables.get("incidents", ())
    proof.tables["incidents"] = [
        {"no": no, **row} for no, row in zip(numbered("SG"), incidents, strict=False)
    ]
    if not proof.rows("projects"):
        return
    if random.randrange(4) == 0:
        proof.tables["institutions"] = [_institution(proof)]
    if random.randrange(15) == 0:
        title = f"{random.choice(proof.firm.trade.products)}关键技术及应用"
        proof.tables["awards"] = [
            {
                "no": "JL01",
                "title": title,
                "level": "other",
                "rank": 1,
                "awarded_on": date(2018, 11, 6),
            }
        ]
    if random.randrange(3) == 0:
        proof.tables["cooperations"] = list(_agreements(proof))
    count = random.randint(0, len(SYSTEMS))
    proof.tables["management"] = [
        {"no": no, "item": item, "title": title, "issued_on": within(date(2015, 1, 5), date(2018, 12, 1), random)}
        for no, (item, title) in zip(islice(numbered("GL"), count), SYSTEMS, strict=False)
    ]  # fmt: skip


def _institution(proof: Proof) -> Row:
    """A platform that the city recognised, of a few the province."""
    provincial = proof.random.randrange(5) == 0
    return {
        "no": "PT01", "title": f"{'河南省' if provincial else '济源市'}{proof.firm.trade.chinese}工程技术研究中心",
        "level": "provincial" if provincial else "municipal", "kind": "engineering_technology_centre",
        "recognised_on": within(date(2013, 1, 10), date(2018, 10, 30), proof.random), "valid": True,
    }  # fmt: skip


def _agreements(proof: Proof) -> Iterator[Row]:
    random = proof.random
    for no in islice(numbered("HZ"), random.randint(1, 2)):
        amount = random.randint(8, 60) * 1_000_000
        project = random.choice(proof.rows("projects"))
        yield {
            "no": no, "partner": random.choice(PARTNERS), "kind": "joint",
            "title": f"{project['title']}合作", "signed_on": project["started_on"],
            "amount": amount, "paid": amount // 2, "output": True, "output_words": "试验报告、样机",
            "rd_nos": [project["no"]],
        }  # fmt: skip
