"""Every kind of action once, ready to be done in an office made for it; run in processes of its own."""

# ruff: noqa: E501  a table: an action a line

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from peiyu.office.accounts import actions as accounts
from peiyu.office.accounts.models import ApiToken, BodyKind, Delegation, Duty, Role, User
from peiyu.office.casework import actions as casework
from peiyu.office.desk import bulk, export_requests, merging, views
from peiyu.office.desk.models import SavedView
from peiyu.office.enterprises import actions as enterprises
from peiyu.office.enterprises.actions.handover import hand_over_mandates
from peiyu.office.enterprises.models import (
    Contact,
    Enterprise,
    EnterpriseFile,
    Mandate,
    Note,
    Registration,
)
from peiyu.office.foundation import actions as foundation
from peiyu.office.foundation import files, jobs, sealing
from peiyu.office.foundation.models import Job, StoredFile
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.verification import verify
from peiyu.office.notices import actions as notices
from peiyu.office.policies import actions as policies
from peiyu.office.policies.models import Document
from peiyu.words import message
from tests.office.factories import DAY, NOW, administrator, again, body, enterprise, mandate, person
from tests.office.faults import scenes_evidence as evidence
from tests.office.faults import scenes_figures as figures
from tests.office.faults import scenes_qualifications as held

VALUES = {"name": "济源市荻鹬装备有限公司", "code": "91419001MAX1LX27Q9", "industry": "3599"}
LATER = DAY + timedelta(days=30)


class Scene:
    """An office with one of each; everything is loaded anew, as a request would."""

    def __init__(self, keys: dict[str, int]) -> None:
        self.keys = keys

    def of(self, model: type[Any], name: str) -> Any:
        """The thing of that name."""
        return model._default_manager.get(pk=self.keys[name])

    def who(self, name: str) -> User:
        """The person of that name."""
        return again(User(pk=self.keys[name]))

    def __getattr__(self, name: str) -> Any:
        kinds = {
            "one": Enterprise, "other": Enterprise, "closed": Enterprise, "contact": Contact,
            "mandate": Mandate, "note": Note, "paper": EnterpriseFile, "file": StoredFile,
            "draft": Registration, "handed_in": Registration, "document": Document, "view": SavedView,
            "token": ApiToken, "delegation": Delegation, "job": Job,
            **figures.KINDS, **evidence.KINDS, **held.KINDS,
        }  # fmt: skip
        return self.of(kinds[name], name) if name in kinds else self.who(name)


def prepared() -> Scene:
    """Make it."""
    town, other_town = body(BodyKind.TOWN), body(BodyKind.TOWN)
    people = {
        "bureau": person(Role.BUREAU_OFFICER), "head": person(Role.BUREAU_HEAD), "colleague": person(Role.BUREAU_OFFICER),
        "officer": person(Role.TOWN_OFFICER, town), "neighbour": person(Role.TOWN_OFFICER, other_town),
        "tax": person(Role.TAX), "coach": person(Role.COACH), "owner": person(Role.OWNER),
        "system": administrator(Duty.SYSTEM), "security": administrator(Duty.SECURITY),
        "audit": administrator(Duty.AUDIT), "left": person(duty=Duty.OFFICE, is_active=False),
    }  # fmt: skip
    bureau, officer = people["bureau"], people["officer"]
    one, other, closed = (enterprise(town=town) for _ in range(3))
    enterprises.close(closed, status="closed", on=DAY, reason="注销", actor=bureau)
    owner = mandate(one, people["owner"])
    reported = figures.things(one, other, people) | held.things(one, other, people)
    draft = enterprises.draft(VALUES, body=town, town=town, zone=None, on=DAY, actor=officer)
    handed_in = enterprises.draft(
        VALUES | {"name": "砺新", "code": ""},
        body=town,
        town=town,
        zone=None,
        on=DAY,
        actor=officer,
    )
    enterprises.propose(handed_in, on=DAY, actor=again(officer))
    file = files.store(b"text of a file", "a.txt", by=bureau)
    token, _ = accounts.make_token(
        bureau, actor=bureau, name="x", scopes=["registry:read"], expires_on=LATER, on=DAY
    )
    things = {
        **people, **reported, "one": one, "other": other, "closed": closed, "draft": draft, "handed_in": handed_in, "file": file,
        "contact": enterprises.add_contact(one, name="任海川", phone="19900001234", actor=bureau),
        "note": enterprises.write_note(one, text="备注", at=NOW, actor=bureau),
        "paper": enterprises.attach(one, file=file, title="a", actor=bureau), "mandate": owner,
        "document": policies.enter_document(number="济政办〔2018〕4号", title="行动计划", issuer="市政府办", level="city", issued_on=DAY, actor=bureau),
        "view": views.save_view(page="enterprises", name="我的", query="q=a", shared=False, actor=bureau),
        "token": token, "job": jobs.start("desk.verify_record", "x", {}, bureau),
        "delegation": accounts.delegate(actor=bureau, taker=people["colleague"], from_on=DAY, until_on=LATER, reason="出差", on=DAY),
    }  # fmt: skip
    things |= evidence.things(one, things["contact"], things["paper"], people)
    keys = {name: thing.pk for name, thing in things.items()}
    keys |= {
        "town": town.pk,
        "other_town": other_town.pk,
        "opinion": handed_in.consultation.opinions.get().pk,
    }
    keys["appointment"] = people["neighbour"].appointments.get().pk
    return Scene(keys)


