"""The database itself guards what was stated: a version is never changed or removed."""

from django.db import migrations

TABLES = ("reports_statement", "reports_staffmonth")
FOREVER = (
    "已报的数只能追加新版本，不能修改、删除 · what was stated only grows: no update, no delete"
)


def guard(apps, schema_editor):
    """Put the guards up."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            name = f"{table}_{event.lower()}"
            if postgresql:
                schema_editor.execute(
                    f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN RAISE EXCEPTION '{FOREVER}' USING ERRCODE = 'restrict_violation'; END $$""",
                    None,
                )
                schema_editor.execute(
                    f"""CREATE TRIGGER {name} BEFORE {event} ON {table}
                    FOR EACH ROW EXECUTE FUNCTION {name}()""",
                    None,
                )
            else:
                schema_editor.execute(
                    f"""CREATE TRIGGER {name} BEFORE {event} ON {table}
                    BEGIN SELECT RAISE(ABORT, '{FOREVER}'); END""",
                    None,
                )


def unguard(apps, schema_editor):
    """Take the guards down again."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for event in ("update", "delete"):
            name = f"{table}_{event}"
            schema_editor.execute(
                f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}"
            )
            if postgresql:
                schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    """Statements are append-only."""

    dependencies = (("reports", "0001_initial"),)
    operations = (migrations.RunPython(guard, unguard),)
