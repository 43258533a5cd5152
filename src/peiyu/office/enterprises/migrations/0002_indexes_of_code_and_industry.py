"""Codes are looked up among all enterprises; counts by industry need no row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The two indexes."""

    dependencies = (("enterprises", "0001_initial"),)
    operations = (
        migrations.AddIndex(
            model_name="enterprise",
            index=models.Index(
                fields=["status", "industry", "id"], name="enterprise_status_industry"
            ),
        ),
        migrations.AddIndex(
            model_name="enterprise", index=models.Index(fields=["code"], name="enterprise_code")
        ),
    )
