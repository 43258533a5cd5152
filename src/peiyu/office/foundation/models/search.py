"""What can be found by words: names, pinyin, codes, numbers, each with what it belongs to."""

from __future__ import annotations

from django.db import models

from peiyu.office.foundation.confidentiality import Classes


class SearchTerm(models.Model):
    """One findable text of one object. The full-text index over `grams` is made in the migration."""

    classes = Classes(public="label key kind text folded grams")
    label = models.CharField(max_length=60, help_text="app.model of the object")
    key = models.BigIntegerField(help_text="its primary key")
    kind = models.CharField(max_length=20, help_text="name, former, short, code, certificate …")
    text = models.CharField(max_length=200, help_text="as shown in the answer")
    folded = models.CharField(
        max_length=200, default="", help_text="small letters and signs only, sorted by code point"
    )
    grams = models.TextField(help_text="tokens: signs, pairs of signs, pinyin, initials")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["label", "key", "kind", "text"], name="one_search_term"
            ),
        )
        indexes = (models.Index(fields=["label", "folded"], name="search_start"),)

    def __str__(self) -> str:
        return self.text
