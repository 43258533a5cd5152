"""The registry of the demo city: its 320 invented enterprises, their history, and open cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from stdnum.cn import uscc

from peiyu.demo.city import City, Firm
from peiyu.demo.office.days import live_on
from peiyu.demo.office.people import BEGUN_ON, People, of_enterprise
from peiyu.office.accounts.models import Body, Role
from peiyu.office.casework.actions import answer, stop_clock
from peiyu.office.enterprises.actions import (
    add_contact,
    change_code,
    close,
    confirm,
    draft,
    enter,
    give_mandate,
    move,
    propose,
    refuse,
    rename,
    return_for_more,
    write_note,
)
from peiyu.office.enterprises.classifications import field_code
from peiyu.office.enterprises.models import Enterprise, LegalForm, MandateKind
from peiyu.office.foundation.days import add_working_days
from peiyu.office.foundation.sources import of_document

INDUSTRIES = {
    "nonferrous": ("3212", "3216", "3240"), "steel": ("3130", "3391", "3489"), "energy": ("3841", "4412", "2521"),
    "chemicals": ("2661", "2614", "2662"), "equipment": ("3511", "3599", "3489"), "electronics": ("3983", "3962", "4016"),
    "software": ("6513", "6519", "6531"), "building": ("3031", "3089", "3051"), "food": ("1499", "1524", "1399"),
    "feed": ("1329", "0181", "1361"), "services": ("7452", "7722", "7484"),
}  # fmt: skip
LISTED_ON = date(2018, 3, 12)
"""The day on which the list of the first survey was entered."""
OPEN_TO = 6
"""So many enterprises have people of their own who log in."""


def fill(city: City, people: People, random: Random) -> list[Enterprise]:
    """Take all enterprises in from the list of 2018, then let things happen to some."""
    live_on(LISTED_ON)
    officer = people.first(Role.BUREAU_OFFICER)
    source = of_document(
        "2018年企业摸底汇总表", number="济科〔2018〕12号", dated_on=BEGUN_ON, actor=officer
    )
    found = []
    for firm in city.firms:
        values = values_of(firm)
        day = known_since(values, city.on)
        live_on(day)
        enterprise = enter(
            values,
            town=people.bodies[firm.town.code],
            zone=people.bodies[firm.zone.code] if firm.zone else None,
            on=day,
            actor=officer,
            source=source,
        )
        found.append(enterprise)
        if random.randrange(10) < 7:
            add_contact(
                enterprise, name=random.choice("任孙段苗牛田郝韩") + random.choice(("海川", "玉芬", "志飞", "秀云")),
                duty=random.choice(("财务负责人", "办公室主任", "总经理", "研发部部长")),
                phone=f"1990000{random.randrange(10_000):04d}", main=True, actor=officer,
            )  # fmt: skip
    happen(found, city, people, random)
    return found


def known_since(values: dict[str, object], on: date) -> date:
    """The day of the first survey, or a month after it was founded if it is younger."""
    founded = values["established_on"]
    return (
        min(on, max(LISTED_ON, founded + timedelta(days=30)))
        if isinstance(founded, date)
        else LISTED_ON
    )


def values_of(firm: Firm) -> dict[str, object]:
    """What the registry knows of an enterprise of the city; some lack a field, as in life."""
    own = Random(f"registry {firm.code}")
    stock = "股份有限公司" in firm.name
    form = (
        LegalForm.BRANCH
        if "分公司" in firm.name
        else LegalForm.STOCK
        if stock
        else LegalForm.LIMITED
    )
    field = firm.facts.get("field")
    return {
        "code": firm.code,
        "name": firm.name,
        "established_on": firm.facts.get("established_on"),
        "legal_form": form.value,
        "industry": "" if own.randrange(12) == 0 else own.choice(INDUSTRIES[firm.trade.key]),
        "field": field_code(str(field) if field else own.choice(firm.trade.fields))
        if own.randrange(6)
        else "",
    }


def happen(found: list[Enterprise], city: City, people: People, random: Random) -> None:
    """Renames, new codes, moves, closures, mandates, notes, proposals in every state."""
    on, officer = city.on, people.first(Role.BUREAU_OFFICER)
    places = list(people.of_place)
    live_on(date(2019, 3, 1))
    for enterprise in found[::29]:
        new = (
            enterprise.name.replace("有限公司", "科技有限公司")
            if "科技" not in enterprise.name
            else f"{enterprise.name[:-4]}集团有限公司"
        )
        rename(
            enterprise,
            name=new,
            from_on=on - timedelta(days=random.randrange(30, 700)),
            reason="营业执照变更",
            actor=officer,
        )
    for enterprise in found[7::53]:
        change_code(
            enterprise,
            code=_other_code(enterprise.code, random),
            from_on=on - timedelta(days=200),
            reason="三证合一换照",
            actor=officer,
        )
    for enterprise in found[11::41]:
        town = people.bodies[random.choice([code for code in places if code.startswith("419")])]
        if town != enterprise.town or enterprise.zone:
            move(
                enterprise,
                town=town,
                zone=None,
                from_on=on - timedelta(days=random.randrange(20, 300)),
                reason="搬迁新厂",
                on=on,
                actor=officer,
            )
    coming = found[13]
    move(coming, town=coming.town, zone=people.bodies["JY-Z01" if coming.zone_id != people.bodies["JY-Z01"].pk else "JY-Z02"],
         from_on=on + timedelta(days=14), reason="入园协议，7月1日起", on=on, actor=officer)  # fmt: skip
    close(found[100], status="closed", on=on - timedelta(days=90), reason="已注销", actor=officer)
    close(found[101], status="gone", on=on - timedelta(days=60), reason="迁往焦作", actor=officer)
    _twin(found[50], people, on)
    for index, enterprise in enumerate(found[:OPEN_TO], start=1):
        owner, accountant = of_enterprise(people, random, index)
        give_mandate(
            enterprise, person=owner, kind=MandateKind.OWNER, from_on=BEGUN_ON, actor=officer
        )
        give_mandate(
            enterprise,
            person=accountant,
            kind=MandateKind.ACCOUNTANT,
            from_on=BEGUN_ON,
            actor=owner,
        )
        if index in (1, 2):
            give_mandate(enterprise, person=people.first(Role.AGENCY), kind=MandateKind.AGENCY, body=people.bodies["AGENCY"],
                         from_on=on - timedelta(days=60), until_on=on + timedelta(days=10 * index), actor=owner)  # fmt: skip
        if index == 1:
            give_mandate(enterprise, person=people.first(Role.BANK), kind=MandateKind.BANK, body=people.bodies["BANK"],
                         from_on=on - timedelta(days=20), until_on=on + timedelta(days=160), actor=owner)  # fmt: skip
    live_on(date(2019, 5, 20))
    for index, enterprise in enumerate(found[:45]):
        coach = people.by_role[Role.COACH][index % 3]
        give_mandate(
            enterprise,
            person=coach,
            kind=MandateKind.COACH,
            from_on=date(2019, 3, 1),
            actor=officer,
        )
    for enterprise in found[:20:3]:
        place = people.of_place.get(enterprise.body.code if enterprise.body else "")
        write_note(
            enterprise,
            text=random.choice(NOTES),
            at=datetime(2019, 5, 20, 2, 0, tzinfo=UTC),
            actor=place or officer,
        )
    propose_some(people, on)
    live_on(on)


NOTES = (
    "5月15日电话联系，财务说研发费用还没有分项目记账，6月底前补。",
    "企业主要产品与已授权专利对不上，建议先看产品目录。",
    "上门走访，负责人有申报意愿，希望7月培训后再定。",
)
PROPOSALS = (
    ("419001100", "济源市蒹鹮环保设备有限公司", "3591", "waiting"),
    ("419001103", "济源蘅鸫精密制造有限公司", "3484", "agreed"),
    ("JY-Z01", "河南槲隼电子科技有限公司", "3983", "objected"),
    ("419001004", "济源市榉鹳新材料有限公司", "3240", "returned"),
    ("419001102", "济源柞凫农业科技有限公司", "1329", "refused"),
    ("419001101", "济源市楸鸢能源科技有限公司", "4412", "draft"),
    ("JY-Z02", "济源椴麝再生资源有限公司", "4210", "stopped"),
    ("419001108", "济源市檗獾建材有限公司", "3031", "confirmed"),
)


def propose_some(people: People, on: date) -> None:
    """Proposals of new enterprises in every state."""
    officer = people.first(Role.BUREAU_OFFICER)
    tax, statistics = people.first(Role.TAX), people.first(Role.STATISTICS)
    for index, (place, name, industry, fate) in enumerate(PROPOSALS):
        body, proposer = people.bodies[place], people.of_place[place]
        zone = place.startswith("JY-Z")
        begun = add_working_days(on - timedelta(days=8), 1 + index % 3)
        live_on(begun)
        case = draft(
            {"name": name, "industry": industry, "established_on": date(2016, 3 + index, 8), "legal_form": "limited",
             "contact_name": "苗秀云", "contact_phone": f"1990000{7000 + index}"},
            body=body, town=None if zone else body, zone=body if zone else None, on=begun, actor=proposer,
        )  # fmt: skip
        if fate == "draft":
            continue
        propose(case, on=begun, actor=proposer)
        assert case.consultation is not None
        asked = {opinion.role: opinion for opinion in case.consultation.opinions.all()}
        if fate in ("agreed", "confirmed"):
            answer(asked[Role.TAX], step="agree", answers={"taxpayer": True}, on=begun, actor=tax)
            answer(
                asked[Role.STATISTICS],
                step="agree",
                answers={"industry": True},
                on=begun,
                actor=statistics,
            )
        if fate == "objected":
            answer(asked[Role.TAX], step="agree", answers={"taxpayer": True}, on=begun, actor=tax)
            answer(
                asked[Role.STATISTICS],
                step="object",
                answers={"industry": False},
                text="统计登记的行业是3989，请核对",
                on=begun,
                actor=statistics,
            )
        live_on(on - timedelta(days=3))
        if fate == "stopped":
            stop_clock(
                asked[Role.TAX],
                reason="等企业补税务变更登记",
                number="济税通〔2019〕33号",
                on=begun + timedelta(days=1),
                actor=officer,
            )
        if fate == "returned":
            return_for_more(
                case,
                on=on - timedelta(days=3),
                reason="缺营业执照复印件，成立日期请核对",
                actor=officer,
            )
        if fate == "refused":
            refuse(case, on=on - timedelta(days=3), reason="注册地不在本市", actor=officer)
        if fate == "confirmed":
            confirm(case, on=on - timedelta(days=3), actor=officer)


def _twin(enterprise: Enterprise, people: People, on: date) -> None:
    """The same enterprise once more, as two towns reported it with other brackets and no code."""
    place: Body = people.bodies["419001004"]
    name = (
        enterprise.name.replace("济源市", "")
        .replace("济源", "")
        .replace("河南", "")
        .replace("（）", "")
    )
    enter(
        {"name": f"济源市{name}"}, town=place, zone=None, on=on, actor=people.of_place[place.code]
    )


def _other_code(code: str, random: Random) -> str:
    first = code[:8] + "MAX" + "".join(random.choice("0123456789ABCDEFGH") for _ in range(5)) + "0"
    return first + str(uscc.calc_check_digit(first))
