"""From when each holding adds its enterprise to the stock, and the indexes by which is counted."""

from django.db import migrations, models
from django.db.models import Index, Q

from peiyu.office.qualifications.holding import add_up

PRESENT = Q(gone_on=None)
OF_HOLDINGS = (
    Index(fields=["to_on", "adds_from", "enterprise"], condition=PRESENT, name="holding_present"),
    Index(fields=["adds_from", "to_on", "enterprise"], condition=PRESENT, name="holding_adds"),
)
OF_CERTIFICATES = (
    Index(
        fields=["enterprise", "issued_on", "withdrawn_on", "last_on", "issued_here"],
        name="certificate_enterprise",
    ),
    Index(
        fields=["issued_on", "enterprise"], name="certificate_here",
        condition=Q(withdrawn_on=None, issued_here=True),
    ),
    Index(fields=["enterprise"], condition=Q(issued_here=False), name="certificate_elsewhere"),
)  # fmt: skip


def fill(apps, schema_editor):
    """Work it out for what is there."""
    holding = apps.get_model("qualifications", "holding")
    add_up(holding.objects.filter(gone_on=None))


class Migration(migrations.Migration):
    """The column, filled for what is there, and its indexes."""

    dependencies = (("qualifications", "0002_what_was_told_stays"),)
    operations = (
        migrations.AddField("holding", "adds_from", models.DateField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex("holding", "holding_present"),
        migrations.RemoveIndex("certificate", "certificate_enterprise"),
        *(migrations.AddIndex("holding", index) for index in OF_HOLDINGS),
        *(migrations.AddIndex("certificate", index) for index in OF_CERTIFICATES),
    )
