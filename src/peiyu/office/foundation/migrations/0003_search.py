"""The full-text index over the search terms, and the order in which names are walked."""

from django.db import migrations, models

TABLE = "foundation_searchterm"
EMPTY = f"INSERT INTO {TABLE}_fts ({TABLE}_fts, rowid, grams) VALUES ('delete', old.id, old.grams);"  # noqa: S608
FILL = f"INSERT INTO {TABLE}_fts (rowid, grams) VALUES (new.id, new.grams);"  # noqa: S608
SQLITE = (
    f"""CREATE VIRTUAL TABLE {TABLE}_fts USING fts5(
        grams, content='{TABLE}', content_rowid='id', tokenize='ascii', prefix='2 4',
        detail=none, columnsize=0)""",
    f"CREATE TRIGGER {TABLE}_put AFTER INSERT ON {TABLE} BEGIN {FILL} END",
    f"CREATE TRIGGER {TABLE}_gone AFTER DELETE ON {TABLE} BEGIN {EMPTY} END",
    f"CREATE TRIGGER {TABLE}_new AFTER UPDATE OF grams ON {TABLE} BEGIN {EMPTY} {FILL} END",
)
POSTGRESQL = (
    f'ALTER TABLE {TABLE} ALTER COLUMN folded TYPE varchar(200) COLLATE "C"',
    f"""CREATE INDEX {TABLE}_fts ON {TABLE}
        USING gin (array_to_tsvector(string_to_array(grams, ' '))) WITH (fastupdate = off)""",
)


def make(apps, schema_editor):
    """Make what Django's models cannot say."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    """Take the index away."""
    if schema_editor.connection.vendor == "sqlite":
        for name in ("put", "gone", "new"):
            schema_editor.execute(f"DROP TRIGGER {TABLE}_{name}")
        schema_editor.execute(f"DROP TABLE {TABLE}_fts")
    else:
        schema_editor.execute(f"DROP INDEX {TABLE}_fts")


class Migration(migrations.Migration):
    """Search by words."""

    dependencies = (("foundation", "0002_record_is_append_only"),)
    operations = (
        migrations.AddField(
            "searchterm",
            "folded",
            models.CharField(
                default="",
                help_text="small letters and signs only, sorted by code point",
                max_length=200,
            ),
        ),
        migrations.AddIndex(
            "searchterm", models.Index(fields=["label", "folded"], name="search_start")
        ),
        migrations.RunPython(make, unmake),
    )
