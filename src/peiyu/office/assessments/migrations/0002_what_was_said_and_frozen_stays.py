"""The database itself guards what was stated, estimated and frozen: rows are added, never changed."""

from django.db import migrations

FOREVER = "已登记、已冻结的不能修改、删除，只能追加 · what was stated or frozen is added to, never changed"
FIRM = ("statedfact", "estimate", "frozenassessment")


def guard(apps, schema_editor):
    """Put the guards up."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for model in FIRM:
        table = f"assessments_{model}"
        if postgresql:
            schema_editor.execute(
                f"""CREATE FUNCTION {table}_firm() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION '{FOREVER}' USING ERRCODE = 'restrict_violation'; END $$""",
                None,
            )
        for event in ("UPDATE", "DELETE"):
            name = f"{table}_{event.lower()}"
            if postgresql:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW"
                    f" EXECUTE FUNCTION {table}_firm()",
                    None,
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{FOREVER}'); END",
                    None,
                )


def unguard(apps, schema_editor):
    """Take the guards down again."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for model in FIRM:
        table = f"assessments_{model}"
        for event in ("update", "delete"):
            name = f"{table}_{event}"
            schema_editor.execute(
                f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}"
            )
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION {table}_firm()")


class Migration(migrations.Migration):
    """Facts stated of an enterprise, estimates and frozen assessments are append-only."""

    dependencies = (("assessments", "0001_initial"),)
    operations = (migrations.RunPython(guard, unguard),)
