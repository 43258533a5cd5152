"""A job keeps its title and failure so that each reader reads their own language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The column; what is there keeps the text it has."""

    dependencies = (("foundation", "0005_imports"),)
    operations = (
        migrations.AddField(
            model_name="job",
            name="words",
            field=models.JSONField(default=dict, help_text="title and failure as `kept`"),
        ),
    )
