"""The database itself guards what was recorded: of a version only the day of the next is ever set."""

from django.db import migrations

TABLES = (
    "award", "conversion", "cooperation", "hours", "incident", "income", "institution", "ipright",
    "managementsystem", "product", "project", "rdperson", "spending", "standard",
)  # fmt: skip
FOREVER = (
    "已登的内容只能追加新版本，不能修改、删除 · what was recorded only grows: no update, no delete"
)


SET = "WHEN OLD.superseded_on IS NOT NULL"


def guard(apps, schema_editor):
    """Put the guards up."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name in TABLES:
        table = f"portfolio_{name}"
        columns = [field.column for field in apps.get_model("portfolio", name)._meta.fields]
        others = ", ".join(f'"{column}"' for column in columns if column != "superseded_on")
        if postgresql:
            schema_editor.execute(
                f"""CREATE FUNCTION {table}_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF OLD.superseded_on IS NULL
                AND to_jsonb(NEW) - 'superseded_on' = to_jsonb(OLD) - 'superseded_on'
                THEN RETURN NEW; END IF;
                RAISE EXCEPTION '{FOREVER}' USING ERRCODE = 'restrict_violation'; END $$""",
                None,
            )
            schema_editor.execute(
                f"""CREATE FUNCTION {table}_delete() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION '{FOREVER}' USING ERRCODE = 'restrict_violation'; END $$""",
                None,
            )
            for event in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"""CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table}
                    FOR EACH ROW EXECUTE FUNCTION {table}_{event.lower()}()""",
                    None,
                )
            continue
        abort = f"BEGIN SELECT RAISE(ABORT, '{FOREVER}'); END"
        for trigger in (
            f"{table}_update BEFORE UPDATE OF {others} ON {table} {abort}",
            f"{table}_again BEFORE UPDATE OF superseded_on ON {table} {SET} {abort}",
            f"{table}_delete BEFORE DELETE ON {table} {abort}",
        ):
            schema_editor.execute(f"CREATE TRIGGER {trigger}", None)


def unguard(apps, schema_editor):
    """Take the guards down again."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name in TABLES:
        table = f"portfolio_{name}"
        if postgresql:
            for event in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_{event} ON {table}")
                schema_editor.execute(f"DROP FUNCTION {table}_{event}()")
        else:
            for event in ("update", "again", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_{event}")


class Migration(migrations.Migration):
    """Evidence is append-only."""

    dependencies = (("portfolio", "0001_initial"),)
    operations = (migrations.RunPython(guard, unguard),)
