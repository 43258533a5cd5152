"""A body has the mark with which its papers are numbered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The mark, empty until somebody names it."""

    dependencies = (("accounts", "0002_three_administrators"),)

    operations = (
        migrations.AddField(
            model_name="body",
            name="mark",
            field=models.CharField(
                blank=True,
                help_text="with which its papers are numbered (发文字号的机关代字)",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.UniqueConstraint(
                condition=models.Q(("mark", ""), _negated=True),
                fields=("mark",),
                name="one_body_a_mark",
            ),
        ),
    )
