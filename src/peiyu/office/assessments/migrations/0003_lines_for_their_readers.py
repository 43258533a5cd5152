"""Kept lines say for which readers they are, no more than is read; those kept for everybody are made anew."""

from django.db import migrations, models

COLUMNS = {
    "readiness_hard": "hard", "readiness_verdict": "verdict", "readiness_unmet": "unmet",
    "readiness_points": "points_needed", "readiness_score": "-score_high",
}  # fmt: skip


def forget(apps, schema_editor):
    """Drop the cache, which shows figures of the tax office; the next run judges all who have no line."""
    apps.get_model("assessments", "Readiness").objects.all().delete()


class Migration(migrations.Migration):
    """One line for all readers, or one with and one without the figures of the tax office."""

    dependencies = (("assessments", "0002_what_was_said_and_frozen_stays"),)
    operations = (
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AlterModelOptions(
            name="readiness", options={"ordering": ("rulebook", "enterprise", "audience")}
        ),
        migrations.RemoveConstraint(model_name="readiness", name="one_readiness"),
        *(migrations.RemoveIndex(model_name="readiness", name=name) for name in COLUMNS),
        migrations.AddField(
            model_name="readiness",
            name="audience",
            field=models.CharField(
                choices=[
                    ("both", "所有能看的人"), ("with_tax", "能看纳税数的人"), ("without_tax", "不能看纳税数的人"),
                ],
                default="both", max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="readiness", name="fingerprint"),
        migrations.RemoveField(model_name="readiness", name="expert_count"),
        *(
            migrations.AddIndex(
                model_name="readiness",
                index=models.Index(fields=["rulebook", column, "enterprise", "audience"], name=name),
            )
            for name, column in COLUMNS.items()
        ),
        migrations.AddConstraint(
            model_name="readiness",
            constraint=models.UniqueConstraint(
                fields=("rulebook", "enterprise", "audience"), name="one_readiness"
            ),
        ),
    )  # fmt: skip
