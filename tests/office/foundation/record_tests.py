"""What the tests of the record share: transactions that end within a test, lines, guards away."""

from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from django.db import connection, transaction

from peiyu.office.foundation.record import write
from tests.office.conftest import unguarded
from tests.office.factories import body, person

NOW = datetime(2019, 6, 17, 1, 0, tzinfo=UTC)


class Wrong(Exception):
    """What goes wrong in an action."""


@contextmanager
def gone_wrong():
    """A transaction, or a savepoint within one, that is rolled back at its end."""
    with suppress(Wrong), transaction.atomic():
        yield
        raise Wrong


@contextmanager
def committed():
    """A transaction of its own, although the test is one; what waits for its commit is gone after.

    Only what the record keeps there is meant: the name of the transaction.
    """
    with transaction.atomic():
        yield
    connection.run_on_commit.clear()


def line_about(thing, actor=None, **changes):
    """One line in the present transaction."""
    changes = changes or {"name": ("", thing.name)}
    return write(actor=actor, action="tests.body.open", thing=thing, changes=changes, reason="因故")


def some_lines(*sizes):
    """Transactions of so many lines each; every first line of one has a hidden field."""
    place, actor = body(), person(phone="13800000000")
    found = []
    for size in sizes:
        with committed():
            lines = [line_about(actor, actor, phone=("", "13800000000"), name=("", "某人"))]
            lines += [line_about(place, actor) for _ in range(size - 1)]
        found.append(lines)
    return found


def raw(statement, *values):
    """Run a statement as someone who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def tampered():
    """What an owner of the database does with the guards away; undone afterwards."""
    with transaction.atomic():
        with unguarded():
            yield
        transaction.set_rollback(True)
