"""When each entry of the schedule last began."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The schedule."""

    dependencies = (("foundation", "0003_search"),)
    operations = (
        migrations.CreateModel(
            "LastRun",
            [
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
    )
