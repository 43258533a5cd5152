"""Issued papers, their ends and their scans."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of papers."""

    dependencies = (
        ("accounts", "0003_body_mark"),
        ("foundation", "0006_job_words"),
        ("notices", "0002_message_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )

    operations = (
        migrations.CreateModel(
            name="IssuedPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(help_text="room and name, see paper_kinds", max_length=60),
                ),
                (
                    "issuer_name",
                    models.CharField(help_text="the body's name on that day", max_length=100),
                ),
                ("mark", models.CharField(max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "number",
                    models.PositiveIntegerField(help_text="running by body and year, without gaps"),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="why there is a new version", max_length=300
                    ),
                ),
                ("addressee_label", models.CharField(max_length=60)),
                ("addressee_key", models.BigIntegerField()),
                (
                    "addressee_name",
                    models.CharField(help_text="its name on that day", max_length=200),
                ),
                ("about_label", models.CharField(blank=True, max_length=60)),
                ("about_key", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("content", models.JSONField(help_text="what it says, see peiyu.papers.paper")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("pdf_sha256", models.CharField(db_index=True, max_length=64)),
                ("word_sha256", models.CharField(db_index=True, max_length=64)),
                ("issued_on", models.DateField()),
                ("issued_at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                ("seal", models.CharField(max_length=64)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="accounts.body",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="notices.issuedpaper",
                    ),
                ),
                (
                    "word",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="PaperEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("ended_on", models.DateField()),
                ("ended_at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                ("seal", models.CharField(max_length=64)),
                (
                    "ended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end",
                        to="notices.issuedpaper",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaperScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("added_on", models.DateField()),
                ("added_at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
                ("seal", models.CharField(max_length=64)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="notices.issuedpaper",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.AddIndex(
            model_name="issuedpaper",
            index=models.Index(fields=["addressee_label", "addressee_key", "-id"], name="paper_of"),
        ),
        migrations.AddIndex(
            model_name="issuedpaper",
            index=models.Index(fields=["about_label", "about_key"], name="paper_about"),
        ),
        migrations.AddConstraint(
            model_name="issuedpaper",
            constraint=models.UniqueConstraint(
                fields=("body", "year", "number", "version"), name="one_paper_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="paper_numbered_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaces", None), ("version", 1)),
                    models.Q(("replaces__isnull", False), ("version__gt", 1)),
                    _connector="OR",
                ),
                name="paper_version_replaces_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces", None),
                    models.Q(("replaces", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="paper_not_its_own_version",
            ),
        ),
    )
