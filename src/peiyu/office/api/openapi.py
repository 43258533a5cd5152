"""The contract of the API as a file, committed, so that a change of it shows in review."""

from __future__ import annotations

import json
from pathlib import Path

from peiyu.office.api import assessments, certificates, evidence, figures, library, papers, registry
from peiyu.office.api.root import api

ROOT = "api/v1/"
OPERATIONS = (registry, figures, evidence, certificates, assessments, papers, library)
"""Modules that give the API its operations."""


def generated() -> str:
    """The contract as JSON, spelled always alike."""
    contract = api.get_openapi_schema(path_prefix=ROOT)
    return json.dumps(contract, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def rewrite(path: Path) -> bool:
    """Bring the file up to date; says whether anything was different."""
    text = generated()
    if path.exists() and path.read_text("utf-8") == text:
        return False
    path.write_text(text, "utf-8")
    return True
