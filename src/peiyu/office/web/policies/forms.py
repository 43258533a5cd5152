"""What one fills in about documents, clauses and readings."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from peiyu.office.accounts.models import Body
from peiyu.office.policies.actions import LONGEST_PAGE, LONGEST_TEXT
from peiyu.office.policies.models import Document, Level
from peiyu.office.policies.programme import Reading
from peiyu.office.policies.queries import Standing, TextState, papers
from peiyu.office.web.accounts.forms import Day, labels
from peiyu.office.web.answers import key_of
from peiyu.office.web.templatetags.say import language
from peiyu.words import mark, message

ROWS = {"rows": 3}
ANY = mark("任何状态")


class Several(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several things chosen; a key that no database takes is none of them."""

    def clean(self, value: Any) -> Any:
        """The things, or which of them is none."""
        for one in value or ():
            if key_of(one) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(one)[:40]},
                )
        return super().clean(value)


class FindDocuments(forms.Form):
    """Filters of the library."""

    q = forms.CharField(label=mark("文号、标题、机关"), required=False, max_length=100)
    level = forms.ChoiceField(
        label=mark("级别"), required=False, choices=labels(lambda: Level.choices, mark("各级"))
    )
    standing = forms.ChoiceField(
        label=mark("状态"),
        required=False,
        choices=labels(lambda: [(one.name, one.value) for one in Standing], mark("任何状态")),
    )


class DocumentData(forms.Form):
    """A document as it stands on paper."""

    uses: ClassVar = {
        "number": mark("例：济政办〔2018〕4号"),
        "effective_on": mark("文件没有写明时空着，按发布日推定有效"),
    }
    number = forms.CharField(label=mark("文号"), max_length=60)
    title = forms.CharField(label=mark("标题"), max_length=200)
    issuer = forms.CharField(label=mark("发布机关"), max_length=100)
    level = forms.ChoiceField(label=mark("级别"), choices=labels(lambda: Level.choices))
    issued_on = Day(label=mark("发布日期"))
    effective_on = Day(label=mark("施行日期"), required=False)
    repealed_on = Day(label=mark("废止日期"), required=False)
    address = forms.CharField(
        label=mark("官方网址"), max_length=300, required=False, widget=forms.URLInput
    )
    addressees = forms.CharField(label=mark("发往"), max_length=300, required=False)


class NewDocument(DocumentData):
    """The same and on what it rests."""

    basis = Several(Document.objects.all(), label=mark("依据的文件"), required=False)


class ChangedDocument(DocumentData):
    """The same and why it is changed."""

    reason = forms.CharField(label=mark("理由"), max_length=300, widget=forms.Textarea(attrs=ROWS))


class NewClause(forms.Form):
    """A clause in our own words."""

    uses: ClassVar = {
        "place": mark("例：三（一）2"),
        "gist": mark("本系统摘要，不是原文"),
        "ids": mark("能力编号，例：S1.3d"),
    }
    place = forms.CharField(label=mark("位置"), max_length=20)
    title = forms.CharField(label=mark("标题"), max_length=100)
    gist = forms.CharField(
        label=mark("本系统摘要"), max_length=500, widget=forms.Textarea(attrs=ROWS), required=False
    )
    bodies = Several(Body.objects.all(), label=mark("责任单位"), required=False)
    ids = forms.CharField(label=mark("对应能力"), max_length=100, required=False)


class NewReading(forms.Form):
    """Which reading, from when, why."""

    value = forms.ChoiceField(label=mark("读法"), widget=forms.RadioSelect)
    from_on = Day(label=mark("自哪一天起"), help_text=mark("这一天以前的判断不变"))
    reason = forms.CharField(label=mark("理由"), max_length=300, widget=forms.Textarea(attrs=ROWS))
    document = forms.ModelChoiceField(
        Document.objects.all(), label=mark("依据的文件"), required=False
    )

    def __init__(self, *args: Any, reading: Reading, **more: Any) -> None:
        super().__init__(*args, **more)
        if reading.choices:
            field = self.fields["value"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = labels(lambda: reading.choices)
        else:
            self.fields["value"] = forms.IntegerField(
                label=mark("取值"), min_value=-(2**31), max_value=2**31 - 1
            )
            self.uses = {
                "value": message("{least}～{most}", least=reading.least, most=reading.most)
            }


class TwoDays(forms.Form):
    """Which two days of a rulebook are compared, and how much is shown."""

    one = Day(label=mark("第一天"), required=False)
    two = Day(label=mark("第二天"), required=False)
    full = forms.BooleanField(label=mark("相同的也列出"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("one", "two"):
            given = str(self.data.get(name, "")).replace("\0", "")[:20]
            text = message("“{value}”不是日期，请写成2019-06-17这样", value=given)
            self.fields[name].error_messages["invalid"] = text.say(language())


class FindArticles(forms.Form):
    """Filters of the articles; what waits is for the bureau alone."""

    q = forms.CharField(label=mark("条款号或释义"), required=False, max_length=100)
    document = forms.ChoiceField(
        label=mark("文件"),
        required=False,
        choices=labels(
            lambda: [(one.tag, one.numbered(language())) for one in papers()], mark("各文件")
        ),
    )
    state = forms.ChoiceField(label=mark("原文"), required=False)

    def __init__(self, *args: Any, bureau: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        shown = [one for one in TextState if bureau or one is not TextState.WAITING]
        field.choices = labels(lambda: [(one.name.lower(), one.value) for one in shown], ANY)


class NewText(forms.Form):
    """The law's own words of an article, and where they were read."""

    uses: ClassVar = {
        "text": mark("逐字照录，标点也照原样；不填释义"),
        "address": mark("官方网页；没有时填书刊或文件和页码"),
        "page": mark("例：济政办〔2018〕4号 三（三）7"),
    }
    text = forms.CharField(
        label=mark("原文"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 10})
    )
    address = forms.CharField(
        label=mark("出处网址"), max_length=300, required=False, widget=forms.URLInput
    )
    page = forms.CharField(label=mark("书刊、文件和页码"), max_length=LONGEST_PAGE, required=False)


class AnotherText(NewText):
    """The same where a confirmed text stands: why another."""

    reason = forms.CharField(label=mark("理由"), max_length=300, widget=forms.Textarea(attrs=ROWS))


class AskedDay(forms.Form):
    """For which day the rulebook is shown."""

    on = Day(label=mark("适用日"), required=False)
