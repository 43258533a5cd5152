"""Nothing in the record is said by its raw name: each action, kind of thing and field has words, in both languages."""

import ast
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from django.apps import apps

from peiyu.office import casework
from peiyu.office.casework.workflow import Flowing, Workflow
from peiyu.office.desk.fields import FIELDS, THINGS
from peiyu.office.desk.records import ACTIONS
from peiyu.office.portfolio.models import KINDS
from peiyu.words import translate

OFFICE = Path(casework.__file__).parents[1]
ROOMS = [name.name for name in apps.get_app_configs() if name.name.startswith("peiyu.office.")]
ACTION = re.compile(
    r"(?:accounts|casework|desk|enterprises|foundation|notices|policies|portfolio|reports)\.[a-z]+\.[a-z_]+"
)
MADE = {
    "enterprises.enterprise.": (
        "edit",
        "rename",
        "change_code",
        "move",
        "close",
        "reopen",
        "merge",
    ),
    "foundation.importbatch.": ("apply", "undo", "drop"),
    "foundation.job.": ("start", "cancel", "retry"),
    "portfolio.fullness.": ("say", "take_back"),
    "portfolio.remark.": ("asked", "explained", "cleared"),
}
"""Verbs of actions whose name is put together where they are written."""
WITHOUT_LINES = set(
    "accounts.bodyname accounts.pastpassword assessments.readiness assessments.run "
    "enterprises.enterprisecode enterprises.enterprisename enterprises.notsame "
    "enterprises.residence foundation.accessline foundation.dayhead "
    "foundation.importmapping foundation.importrow foundation.lastrun foundation.recordline "
    "foundation.recordlink foundation.recordsecret foundation.recordtail foundation.searchterm "
    "foundation.storedfile policies.basis portfolio.flagcount qualifications.certificateversion "
    "qualifications.holding reports.listedname".split()
)
"""Models of which no line tells."""


def sources():
    for path in sorted(OFFICE.glob("**/*.py")):
        if "migrations" not in path.parts and path.name not in ("records.py", "fields.py"):
            yield path, ast.parse(path.read_text("utf-8"))


def written():
    """The names of actions, as they stand in the code or are put together there."""
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if ACTION.fullmatch(node.value):
                    yield node.value
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                prefix = str(node.values[0].value)
                if prefix in MADE:
                    yield from (prefix + verb for verb in MADE[prefix])
    for label in (kind._meta.label_lower for kind in KINDS):
        yield from (f"{label}.{verb}" for verb in ("record", "withdraw", "take_back"))
    for model in (one for one in apps.get_models() if issubclass(one, Flowing)):
        room = import_module(f"peiyu.office.{model._meta.app_label}")
        for module in iter_modules(room.__path__):
            if module.name in ("workflow", "opinions"):
                held = vars(import_module(f"{room.__name__}.{module.name}")).values()
                for flow in (one for one in held if isinstance(one, Workflow)):
                    yield from (f"{model._meta.label_lower}.{step}" for step in flow.steps)


def changed_fields():
    """The keys of what a line says was changed, as far as they stand in the code."""
    for _, tree in sources():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.keyword)
                and node.arg == "changes"
                and isinstance(node.value, ast.Dict)
            ):
                yield from keys_of(node.value)
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "Said" and len(node.args) > 1 and isinstance(node.args[1], ast.Dict):
                yield from keys_of(node.args[1])
            if name in ("changed", "take"):
                said = {one.arg for one in node.keywords if one.arg}
                yield from said - {"actor", "reason", "about"}


def keys_of(node):
    return (key.value for key in node.keys if isinstance(key, ast.Constant))


def has_english(words):
    return all(translate(word, "en") != word or word.isascii() for word in words)


def test_every_action_has_words():
    found = set(written())
    assert len(found) > 100 and not sorted(found - ACTIONS.keys())
    assert has_english(ACTIONS.values())


def test_every_kind_of_thing_has_words():
    models = {
        one._meta.label_lower for one in apps.get_models() if one._meta.app_config.name in ROOMS
    }
    assert not sorted(models - THINGS.keys() - WITHOUT_LINES)
    assert not sorted(THINGS.keys() & WITHOUT_LINES)
    assert has_english(THINGS.values())


def test_every_field_that_is_said_to_change_has_words():
    assert not sorted(set(changed_fields()) - FIELDS.keys())
    assert has_english(FIELDS.values())
