"""The blank template of a rulebook: with a worked example that can be deleted, guide and dictionary."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from peiyu.batch.documents import dictionary
from peiyu.batch.layouts import layout
from peiyu.policy.explain import Program
from peiyu.policy.rulebook import Rulebook
from peiyu.tables.writing import Row, write_template
from peiyu.words import Message, mark, message, translate

GUIDE = (
    mark("一、小企业只填“企业”一张表，每家一行；其他表可以不填。"),
    mark("二、不知道的留空，不要填 0：空白表示未知，0 表示没有。"),
    mark("三、金额默认以元为单位；表头写明“（万元）”的按万元读。"),
    mark(
        "四、填了知识产权、产品、成果转化、人员月度等表的，以表中逐行核对的结果为准，申报数只作比对。"
    ),
    mark("五、表中没有列全的，请在“企业”表最后几列选“部分”。"),
    mark("六、灰色斜体是示例，读取时自动跳过，可以删除。"),
)
WAN = 10**6  # fen in 万元
SAMPLES = {"zh": "示例", "en": "Example "}  # how an example row begins
NAME, PLACE = mark("示例企业有限公司"), mark("玉泉街道")
DEVICE, SOFTWARE = mark("一种数控装置"), mark("监控软件")
MACHINE, SERVICE = mark("数控机床"), mark("技术服务")
SPENT = (
    "rd_labour", "rd_direct_input", "rd_depreciation", "rd_amortisation", "rd_design", "rd_testing", "rd_other",
    "rd_entrusted_domestic", "rd_entrusted_foreign",
)  # fmt: skip
# What the rules of technology SMEs ask for besides.
SME_SAMPLE = {
    "prohibited_class": False, "research_misconduct": False, "abnormal_list": False, "violation_list": False,
    "sme_incidents": 0, "hnte_certificates": 0, "national_awards": 0, "institutions": 0, "standards_led": 0,
    "sme_ip_class1": 1, "sme_ip_class2": 1, "sme_staff_average.1": 8000, "sme_rd_staff_average.1": 1700,
    "total_assets.1": 9000 * WAN, "rd_sme_total.1": 300 * WAN, "cost_expense_total.1": 5000 * WAN,
}  # fmt: skip
# Lag, sales, net assets and R&D by category, in 万元.
YEARLY = (
    (3, 4200, 2000, 120, 50, 15, 0, 5, 5, 15, 0, 0),
    (2, 4800, 2300, 130, 55, 18, 0, 5, 5, 17, 0, 0),
    (1, 5600, 2900, 150, 60, 20, 0, 5, 5, 20, 0, 0),
)


def write_blank(target: Path, program: Program, lang: str = "zh") -> None:
    """Write the template for the fiscal years before the program's day."""
    rulebook, on = program.rulebook, program.on
    said = translate(rulebook.title, lang)
    if rulebook.survey:
        title = message("{title}填报模板（申请日 {on}）", title=said, on=on.isoformat())
    else:
        day = translate(rulebook.governing, lang)
        title = message("{title}填报模板（{day} {on}）", title=said, day=day, on=on.isoformat())
    write_template(
        target,
        layout(rulebook, on, lang=lang),
        title=title.say(lang),
        guide=[*(translate(line, lang) for line in GUIDE), _last(rulebook).say(lang)],
        examples=example(on, lang),
        dictionary=dictionary(rulebook, lang),
        lang=lang,
    )


def _last(rulebook: Rulebook) -> Message:
    """What to run when the workbook is filled in."""
    if rulebook.survey:
        return message("七、填好后运行：peiyu assess 文件.xlsx --on 申请日 -o 结果.xlsx")
    return message(
        "七、填好后运行：peiyu assess 文件.xlsx --rulebook {name} --on 日期 -o 结果.xlsx",
        name=rulebook.name,
    )


def example(on: date, lang: str = "zh") -> dict[str, list[Row]]:
    """One worked example: an enterprise that meets every condition that a machine can judge.

    Its sheets agree with each other: the first alone and all together give the same.
    """
    last = on.year - 1
    name, device, software = (translate(text, lang) for text in (NAME, DEVICE, SOFTWARE))
    main: dict[str, object] = {
        "name": name, "territory": translate(PLACE, lang), "established_on": date(on.year - 8, 3, 15),
        "resident": True, "legal_person": True, "tech_field": "8.4.1",
        "total_income.1": 5800 * WAN, "ht_income.1": 4100 * WAN, "staff_average.1": 8000, "st_staff_average.1": 900,
        "standards": 1, "conversions": 9, "incidents": 0, "ip_class1": 1, "ip_class2": 1, "ip_self_developed": 2,
        "ip_main": 2, "main_income": 2600 * WAN, "incidents.state": "2",
    }  # fmt: skip
    main |= SME_SAMPLE
    spent: list[Row] = []
    for lag, sales, net, *categories in YEARLY:
        rd = sum(categories)
        main |= {f"sales_revenue.{lag}": sales * WAN, f"net_assets.{lag}": net * WAN,
                 f"rd_total.{lag}": rd * WAN, f"rd_domestic.{lag}": rd * WAN}  # fmt: skip
        amounts = dict(zip(SPENT, (amount * WAN for amount in categories), strict=True))
        spent.append({"name": name, "year": on.year - lag, **amounts})
    owner = {"name": name}
    ip = {"mainland": True, "owner_self": True, "co_owned": False, "certificate": True, "obtained": "self",
          "used_before": False, "disputed": False, "related": True}  # fmt: skip
    return {
        "enterprise": [main],
        "years": spent,
        "ip": [
            {**owner, "no": "IP01", "title": device, "kind": "invention", "grant_number": f"ZL{last - 2}10000001.X",
             "granted_on": date(last, 5, 10), "ends_on": date(on.year + 15, 1, 5), **ip},
            {**owner, "no": "IP02", "title": software, "kind": "software", "grant_number": f"{last}SR000001",
             "granted_on": date(last, 8, 20), "ends_on": date(on.year + 40, 12, 31), **ip},
        ],
        "uses": [{"grant_number": f"{SAMPLES[lang]}{on.year - 6}SR000002", "used_by": name,
                  "used_on": date(on.year - 4, 9, 1),
                  "successful": True, "valid_to": date(on.year - 1, 8, 31)}],
        "rd": [{"no": "RD01", **row} for row in spent],
        "products": [
            {**owner, "no": "PS01", "title": translate(MACHINE, lang), "income": 2600 * WAN, "is_main": True,
             "ip_nos": ("IP01", "IP02")},
            {**owner, "no": "PS02", "title": translate(SERVICE, lang), "income": 1500 * WAN, "is_main": False,
             "ip_nos": ()},
        ],
        "conversions": [
            {**owner, "result": f"{device} {year}-{number}", "form": "own", "converted_on": date(year, 6, number)}
            for year in range(on.year - 3, on.year) for number in (1, 2, 3)
        ],
        "months": [
            {**owner, "year": last, "month": month, "staff_begin": 79, "staff_end": 81, "st_begin": 9, "st_end": 9}
            for month in range(1, 13)
        ],
        "incidents": [{**owner, "happened_on": date(last, 2, 1), "kind": "safety", "major": False}],
        "standards": [{**owner, "number": f"GB/T 00000-{last}", "level": "national", "certified": True}],
        "sheets": [{**owner, "expert": "T1", "kind": "technical", "author": "self", "advancement": 6, "support": 7,
                    "quantity": 8, "obtaining": 5, "standards": 1, "conversion": 15, "management_system": 5,
                    "institution": 4, "incentives": 3, "talent": 3}],
    }  # fmt: skip
