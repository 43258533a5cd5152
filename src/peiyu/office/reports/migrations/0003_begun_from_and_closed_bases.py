"""A draft knows the declared version from which it was begun, a request which bases were closed to who asked.

Drafts that are there began from the newest version.
"""

from django.db import migrations, models
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce


def begin_from_newest(apps, schema_editor):
    """What was declared before this version was on the page when the draft was typed."""
    statements = apps.get_model("reports", "Statement").objects.filter(
        enterprise=OuterRef("enterprise"), year=OuterRef("year"), basis="declared"
    )
    newest = statements.order_by().values("enterprise").annotate(last=Max("version")).values("last")
    apps.get_model("reports", "YearReport").objects.update(begun_from=Coalesce(Subquery(newest), 0))


class Migration(migrations.Migration):
    """The column, filled for what is there."""

    dependencies = (("reports", "0002_statements_are_append_only"),)
    operations = (
        migrations.AddField(
            model_name="yearreport",
            name="begun_from",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="factrequest",
            name="closed",
            field=models.JSONField(default=list, help_text="bases that who asked may not read"),
        ),
        migrations.RunPython(begin_from_newest, migrations.RunPython.noop),
    )
