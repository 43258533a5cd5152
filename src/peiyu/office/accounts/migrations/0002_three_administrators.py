"""What the database itself refuses about people.

Nobody becomes or ceases to be one of the three administrators (三员分立), an administrator holds no
role and no delegation, and nobody who ever logged in disappears. A later migration that rebuilds
one of these tables on SQLite drops its triggers: it has to make them again.
"""

from django.db import migrations

ADMINISTRATORS = "('system', 'security', 'audit')"
DUTY = f"""OLD.duty <> NEW.duty
    AND (OLD.duty IN {ADMINISTRATORS} OR NEW.duty IN {ADMINISTRATORS})"""
IS_ONE = f"(SELECT duty FROM accounts_user WHERE id = {{}}) IN {ADMINISTRATORS}"  # noqa: S608  only words of this file
HOLDS = IS_ONE.format("NEW.person_id")
DELEGATES = f"{IS_ONE.format('NEW.giver_id')} OR {IS_ONE.format('NEW.taker_id')}"
RULES = (
    ("user_duty", "accounts_user", ("UPDATE",), DUTY, "an administrator is one person for ever"),
    ("user_stays", "accounts_user", ("DELETE",), "TRUE", "a person is never deleted"),
    ("appointment_of_administrator", "accounts_appointment", ("INSERT", "UPDATE"), HOLDS,
     "an administrator holds no role"),
    ("delegation_of_administrator", "accounts_delegation", ("INSERT", "UPDATE"), DELEGATES,
     "an administrator delegates nothing"),
)  # fmt: skip


def install(apps, schema_editor):
    """Make the triggers of the database in use."""
    make = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}[schema_editor.connection.vendor]
    for name, table, events, condition, refusal in RULES:
        for statement in make(name, table, events, condition, refusal):
            schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    """Take them away again."""
    vendor = schema_editor.connection.vendor
    for name, table, events, _, _ in RULES:
        if vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER accounts_{name} ON {table}", params=None)
            schema_editor.execute(f"DROP FUNCTION accounts_{name}()", params=None)
            continue
        for event in events:
            schema_editor.execute(f"DROP TRIGGER accounts_{name}_{event.lower()}", params=None)


def _on_sqlite(name, table, events, condition, refusal):
    for event in events:
        yield (
            f"CREATE TRIGGER accounts_{name}_{event.lower()} BEFORE {event} ON {table}"
            f" WHEN {condition} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )


def _on_postgresql(name, table, events, condition, refusal):
    yield (
        f"CREATE FUNCTION accounts_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN RAISE EXCEPTION '{refusal}'"
        f" USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        f" RETURN NEW; END $$"
    )
    yield (
        f"CREATE TRIGGER accounts_{name} BEFORE {' OR '.join(events)} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION accounts_{name}()"
    )


class Migration(migrations.Migration):
    """The triggers."""

    dependencies = (("accounts", "0001_initial"),)
    operations = (migrations.RunPython(install, remove),)
