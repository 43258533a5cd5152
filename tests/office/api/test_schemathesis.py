"""A machine reads the contract and tries the API: answers as promised, refusals as promised."""

import re
from datetime import date
from decimal import Decimal

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import (
    request_finished,
    request_started,
)
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.config import (
    GenerationConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from peiyu.office.accounts.models import Role
from peiyu.office.accounts.permissions import SCOPES
from peiyu.office.api import keys
from peiyu.office.enterprises.actions import add_contact
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.sources import of_document
from peiyu.office.goals.actions import state_share
from peiyu.office.policies.models import Clause, Document, Level
from peiyu.office.qualifications.models import Certificate, EventKind
from peiyu.office.reports.actions import state
from peiyu.office.reports.models import Basis
from tests.office.api.conftest import key_of
from tests.office.factories import DAY, body, enterprise, person
from tests.office.qualifications.given import certificate, event

pytestmark = pytest.mark.django_db
CODE = "91419001MAX1LX27Q9"


CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(
        default=ProjectConfig(
            generation=GenerationConfig(
                max_examples=8, deterministic=True, database="none", with_security_parameters=False
            )
        )
    )
)
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), config=CONFIG)


@pytest.fixture(autouse=True)
def _one_connection():
    """A whole server would close the test's own connection after each request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def key(monkeypatch):
    """The key of an officer of the bureau, who sees some enterprises."""
    monkeypatch.setattr(keys, "A_MINUTE", 1_000_000)
    officer = person(Role.BUREAU_OFFICER)
    for n in range(3):
        one = enterprise(town=body(), code=CODE if n == 0 else "", established_on=date(2015, 3, 1))
        add_contact(one, name="孙玉芬", phone="13800138000", actor=officer)
    document = Document.objects.create(
        number="济政办〔2018〕4号", title="计划", issuer="市政府", level=Level.CITY, issued_on=DAY
    )
    Clause.objects.create(document=document, place="一", order=1, title="目标", gist="数")
    source = of_document("年报", actor=officer)
    figures = {"sales_revenue": Decimal("1.25")}
    state(one, year=2018, basis=Basis.DECLARED, figures=figures, source=source, actor=officer)
    event(certificate(one, by=officer), EventKind.RENAMED, date(2018, 1, 1), by=officer)
    state_share(year=2018, month=12, part=4, whole=10, source=source, on=DAY, actor=officer)
    return key_of(officer, *SCOPES)


@schema.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_its_promise(case, key):
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"})


@pytest.mark.parametrize(
    "path",
    [
        "/enterprises", "/enterprises/{enterprise_id}", "/enterprises/{enterprise_id}/record",
        "/enterprises/{enterprise_id}/contacts", "/enterprises/{enterprise_id}/figures",
        "/enterprises/{enterprise_id}/assessments/{programme}",
        "/enterprises/{enterprise_id}/benefits", "/search", "/bodies", "/figures",
        "/policies/documents", "/policies/settings", "/me", "/certificates",
        "/certificates/{certificate_id}", "/stock", "/goals", "/assessments", "/assessments/runs",
    ],
)  # fmt: skip
def test_what_is_there_is_answered_as_promised(path, key):
    one = {
        "enterprise_id": Enterprise.objects.latest("pk").pk,
        "certificate_id": Certificate.objects.latest("pk").pk,
        "programme": "hnte",
    }
    case = schema[f"/api/v1{path}"]["GET"].Case(
        path_parameters={name: one[name] for name in re.findall(r"{(\w+)}", path)},
        query={"q": "测试"} if path == "/search" else {},
    )
    answer = case.call_and_validate(headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
