"""The law's own words of the articles, entered by one and confirmed by another."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Texts of articles."""

    dependencies = (
        ("policies", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )

    operations = (
        migrations.CreateModel(
            name="ArticleText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cite",
                    models.CharField(
                        help_text="the article in peiyu.policy.articles", max_length=40
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("text", models.TextField()),
                (
                    "address",
                    models.URLField(blank=True, help_text="where it was read", max_length=300),
                ),
                (
                    "page",
                    models.CharField(
                        blank=True, help_text="book and page, paper and place", max_length=100
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("entered_on", models.DateField(help_text="the office's day")),
                ("entered_at", models.DateTimeField()),
                ("confirmed_on", models.DateField(null=True)),
                ("withdrawn_on", models.DateField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300)),
                ("salt", models.CharField(max_length=32)),
                ("seal", models.CharField(max_length=64)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("cite", "-version"),
                "constraints": [
                    models.UniqueConstraint(fields=("cite", "version"), name="one_text_a_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_on", None), ("withdrawn_on", None)),
                        fields=("cite",),
                        name="one_text_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_by", None), ("confirmed_on", None)),
                            models.Q(
                                ("confirmed_by__isnull", False),
                                ("confirmed_on__isnull", False),
                                models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="text_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_by", None),
                                ("withdrawn_on", None),
                                ("withdrawn_reason", ""),
                            ),
                            models.Q(
                                ("withdrawn_by__isnull", False),
                                ("withdrawn_on__isnull", False),
                                models.Q(("withdrawn_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="text_taken_back_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("address", ""), ("page", ""), _negated=True),
                        name="text_says_where_it_was_read",
                    ),
                ],
            },
        ),
    )
