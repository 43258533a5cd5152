"""The bodies and people of the demo city; every person is invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from peiyu.demo.places import PLACES, STREET, TOWN
from peiyu.office.accounts.actions import (
    add_person,
    appoint,
    delegate,
    name_mark,
    name_unit,
    open_body,
)
from peiyu.office.accounts.actions.beginning import begin
from peiyu.office.accounts.models import Body, BodyKind, Duty, Role, User

OPENED_ON = date(1988, 8, 1)
BEGUN_ON = date(2018, 2, 2)
"""The day of the plan: from then on the office works."""
KINDS = {STREET: BodyKind.STREET, TOWN: BodyKind.TOWN}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = ("丽娟", "晓梅", "文博", "建国", "志飞", "玉芬", "会芳", "秀云", "军伟", "爱玲", "小艳", "志刚",
         "利民", "宏亮", "春燕", "国庆", "俊杰", "红霞", "令军", "海川", "雪松", "庆丰", "明远", "素珍",
         "立新", "成林", "晓东", "维佳", "翠萍", "正阳")  # fmt: skip
SHORT = {"JY-Z01": "虎岭高新区", "JY-Z02": "玉川集聚区"}
DEPARTMENTS = (
    ("JY-KJ", "济源市科学技术局", "市科技局", "高新技术科"),
    ("JY-CZ", "济源市财政局", "市财政局", "教科文科"),
    ("JY-SW", "国家税务总局济源市税务局", "市税务局", "所得税科"),
    ("JY-ZC", "济源市知识产权局", "市知识产权局", "综合科"),
    ("JY-TJ", "济源市统计局", "市统计局", "工业科"),
    ("JY-DC", "济源市人民政府办公室四科", "政府办四科", ""),
)


@dataclass
class People:
    """Who is there, to act in the rest of the demo."""

    system: User
    security: User
    audit: User
    city: Body
    bodies: dict[str, Body] = field(default_factory=dict)
    by_role: dict[str, list[User]] = field(default_factory=dict)
    of_place: dict[str, User] = field(default_factory=dict)

    def first(self, role: str) -> User:
        """The first who holds a role."""
        return self.by_role[role][0]


def bring_in(random: Random) -> People:
    """Open the bodies, let people join, give them their roles."""
    names = _names(random)
    administrators = begin(
        names={
            Duty.SYSTEM: ("system", next(names)),
            Duty.SECURITY: ("security", next(names)),
            Duty.AUDIT: ("audit", next(names)),
        },
        on=BEGUN_ON,
    )
    system, security, audit = (
        administrators[duty][0] for duty in (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT)
    )

    def opened(
        kind: str, code: str, name: str, short: str, parent: Body | None, unit: str = ""
    ) -> Body:
        return open_body(
            actor=security, kind=kind, code=code, name=name, short=short, parent=parent, unit=unit,
            opened_on=OPENED_ON,
        )  # fmt: skip

    city = opened(BodyKind.CITY, "419001", "济源市人民政府", "济源市", None)
    found = People(system, security, audit, city)
    for code, name, short, unit in DEPARTMENTS:
        found.bodies[code] = opened(BodyKind.DEPARTMENT, code, name, short, city, unit)
    for place in PLACES:
        kind = KINDS.get(place.kind, BodyKind.ZONE)
        name = {
            BodyKind.ZONE: place.chinese + "管委会",
            BodyKind.TOWN: place.chinese + "人民政府",
        }.get(kind, place.chinese + "办事处")
        unit = "" if place.code in ("419001107", "419001110") else "经济发展办公室"
        found.bodies[place.code] = opened(
            kind, place.code, name, SHORT.get(place.code, place.chinese), city, unit
        )
    found.bodies["BANK"] = opened(
        BodyKind.BANK, "BANK-1", "济源砚桴农村商业银行", "砚桴农商行", None
    )
    found.bodies["AGENCY"] = opened(
        BodyKind.AGENCY, "AGENCY-1", "河南篁鹳科技服务有限公司", "篁鹳科服", None
    )
    found.bodies["COACHES"] = opened(
        BodyKind.AGENCY, "AGENCY-2", "济源市科技大市场", "科技大市场", None
    )

    def joined(
        username: str, role: str, body: Body | None, title: str = "", duty: str = Duty.OFFICE
    ) -> User:
        person, _ = add_person(
            actor=security, username=username, name=next(names), duty=duty, on=BEGUN_ON
        )
        appoint(person, actor=security, role=role, body=body, from_on=BEGUN_ON, title=title)
        found.by_role.setdefault(role, []).append(person)
        return person

    bureau = found.bodies["JY-KJ"]
    joined("bureau", Role.BUREAU_OFFICER, bureau, "高新技术科科员")
    joined("bureau-2", Role.BUREAU_OFFICER, bureau, "高新技术科副科长")
    joined("bureau-head", Role.BUREAU_HEAD, bureau, "副局长")
    joined("finance", Role.FINANCE, found.bodies["JY-CZ"], "教科文科科员")
    joined("tax", Role.TAX, found.bodies["JY-SW"], "所得税科科员")
    joined("ip", Role.IP_OFFICE, found.bodies["JY-ZC"], "综合科科员")
    joined("statistics", Role.STATISTICS, found.bodies["JY-TJ"], "工业科科员")
    joined("leader", Role.LEADER, city, "副市长")
    for place in PLACES:
        if place.code == "419001110":
            continue  # a vacancy, as the register of bodies must show it
        zone = place.kind not in KINDS
        role = Role.ZONE_OFFICER if zone else Role.TOWN_OFFICER
        username = f"{'zone' if zone else 'town'}-{place.code[-3:]}"
        found.of_place[place.code] = joined(username, role, found.bodies[place.code], "科技专干")
    for number in (1, 2, 3):
        joined(f"coach-{number}", Role.COACH, found.bodies["COACHES"], "辅导员")
    joined("bank", Role.BANK, found.bodies["BANK"], "科技金融部经理", Duty.ENTERPRISE)
    joined("agency", Role.AGENCY, found.bodies["AGENCY"], "项目经理", Duty.ENTERPRISE)
    name_unit(found.bodies["419001100"], actor=security, unit="科技服务中心")
    name_mark(bureau, actor=security, mark="济科")
    for place in PLACES:
        short = SHORT.get(place.code, place.chinese)
        name_mark(found.bodies[place.code], actor=security, mark=short[:2] + "政")
    return found


def of_enterprise(people: People, random: Random, index: int) -> tuple[User, User]:
    """An owner and an accountant for one enterprise."""
    names = _names(Random(f"people {index}"))
    owner, _ = add_person(
        actor=people.security,
        username=f"owner-{index}",
        name=next(names),
        duty=Duty.ENTERPRISE,
        on=BEGUN_ON,
    )
    accountant, _ = add_person(
        actor=people.security,
        username=f"accountant-{index}",
        name=next(names),
        duty=Duty.ENTERPRISE,
        on=BEGUN_ON,
    )
    return owner, accountant


def stand_in(people: People, on: date) -> None:
    """A colleague is on leave; another acts for them."""
    giver, taker = people.by_role[Role.BUREAU_OFFICER]
    delegate(
        actor=giver,
        taker=taker,
        from_on=on,
        until_on=date(on.year, on.month, 21),
        reason="外出培训",
        on=on,
    )


def _names(random: Random) -> Iterator[str]:
    """Invented names, each once."""
    drawn = [surname + given for surname in SURNAMES for given in GIVEN]
    random.shuffle(drawn)
    return iter(drawn)