def _body(scene: Scene, name: str = "town") -> Any:
    return scene.of(type(scene.officer.appointments.get().body), name)


def _opinion(scene: Scene) -> Any:
    return scene.handed_in.consultation.opinions.get(pk=scene.keys["opinion"])


def _appointment(scene: Scene) -> Any:
    return scene.neighbour.appointments.get(pk=scene.keys["appointment"])


ACTIONS: dict[str, Callable[[Scene], object]] = {
    "accounts.appoint": lambda s: accounts.appoint(s.coach, actor=s.security, role=Role.TAX, body=s.tax.appointments.get().body, from_on=DAY),
    "accounts.end_appointment": lambda s: accounts.end_appointment(_appointment(s), actor=s.security, until_on=DAY, reason="调离"),
    "accounts.delegate": lambda s: accounts.delegate(actor=s.officer, taker=s.neighbour, from_on=DAY, until_on=LATER, reason="出差", on=DAY),
    "accounts.revoke_delegation": lambda s: accounts.revoke_delegation(s.delegation, actor=s.bureau, reason="已回"),
    "accounts.hand_over": lambda s: accounts.hand_over(s.coach, s.colleague, on=DAY, actor=s.security, also=[hand_over_mandates], reason="调离"),
    "accounts.open_body": lambda s: accounts.open_body(actor=s.security, kind=BodyKind.TOWN, code="T99", name="新镇", opened_on=DAY),
    "accounts.rename_body": lambda s: accounts.rename_body(_body(s), actor=s.security, name="改名镇", on=DAY, reason="批复"),
    "accounts.close_body": lambda s: accounts.close_body(accounts.open_body(actor=s.security, kind=BodyKind.TOWN, code="T98", name="旧镇", opened_on=DAY), actor=s.security, on=LATER, reason="批复"),
    "accounts.reset_password": lambda s: accounts.reset_password(s.bureau, actor=s.security, reason="忘记"),
    "accounts.add_person": lambda s: accounts.add_person(actor=s.security, username="someone.new", name="苗玉芬", on=DAY),
    "accounts.change_person": lambda s: accounts.change_person(s.officer, actor=s.security, version=s.officer.version, name="苗玉芬"),
    "accounts.leave": lambda s: accounts.leave(s.coach, actor=s.security, on=DAY, reason="退休"),
    "accounts.come_back": lambda s: accounts.come_back(s.left, actor=s.security, on=DAY, reason="返聘"),
    "accounts.make_token": lambda s: accounts.make_token(s.head, actor=s.head, name="x", scopes=["registry:read"], expires_on=LATER, on=DAY),
    "accounts.revoke_token": lambda s: accounts.revoke_token(s.token, actor=s.bureau, reason="不用"),
    "casework.answer": lambda s: casework.answer(_opinion(s), step="object", text="欠税", on=DAY, actor=s.tax),
    "casework.stop_clock": lambda s: casework.stop_clock(_opinion(s), reason="补正", on=DAY, actor=s.bureau, proof=s.file, number="1号"),
    "casework.substitute": lambda s: casework.substitute(_opinion(s), ask=casework.Ask(s.head.appointments.get().body, Role.BUREAU_HEAD, (), 3), reason="回避", on=DAY, actor=s.bureau),
    "desk.save_view": lambda s: views.save_view(page="enterprises", name="新的", query="q=b", shared=False, actor=s.head),
    "desk.forget_view": lambda s: views.forget_view(s.view, actor=s.bureau),
    "desk.ask_export": lambda s: export_requests.ask_export(query="", form="csv", purpose="汇总", on=DAY, actor=s.bureau),
    "desk.assign_coach": lambda s: bulk.assign_coach([s.one, s.other], person=s.coach, from_on=DAY, until_on=None, actor=s.bureau),
    "enterprises.enter": lambda s: enterprises.enter(VALUES, town=_body(s), zone=None, on=DAY, actor=s.bureau),
    "enterprises.edit": lambda s: enterprises.edit(s.one, {"industry": "3511"}, seen={"industry": ""}, on=DAY, actor=s.bureau),
    "enterprises.rename": lambda s: enterprises.rename(s.one, name="济源市砺新有限公司", from_on=DAY, reason="更名", actor=s.bureau),
    "enterprises.change_code": lambda s: enterprises.change_code(s.one, code="91419001MAX1LX27Q9", from_on=DAY, reason="换照", actor=s.bureau),
    "enterprises.move": lambda s: enterprises.move(s.one, town=_body(s, "other_town"), zone=None, from_on=DAY, reason="搬迁", on=DAY, actor=s.bureau),
    "enterprises.close": lambda s: enterprises.close(s.one, status="closed", on=DAY, reason="注销", actor=s.bureau),
    "enterprises.reopen": lambda s: enterprises.reopen(s.closed, reason="误记", actor=s.bureau),
    "desk.merge_entries": lambda s: merging.merge_entries(s.one, into=s.other, on=DAY, reason="同一家", actor=s.bureau),
    "enterprises.say_not_same": lambda s: enterprises.say_not_same(s.one, s.other, reason="两家", actor=s.bureau),
    "enterprises.add_contact": lambda s: enterprises.add_contact(s.one, name="孙志飞", phone="19900001235", main=True, actor=s.bureau),
    "enterprises.change_contact": lambda s: enterprises.change_contact(s.contact, phone="19900001236", actor=s.bureau),
    "enterprises.end_contact": lambda s: enterprises.end_contact(s.contact, on=DAY, actor=s.bureau),
    "enterprises.give_mandate": lambda s: enterprises.give_mandate(s.one, person=s.coach, kind="coach", from_on=DAY, actor=s.bureau),
    "enterprises.revoke_mandate": lambda s: enterprises.revoke_mandate(s.mandate, on=DAY, actor=s.bureau, reason="已离职"),
    "enterprises.draft": lambda s: enterprises.draft(VALUES, body=_body(s), town=_body(s), zone=None, on=DAY, actor=s.officer),
    "enterprises.redraft": lambda s: enterprises.redraft(s.draft, VALUES | {"name": "改名"}, town=_body(s), zone=None, version=s.draft.version, on=DAY, actor=s.officer),
    "enterprises.propose": lambda s: enterprises.propose(s.draft, on=DAY, actor=s.officer),
    "enterprises.withdraw": lambda s: enterprises.withdraw(s.handed_in, on=DAY, reason="有误", actor=s.officer),
    "enterprises.return_for_more": lambda s: enterprises.return_for_more(s.handed_in, on=DAY, reason="补照", actor=s.bureau),
    "enterprises.refuse": lambda s: enterprises.refuse(s.handed_in, on=DAY, reason="不在本市", actor=s.bureau),
    "enterprises.confirm": lambda s: (casework.answer(_opinion(s), step="object", text="欠税", on=DAY, actor=s.tax), enterprises.confirm(s.handed_in, on=DAY, reason="已核", actor=s.bureau)),
    "enterprises.write_note": lambda s: enterprises.write_note(s.one, text="又一条", at=NOW, actor=s.bureau),
    "enterprises.withdraw_note": lambda s: enterprises.withdraw_note(s.note, at=NOW, actor=s.bureau),
    "enterprises.suggest": lambda s: enterprises.suggest(s.one, text="行业不对", on=DAY, at=NOW, actor=s.owner),
    "enterprises.attach": lambda s: enterprises.attach(s.one, file=s.file, title="b", replaces=s.paper, actor=s.bureau),
    "foundation.destroy_key": lambda s: foundation.destroy_key(s.contact, actor=s.audit, reason="本人要求"),
    "foundation.start_job": lambda s: jobs.start("desk.verify_record", "x", {}, s.bureau),
    "foundation.cancel_job": lambda s: jobs.cancel(s.job, s.bureau),
    "foundation.seal": lambda s: sealing.seal(timezone.now()),
    "notices.tell": lambda s: notices.tell([s.bureau, s.tax], title=message("请看"), at=NOW),
    "policies.enter_document": lambda s: policies.enter_document(number="济政〔2019〕1号", title="办法", issuer="市政府", level="city", issued_on=DAY, basis=[s.document], actor=s.bureau),
    "policies.change_document": lambda s: policies.change_document(s.document, reason="笔误", title="行动方案", actor=s.bureau),
    "policies.add_clause": lambda s: policies.add_clause(s.document, place="第一条", title="目标", gist="x", actor=s.bureau),
    "policies.choose_reading": lambda s: policies.choose_reading(key="registration_days", value=7, from_on=LATER, reason="会议", actor=s.head, document=s.document),
    **figures.ACTIONS,
    **evidence.ACTIONS,
    **held.ACTIONS,
}  # fmt: skip
"""An action that two functions make is one kind too; `confirm` stands behind an answer."""


