"""A message keeps its words so that they are read in the language of the page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The column; what is there keeps the text it has."""

    dependencies = (("notices", "0001_initial"),)
    operations = (
        migrations.AddField(
            model_name="message",
            name="words",
            field=models.JSONField(default=dict, help_text="title and text as `kept`"),
        ),
    )
