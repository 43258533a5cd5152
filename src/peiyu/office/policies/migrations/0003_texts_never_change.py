"""The database itself guards the texts: nothing of a version changes, what is filled in later is so once."""

from django.db import migrations

TABLE = "policies_articletext"
FOREVER = (
    "法规原文只能确认、撤回或追加新版本，不能修改、删除 · "
    "a text is confirmed, taken back or followed, never changed"
)
LATER = {
    "confirmed": ("confirmed_on", "confirmed_by_id"),
    "withdrawn": ("withdrawn_on", "withdrawn_by_id", "withdrawn_reason"),
}
"""What is filled in later; a text that was taken back is not confirmed any more."""


def guards(apps):
    """Name, event and condition of every guard."""
    later = {column for columns in LATER.values() for column in columns}
    fields = apps.get_model("policies", "articletext")._meta.concrete_fields
    firm = [field.column for field in fields if field.column not in later]
    yield f"{TABLE}_delete", "DELETE", ""
    yield f"{TABLE}_update", f"UPDATE OF {', '.join(firm)}", ""
    confirmed = "WHEN (OLD.confirmed_on IS NOT NULL OR OLD.withdrawn_on IS NOT NULL)"
    yield f"{TABLE}_confirmed", f"UPDATE OF {', '.join(LATER['confirmed'])}", confirmed
    withdrawn = "WHEN (OLD.withdrawn_on IS NOT NULL)"
    yield f"{TABLE}_withdrawn", f"UPDATE OF {', '.join(LATER['withdrawn'])}", withdrawn


def guard(apps, schema_editor):
    """Put the guards up."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, event, when in guards(apps):
        if postgresql:
            schema_editor.execute(
                f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION '{FOREVER}' USING ERRCODE = 'restrict_violation'; END $$""",
                None,
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW {when}"
                f" EXECUTE FUNCTION {name}()",
                None,
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} {when}"
                f" BEGIN SELECT RAISE(ABORT, '{FOREVER}'); END",
                None,
            )


def unguard(apps, schema_editor):
    """Take the guards down again."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, _, _ in guards(apps):
        schema_editor.execute(
            f"DROP TRIGGER {name} ON {TABLE}" if postgresql else f"DROP TRIGGER {name}"
        )
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    """Texts of articles are append-only."""

    dependencies = (("policies", "0002_articletext"),)
    operations = (migrations.RunPython(guard, unguard),)
