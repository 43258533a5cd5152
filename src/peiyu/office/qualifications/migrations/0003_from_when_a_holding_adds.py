"""From when each holding adds its enterprise to the stock, and the indexes by which is counted."""

from datetime import date, timedelta

from django.db import migrations, models
from django.db.models import Index, Q

ONE_DAY = timedelta(days=1)
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
    """Work it out for what is there: a later holding adds only what none before it covers."""
    holding = apps.get_model("qualifications", "holding")
    changed, firm, end = [], 0, date.min
    rows = holding.objects.filter(gone_on=None).order_by("enterprise", "from_on", "pk")
    for row in rows:
        if row.enterprise_id != firm:
            firm, end = row.enterprise_id, date.min
        if row.to_on > end:
            row.adds_from = row.from_on if end == date.min else max(row.from_on, end + ONE_DAY)
            changed.append(row)
        end = max(end, row.to_on)
    holding.objects.bulk_update(changed, ["adds_from"], batch_size=500)


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
