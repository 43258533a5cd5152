"""Values of the registry as pages say them, with the names behind codes."""

from __future__ import annotations

from datetime import date

from peiyu.office.desk.fields import value_said
from peiyu.office.desk.records import ENTERPRISE
from peiyu.office.enterprises.classifications import field_name, industry_name
from peiyu.office.web.templatetags.look import NOTHING


def worded(field: str, value: object, label: str = ENTERPRISE) -> str:
    """A value in words that the reader's language can say; a dash for none."""
    if value in (None, "", []):
        return NOTHING
    if field == "industry":
        return f"{value} {industry_name(str(value))}"
    if field == "field":
        return f"{value} {field_name(str(value))}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return "；".join(str(one.get("question", "")) for one in value)
    return value_said(label, field, value)
