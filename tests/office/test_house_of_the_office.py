"""The house of the office holds: what its tables are made of, and what its doors load."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from peiyu.office.foundation.confidentiality import Classes

HOUSE = Path(__file__).parents[2]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())
OFFICE = "peiyu.office."
MODELS = sorted(
    (
        model
        for config in apps.get_app_configs()
        if config.name.startswith(OFFICE)
        for model in config.get_models()
    ),
    key=lambda model: model._meta.label,
)
ENGINES = {"docx", "duckdb", "highspy", "lxml", "pandas", "polars", "pyarrow", "segno", "typst"}
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


def floors():
    """How deep each room lies: rooms of one floor, which do not know each other, in one number."""
    contract = next(c for c in PROJECT["tool"]["importlinter"]["contracts"] if c["id"] == "rooms")
    return {
        room: depth
        for depth, layer in enumerate(contract["layers"])
        for room in re.findall(r"\w+", layer)
    }


def own_fields(model):
    return [field for field in model._meta.get_fields(include_hidden=True) if field.concrete]


def plain_fields(model):
    """The fields that hold something of their own: neither keys nor pointers to other tables."""
    return {f.name for f in own_fields(model) if not f.is_relation and f.name != "id"}


def test_there_are_models_to_look_at():
    assert len(MODELS) > 30


@every_model
def test_every_model_states_who_may_read_its_fields(model):
    classes = vars(model).get("classes")
    assert isinstance(classes, Classes), "its own, not those of what it comes from"
    every = {field.name for field in own_fields(model)}
    assert not classes.of.keys() - every, "names a field that there is not"
    assert not plain_fields(model) - classes.of.keys(), "leaves a field without a class"


@every_model
def test_no_field_of_the_office_is_inexact(model):
    inexact = (models.DecimalField, models.FloatField)
    assert not [field.name for field in own_fields(model) if isinstance(field, inexact)]


@every_model
def test_no_key_points_to_just_anything(model):
    generic = [field.name for field in model._meta.private_fields]
    assert generic == []
    assert "content_type" not in {field.name for field in own_fields(model)}


@every_model
def test_keys_point_downhill(model):
    deep = floors()
    uphill = []
    for field in own_fields(model):
        other = field.related_model
        if other is None or other._meta.label == settings.AUTH_USER_MODEL:
            continue
        there = other._meta.app_config.name.removeprefix(OFFICE)
        here = model._meta.app_config.name.removeprefix(OFFICE)
        if there != here and not deep.get(there, 0) > deep[here]:
            uphill.append(f"{field.name} → {there}")
    assert uphill == []


@every_model
def test_every_model_says_what_it_is_to_the_office(model):
    assert not model.__doc__.startswith(f"{model.__name__}("), "Django's words, not ours"


@every_model
def test_a_key_to_people_does_not_reach_back_unnamed(model):
    """What is looked up from a person is named on purpose; the rest must not be found by chance."""
    unnamed = [
        field.name
        for field in own_fields(model)
        if field.is_relation
        and field.related_model._meta.label == settings.AUTH_USER_MODEL
        and not field.remote_field.related_name
    ]
    assert unnamed == []


def test_a_worker_of_the_web_loads_no_engine_of_data():
    script = (
        "import sys, peiyu.office.config.wsgi\n"
        "from django.urls import get_resolver\n"
        "def walk(patterns):\n"
        "    for pattern in patterns:\n"
        "        walk(getattr(pattern, 'url_patterns', ()))\n"
        "walk(get_resolver().url_patterns)\n"
        "from peiyu.office.foundation.jobs import _function\n"
        "_function('notices.issue')  # a web worker looks it up when it asks for a paper\n"
        f"print(*{ENGINES!r} & sys.modules.keys())\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "peiyu.office.config.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )
    assert loaded.returncode == 0, loaded.stderr[-2000:]
    assert loaded.stdout.split() == []
