"""The blank template of a rulebook: with a worked example that can be deleted, guide and dictionary."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from peiyu.batch.documents import dictionary
from peiyu.batch.layouts import layout
from peiyu.policy.explain import Program
from peiyu.tables.writing import Row, write_template
from peiyu.words import mark, message, translate

GUIDE = (
    mark("一、小企业只填“企业”一张表，每家一行；其他表可以不填。"),
    mark("二、不知道的留空，不要填 0：空白表示未知，0 表示没有。"),
    mark("三、金额默认以元为单位；表头写明“（万元）”的按万元读。"),
    mark(
        "四、填了知识产权、产品、成果转化、人员月度等表的，以表中逐行核对的结果为准，申报数只作比对。"
    ),
    mark("五、表中没有列全的，请在“企业”表最后几列选“部分”。"),
    mark("六、灰色斜体是示例，读取时自动跳过，可以删除。"),
    mark("七、填好后运行：peiyu assess 文件.xlsx --on 申请日 -o 结果.xlsx"),
)
WAN = 10**6  # fen in 万元


def write_blank(target: Path, program: Program, lang: str = "zh") -> None:
    """Write the template for the fiscal years before the program's day."""
    rulebook, on = program.rulebook, program.on
    title = message(
        "{title}填报模板（申请日 {on}）", title=translate(rulebook.title, lang), on=on.isoformat()
    )
    write_template(
        target,
        layout(rulebook, on, lang=lang),
        title=title.say(lang),
        guide=[translate(line, lang) for line in GUIDE],
        examples=example(on, lang),
        dictionary=dictionary(lang),
        lang=lang,
    )


def example(on: date, lang: str = "zh") -> dict[str, list[Row]]:
    """One worked example: an enterprise that meets every condition that a machine can judge."""
    last = on.year - 1
    name, device = translate("示例企业有限公司", lang), translate("一种数控装置", lang)
    main: dict[str, object] = {
        "name": name, "territory": translate("玉泉街道", lang), "established_on": date(on.year - 8, 3, 15),
        "resident": True, "legal_person": True, "tech_field": "8.4.1",
        "total_income.1": 5800 * WAN, "ht_income.1": 4100 * WAN, "staff_average.1": 8000, "st_staff_average.1": 900,
        "standards": 0, "conversions": 14, "incidents": 0, "ip_class1": 1, "ip_class2": 1, "ip_self_developed": 2,
        "ip_main": 2, "main_income": 2600 * WAN, "ip.state": "2", "products.state": "2",
    }  # fmt: skip
    for lag, (sales, net, rd) in zip(
        (3, 2, 1), ((4200, 2000, 210), (4800, 2300, 230), (5600, 2900, 260)), strict=True
    ):
        main |= {f"sales_revenue.{lag}": sales * WAN, f"net_assets.{lag}": net * WAN,
                 f"rd_total.{lag}": rd * WAN, f"rd_domestic.{lag}": rd * WAN}  # fmt: skip
    owner = {"name": name}
    ip = {"mainland": True, "owner_self": True, "co_owned": False, "certificate": True, "obtained": "self",
          "used_before": False}  # fmt: skip
    return {
        "enterprise": [main],
        "years": [{**owner, "year": last, "rd_labour": 150 * WAN, "rd_direct_input": 60 * WAN, "rd_depreciation": 20 * WAN,
                   "rd_amortisation": 0, "rd_design": 5 * WAN, "rd_testing": 5 * WAN, "rd_other": 20 * WAN,
                   "rd_entrusted_domestic": 0, "rd_entrusted_foreign": 0}],
        "ip": [
            {**owner, "no": "IP01", "title": device, "kind": "invention", "grant_number": "ZL201810000001.X",
             "granted_on": date(last, 5, 10), "ends_on": date(on.year + 15, 1, 5), **ip},
            {**owner, "no": "IP02", "title": translate("监控软件", lang), "kind": "software", "grant_number": "2018SR000001",
             "granted_on": date(last, 8, 20), "ends_on": date(on.year + 40, 12, 31), **ip},
        ],
        "uses": [{"grant_number": "2018SR000002", "used_by": name, "used_on": date(on.year - 4, 9, 1),
                  "successful": True, "valid_to": date(on.year - 1, 8, 31)}],
        "rd": [{**owner, "no": "RD01", "year": last, "rd_labour": 150 * WAN, "rd_direct_input": 60 * WAN,
                "rd_depreciation": 20 * WAN, "rd_amortisation": 0, "rd_design": 5 * WAN, "rd_testing": 5 * WAN,
                "rd_other": 20 * WAN, "rd_entrusted_domestic": 0, "rd_entrusted_foreign": 0}],
        "products": [
            {**owner, "no": "PS01", "title": translate("数控机床", lang), "income": 2600 * WAN, "is_main": True, "ip_nos": ("IP01", "IP02")},
            {**owner, "no": "PS02", "title": translate("技术服务", lang), "income": 1500 * WAN, "is_main": False, "ip_nos": ()},
        ],
        "conversions": [{**owner, "result": device, "form": "own", "converted_on": date(last, 6, 1)}],
        "months": [{**owner, "year": last, "month": 1, "staff_begin": 79, "staff_end": 81, "st_begin": 9, "st_end": 9}],
        "incidents": [{**owner, "happened_on": date(last, 2, 1), "kind": "safety", "major": False}],
        "standards": [{**owner, "number": "GB/T 00000-2018", "level": "national", "certified": True}],
        "sheets": [{**owner, "expert": "T1", "kind": "technical", "author": "panel", "advancement": 6, "support": 7,
                    "quantity": 8, "obtaining": 5, "standards": 0, "conversion": 21, "management_system": 5,
                    "institution": 4, "incentives": 3, "talent": 3}],
    }  # fmt: skip
