"""A city in which papers can be issued: a bureau and a town with their marks, an enterprise."""

from dataclasses import dataclass
from datetime import timedelta

from peiyu.office.accounts.models import Body, BodyKind, Role, User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation import jobs
from peiyu.office.notices.actions import ask_paper
from peiyu.office.notices.models import IssuedPaper
from peiyu.office.reports.actions import ask_facts
from peiyu.office.reports.models import Supplier
from peiyu.papers.paper import Content, Paragraph
from tests.office.factories import DAY, NOW, body, enterprise, mandate, person
from tests.papers import sample

KIND = "reports.lacking"


@dataclass
class City:
    """Who issues, for which body, to whom."""

    town: Body
    bureau: Body
    clerk: User
    officer: User
    owner: User
    firm: Enterprise


def city(mark: str = "克政") -> City:
    """One town, one bureau, one enterprise with its owner."""
    town = body(BodyKind.TOWN, "克井镇人民政府", mark=mark)
    bureau = body(BodyKind.DEPARTMENT, "济源市科学技术局", mark="济科" if mark else "")
    owner = person(Role.OWNER)
    firm = enterprise("济源市王屋特种合金有限公司", town=town)
    mandate(firm, owner)
    return City(
        town, bureau, person(Role.TOWN_OFFICER, town), person(Role.BUREAU_OFFICER, bureau),
        owner, firm,
    )  # fmt: skip


def asked(place: City, *, by: User | None = None, **more: object):
    """The job of a paper that was asked for."""
    given = {
        "kind": KIND, "body": place.town, "addressee": place.firm, "content": sample.content(),
        "actor": by or place.clerk,
    }  # fmt: skip
    return ask_paper(**{**given, **more})


def issued(place: City, **more: object) -> IssuedPaper:
    """A paper, asked for and made."""
    job = asked(place, **more)
    jobs.run.func(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.failure
    return IssuedPaper.objects.whole().get(pk=job.checkpoint)


def short(text: str = "请补报。") -> Content:
    """A paper of one sentence: quickly made."""
    return Content("告知书", (Paragraph(text),))


def asked_for_figures(place: City) -> None:
    """Something is lacking, so that the notice of it can be issued."""
    ask_facts(
        place.firm, year=2018, figures=["sales_revenue", "total_assets"],
        supplier=Supplier.ENTERPRISE, due_on=DAY + timedelta(10), words="以审计报告为准", on=DAY,
        at=NOW, actor=place.clerk,
    )  # fmt: skip
