"""Verifying a paper, for everyone: type or scan its code, or show the file; nothing of it is kept."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from peiyu.office.foundation.counting import counted, so_far
from peiyu.office.notices.verifying import (
    Outcome,
    Verdict,
    looked_at,
    verify_code,
    verify_file,
)
from peiyu.office.portal.visits import language
from peiyu.papers.codes import spaced
from peiyu.words import mark, message

LARGEST = 20 << 20
MOST_TRIES, COOL_OFF = 10, 15 * 60
"""So many questions without an answer within so many seconds, as at the log-in."""
SHOWN = {
    Outcome.VALID: ("met", mark("有效")),
    Outcome.REPLACED: ("unk", mark("已换新版")),
    Outcome.WITHDRAWN: ("bad", mark("已撤回")),
    Outcome.ALTERED: ("bad", mark("与原件不符")),
    Outcome.UNKNOWN: ("bad", mark("没有查到")),
}
WORDS = {
    Outcome.VALID: mark("本系统制发过这份文书，现在有效"),
    Outcome.REPLACED: mark("本系统制发过这份文书，现在已有新的版本，请以新版为准"),
    Outcome.WITHDRAWN: mark("本系统制发过这份文书，现在已撤回，不再有效"),
    Outcome.ALTERED: mark("本系统制发过下列文书，但您上传的文件与它不符：可能被改动过，请勿采信"),
    Outcome.UNKNOWN: mark(
        "本系统没有制发过这样的文书，或文件被改动过。请核对核验码，或连同核验码一起上传"
    ),
}
TAMPERED = mark("本系统中这份文书的登记与封存时不符，不能证明其真伪，请与出具单位联系")


class Asking(forms.Form):
    """The code, or the file, or both."""

    code = forms.CharField(
        label=mark("核验码"), required=False, max_length=40,
        help_text=mark("印在文书末页和每页页脚，12位，不分大小写"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    file = forms.FileField(
        label=mark("电子文件"), required=False, allow_empty_file=True, max_length=None,
        help_text=mark("PDF或Word原件，或签章扫描件，不超过20MB。只比对，不保存"),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """No larger than a paper can be."""
        file = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > LARGEST:
            raise ValidationError(message("文件超过20MB，不是本系统的文书").say(language()))
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not data.get("code") and not data.get("file"):
            raise ValidationError(message("请输入核验码，或选择文件").say(language()))
        return data


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask, and the answer beneath; the QR code of a paper leads here with its code."""
    scanned = request.GET.get("code", "")[:40].replace("\x00", "")
    form = Asking(initial={"code": scanned})
    key = f"verify:{get_adapter().get_client_ip(request)}"
    if so_far(key) >= MOST_TRIES:
        return _page(request, form, None, 429, locked=True)
    verdict = None
    if request.method == "POST":
        form = Asking(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, form, None, 422)
        code, file = form.cleaned_data["code"], form.cleaned_data["file"]
        verdict = verify_file(looked_at(file.chunks()), code) if file else verify_code(code)
    elif scanned:
        verdict = verify_code(scanned)
    if verdict is not None and verdict.outcome == Outcome.UNKNOWN:
        counted(key, COOL_OFF)
    return _page(request, form, verdict, 200)


def _page(
    request: HttpRequest,
    form: Asking,
    verdict: Verdict | None,
    status: int,
    *,
    locked: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form, "verdict": verdict, "locked": locked, "minutes": COOL_OFF // 60,
        "tries": MOST_TRIES,
    }  # fmt: skip
    if verdict is not None:
        shape, label = SHOWN[verdict.outcome]
        tampered = verdict.outcome == Outcome.ALTERED and (
            verdict.part is not None or request.FILES.get("file") is None
        )
        context |= {
            "shape": shape,
            "label": label,
            "words": TAMPERED if tampered else WORDS[verdict.outcome],
            "paper": verdict.paper,
            "latest": verdict.latest,
            "code": spaced(verdict.paper.code) if verdict.paper else "",
        }
    return render(request, "portal/public/verify.html", context, status=status)
