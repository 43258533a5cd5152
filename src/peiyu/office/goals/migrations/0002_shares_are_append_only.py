"""The database itself guards the stated series: a version is never changed or removed."""

from django.db import migrations

TABLE = "goals_sharefigure"
FOREVER = (
    "已报的数只能追加新版本，不能修改、删除 · what was stated only grows: no update, no delete"
)


def guard(apps, schema_editor):
    """Put the guards up."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for event in ("UPDATE", "DELETE"):
        name = f"{TABLE}_{event.lower()}"
        if postgresql:
            schema_editor.execute(
                f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION '{FOREVER}' USING ERRCODE = 'restrict_violation'; END $$""",
                None,
            )
            schema_editor.execute(
                f"""CREATE TRIGGER {name} BEFORE {event} ON {TABLE}
                FOR EACH ROW EXECUTE FUNCTION {name}()""",
                None,
            )
        else:
            schema_editor.execute(
                f"""CREATE TRIGGER {name} BEFORE {event} ON {TABLE}
                BEGIN SELECT RAISE(ABORT, '{FOREVER}'); END""",
                None,
            )


def unguard(apps, schema_editor):
    """Take the guards down again."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for event in ("update", "delete"):
        name = f"{TABLE}_{event}"
        schema_editor.execute(
            f"DROP TRIGGER {name} ON {TABLE}" if postgresql else f"DROP TRIGGER {name}"
        )
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    """Stated shares are append-only."""

    dependencies = (("goals", "0001_initial"),)
    operations = (migrations.RunPython(guard, unguard),)
