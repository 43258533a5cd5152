"""When a move was told, and an index by which where one lay is found for many at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Where it first lay has no such day; nor have the moves told before this."""

    dependencies = (("enterprises", "0002_indexes_of_code_and_industry"),)
    operations = (
        migrations.AddField(
            model_name="residence", name="recorded_on", field=models.DateField(null=True)
        ),
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(
                fields=["enterprise", "from_on", "until_on", "body"], name="residence_enterprise"
            ),
        ),
    )
