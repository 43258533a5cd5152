"""The database itself guards what was told: versions never change, the rest is only taken back."""

from django.db import migrations

FOREVER = "已登记的只能撤回或追加新版本，不能修改、删除 · what was told is taken back or followed, never changed"
FIRM = {
    "certificateversion": (),
    "certificateevent": ("withdrawn_on", "withdrawn_by_id", "withdrawn_reason"),
    "techsmenumber": ("withdrawn_on", "withdrawn_by_id", "withdrawn_reason", "revoked_on", "revoked_reason"),
    "title": ("withdrawn_on", "withdrawn_by_id", "withdrawn_reason", "revoked_on", "revoked_reason"),
    "annualreport": ("withdrawn_on", "withdrawn_by_id", "withdrawn_reason"),
    "changereport": ("withdrawn_on", "withdrawn_by_id", "withdrawn_reason"),
}  # fmt: skip
"""Tables of which no row is deleted, and the columns that alone may be filled in later, once."""
KEPT = ("certificate",)
"""Of these rows change, but none goes."""


def guards(apps):
    """Name, table, event and condition of every guard."""
    for model in (*FIRM, *KEPT):
        yield f"qualifications_{model}_delete", f"qualifications_{model}", "DELETE", ""
    for model, later in FIRM.items():
        table = f"qualifications_{model}"
        columns = [
            field.column
            for field in apps.get_model("qualifications", model)._meta.concrete_fields
            if field.column not in later
        ]
        yield f"{table}_update", table, f"UPDATE OF {', '.join(columns)}", ""
        for column in later:
            if column.endswith("_on"):
                when = f"WHEN (OLD.{column} IS NOT NULL)"
                yield f"{table}_{column}_again", table, f"UPDATE OF {column}", when


def guard(apps, schema_editor):
    """Put the guards up."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, event, when in guards(apps):
        if postgresql:
            schema_editor.execute(
                f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION '{FOREVER}' USING ERRCODE = 'restrict_violation'; END $$""",
                None,
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}"
                f" EXECUTE FUNCTION {name}()",
                None,
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
                f" BEGIN SELECT RAISE(ABORT, '{FOREVER}'); END",
                None,
            )


def unguard(apps, schema_editor):
    """Take the guards down again."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _, _ in guards(apps):
        schema_editor.execute(
            f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}"
        )
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    """Certificates and what goes with them are append-only."""

    dependencies = (("qualifications", "0001_initial"),)
    operations = (migrations.RunPython(guard, unguard),)
