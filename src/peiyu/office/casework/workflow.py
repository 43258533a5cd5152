"""The life of a case as one table of steps. Nothing but `take` assigns a state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message

Thing = TypeVar("Thing", bound="Flowing")
Right = Callable[[User, Any], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One way on: `name`, from which states, to which, by whom; `label` is the button's word."""

    name: str
    sources: tuple[str, ...]
    target: str
    right: Right
    label: str
    needs_reason: bool = False


class Workflow:
    """A named table of steps.

    A changed flow is a new table beside the old, and a case ends in its own: `name` is kept with
    the case.
    """

    def __init__(self, name: str, *steps: Step) -> None:
        self.name = name
        self.steps = {step.name: step for step in steps}
        assert len(self.steps) == len(steps), "a step is named once"

    def open_to(self, person: User, thing: Flowing) -> list[Step]:
        """The steps that this person may take now, in the order of the table."""
        return [
            step
            for step in self.steps.values()
            if thing.state in step.sources and step.right(person, thing)
        ]

    def take(
        self,
        name: str,
        thing: Thing,
        *,
        actor: User,
        reason: str = "",
        about: models.Model | None = None,
        **changes: object,
    ) -> Thing:
        """Lock the row, check state and right, set `changes` and the state, write the record.

        Raises Refused in the words of the table; then nothing was changed.
        """
        step = self.steps[name]
        with transaction.atomic():
            locked = type(thing)._default_manager.select_for_update().get(pk=thing.pk)
            if locked.flow != self.name:
                raise Refused(message("这件事按“{flow}”办理，不能用这一步", flow=locked.flow))
            if locked.state not in step.sources:
                raise Refused(
                    message(
                        "“{label}”现在不能办：已经是“{state}”。请刷新后再看",
                        label=message(step.label),
                        state=message(locked.get_state_display()),
                    )
                )
            for_whom = allow(
                step.right,
                actor,
                locked,
                message("您不能办“{label}”这一步", label=message(step.label)),
            )
            if step.needs_reason and not reason.strip():
                raise Refused(message("请写明理由"), field="reason")
            before = {field: getattr(locked, field) for field in (*changes, "state")}
            for field, value in changes.items():
                setattr(locked, field, value)
            locked.state = step.target
            locked.save(update_fields=[*changes, "state"])
            write(
                actor=actor,
                action=f"{type(thing)._meta.label_lower}.{name}",
                thing=locked,
                changes={field: (old, getattr(locked, field)) for field, old in before.items()},
                reason=reason,
                about=about,
                for_whom=for_whom,
            )
        for field in before:
            setattr(thing, field, getattr(locked, field))
        return thing


class Flows:
    """The tables of one kind of case, the present one first; old cases find their own."""

    def __init__(self, *flows: Workflow) -> None:
        self.present = flows[0]
        self.by_name = {flow.name: flow for flow in flows}

    def of(self, thing: Flowing) -> Workflow:
        """The table in which this case began."""
        return self.by_name[thing.flow]

    def __iter__(self) -> Iterator[Workflow]:
        return iter(self.by_name.values())


class Flowing(models.Model):
    """What moves by a workflow: the name of its table and its state."""

    flow = models.CharField(max_length=40, editable=False)
    state = models.CharField(max_length=20, editable=False)

    class Meta:
        abstract = True

    def get_state_display(self) -> str:
        """Replaced by Django where `state` has choices."""
        return self.state