def digest() -> str:
    """Of everything in the database."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table.startswith(("sqlite_", "foundation_searchterm_fts")):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            found.update(table.encode() + repr(sorted(map(repr, cursor.fetchall()))).encode())
    return found.hexdigest()


class Counting:
    """Counts queries; remembers the first that writes; kills the process at one of them."""

    def __init__(self, kill_at: int = 0) -> None:
        self.number, self.first, self.kill_at = 0, 0, kill_at

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += 1
        if not self.first and sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self.first = self.number
        found = execute(sql, params, many, context)
        if self.number == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return found


def forked(act: Callable[[], object]) -> tuple[int, Any]:
    """Do it in a process of its own: by which signal it ended, and what it said."""
    connection.close()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        try:
            said = json.dumps(act())
        except BaseException as trouble:
            said = json.dumps(repr(trouble))
        os.write(writes, said.encode())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as pipe:
        said = pipe.read()
    return os.waitpid(child, 0)[1], json.loads(said) if said else None


def killed(scene: Scene, name: str) -> dict[str, Any]:
    """Kill one action at its first write, in the middle, and before its end; what was left each time."""

    def rehearsed() -> list[int] | str:
        counting = Counting()
        with transaction.atomic():
            before = digest()
            with connection.execute_wrapper(counting):
                ACTIONS[name](scene)
            changed = digest() != before
            transaction.set_rollback(True)
        return [counting.first, counting.number, int(changed)]

    def at(number: int) -> Callable[[], object]:
        def act() -> None:
            with connection.execute_wrapper(Counting(number)), transaction.atomic():
                ACTIONS[name](scene)

        return act

    before = digest()
    _, rehearsal = forked(rehearsed)
    if isinstance(rehearsal, str):
        return {"trouble": rehearsal}
    first, last, changed = rehearsal
    result: dict[str, Any] = {"first": first, "last": last, "changed": bool(changed), "left": []}
    for number in dict.fromkeys((first, (first + last) // 2, last)):
        ended, said = forked(at(number))
        result["left"].append([number, ended, said, digest() == before])
    return result


def at_once(*acts: Callable[[], object]) -> list[str | None]:
    """Do all at the same moment; what each came to: None, or its refusal, or its trouble."""
    ready = threading.Barrier(len(acts))
    came: list[str | None] = [None] * len(acts)

    def go(number: int, act: Callable[[], object]) -> None:
        try:
            ready.wait(10)
            act()
        except Refused as refused:
            came[number] = refused.say()
        except Exception as trouble:
            came[number] = f"!{trouble!r}"
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return came


TWICE = (
    *evidence.TWICE,
    *figures.TWICE,
    *held.TWICE,
    "enterprises.propose", "enterprises.rename", "enterprises.reopen", "casework.answer", "enterprises.refuse",
    "accounts.come_back", "accounts.end_appointment", "enterprises.attach", "foundation.cancel_job",
    "enterprises.give_mandate", "accounts.add_person", "enterprises.enter", "desk.merge_entries",
)  # fmt: skip
"""What only one of two may do."""


AFTER = (
    "enterprises.edit", "enterprises.rename", "enterprises.add_contact", "enterprises.propose",
    "accounts.appoint", "casework.answer", "desk.ask_export", "policies.choose_reading", "foundation.seal",
    "reports.state", "reports.submit", "foundation.apply_import", "portfolio.record_entry",
    "portfolio.clear_flag", "qualifications.add_event",
)  # fmt: skip
"""What is done, one after the other, by processes killed as soon as it is done."""


def main(what: str) -> None:
    """`prepare`, `kill` all, look `after` the end, or let two do the same `twice`."""
    keys = settings.HOME / "keys.json"
    if what == "prepare":
        keys.write_text(json.dumps(prepared().keys))
        return
    scene = Scene(json.loads(keys.read_text()))
    told: dict[str, Any] = {}
    if what == "kill":
        told = {name: killed(scene, name) for name in ACTIONS}
    for name in AFTER if what == "after" else ():
        before = digest()
        forked(lambda name=name: (ACTIONS[name](scene), os.kill(os.getpid(), signal.SIGKILL)))
        told[name] = digest() != before
    for name in TWICE if what == "twice" else ():
        told[name] = at_once(*[lambda name=name: ACTIONS[name](scene)] * 2)
    whole = verify()
    print(json.dumps({"told": told, "whole": whole.whole, "said": whole.message.say()}))


if __name__ == "__main__":
    main(sys.argv[1])
