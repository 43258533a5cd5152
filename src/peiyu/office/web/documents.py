"""Parts of forms that many pages share: as of which day, by which document."""

from __future__ import annotations

from typing import Any

from django import forms

from peiyu.office.foundation.sources import of_document
from peiyu.office.web.accounts.forms import Day
from peiyu.words import mark

DOCUMENT = mark("依据：文件名称")
LARGEST = 2**31 - 1


class AsOfDay(forms.Form):
    """As of which day a page counts, and what was known on which."""

    on = Day(label=mark("截至"), required=False)


class Knowing(AsOfDay):
    """The same, with the day of knowledge."""

    known = Day(label=mark("按哪天已知的"), required=False)


class Documented(forms.Form):
    """Something that stands in a document."""

    title = forms.CharField(label=DOCUMENT, max_length=200)
    document = forms.CharField(label=mark("文号"), max_length=100, required=False)
    dated_on = Day(label=mark("文件日期"), required=False)

    def source(self, actor: Any) -> Any:
        """The document as a source; recorded as it is asked for."""
        given = self.cleaned_data
        return of_document(
            given["title"], number=given["document"], dated_on=given["dated_on"], actor=actor
        )

    def rest(self, *without: str) -> dict[str, Any]:
        """What was filled in beside the document."""
        left = {"title", "document", "dated_on", *without}
        return {name: value for name, value in self.cleaned_data.items() if name not in left}
