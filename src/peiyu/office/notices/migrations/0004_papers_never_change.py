"""The database itself guards what was issued: a paper is never changed or removed."""

from django.db import migrations

TABLES = ("notices_issuedpaper", "notices_paperend", "notices_paperscan")
FOREVER = (
    "已制发的文书不能修改、删除，只能撤回或换新版 · an issued paper is neither changed nor removed"
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
    """Issued papers are for ever."""

    dependencies = (("notices", "0003_issued_papers"),)
    operations = (migrations.RunPython(guard, unguard),)
