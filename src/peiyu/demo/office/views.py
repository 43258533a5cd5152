"""Saved views that the bureau shares."""

from __future__ import annotations

from peiyu.demo.office.people import People
from peiyu.office.accounts.models import Role
from peiyu.office.desk.views import save_view

SHARED = (
    ("存续", "status=active"),
    ("缺行业或领域", "lacks=industry&lacks=field&status=active"),
    ("缺联系人", "lacks=contact&status=active"),
    ("成立不满三年", "founded_from=2016-06-18&status=active"),
)


def fill(people: People) -> None:
    """Four views of the list for the bureau, and one of their own for each place."""
    officer = people.first(Role.BUREAU_OFFICER)
    for name, query in SHARED:
        save_view(page="enterprises", name=name, query=query, shared=True, actor=officer)
    for person in people.of_place.values():
        save_view(
            page="enterprises",
            name="待补资料",
            query="lacks=industry&lacks=field&lacks=contact",
            shared=False,
            actor=person,
        )
