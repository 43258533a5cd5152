"""The small parts of the look: icons, shapes, dates, figures, fields."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.forms.widgets import CheckboxSelectMultiple, Widget
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from peiyu.office.web.templatetags.say import language
from peiyu.words import mark, message, translate

register = template.Library()

NOTHING = "—"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
WEEKDAYS = (
    mark("星期一"), mark("星期二"), mark("星期三"), mark("星期四"), mark("星期五"), mark("星期六"),
    mark("星期日"),
)  # fmt: skip
SHAPES = frozenset({"met", "bad", "unk", "exp", "na", "go", "late"})


@cache
def _use(sheet: str, name: str, kind: str) -> SafeString:
    address = static(sheet)
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', kind, address, name
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """An outline icon of the sprite; it is decoration, so the word stands beside it."""
    return _use("vendor/icons/icons.svg", f"i-{name}", "ic")


@register.simple_tag
def shape(name: str) -> SafeString:
    """The shape of an outcome: met, bad, unk, exp, na, go; late is the triangle of what is overdue."""
    return _use("shapes.svg", f"s-{name}", "sh")


def _as_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


@register.filter
def day(value: date | datetime | None) -> str:
    """A date among facts: 2018-08-15."""
    return _as_day(value).isoformat() if value else NOTHING


@register.filter
def short_day(value: date | datetime | None) -> str:
    """A date in a running list: 8月15日, in English 15 Aug."""
    if not value:
        return NOTHING
    found = _as_day(value)
    if language() == "en":
        return f"{found.day} {MONTHS[found.month - 1]}"
    return f"{found.month}月{found.day}日"


@register.filter
def long_day(value: date | datetime | None) -> str:
    """A date in full with its weekday: 2018年8月15日，星期三."""
    if not value:
        return NOTHING
    found = _as_day(value)
    weekday = translate(WEEKDAYS[found.weekday()], language())
    if language() == "en":
        return f"{weekday}, {found.day} {MONTHS[found.month - 1]} {found.year}"
    return f"{found.year}年{found.month}月{found.day}日，{weekday}"


@register.filter
def moment(value: datetime | None) -> str:
    """A day and time: 2018-08-15 08:00."""
    if not value:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%Y-%m-%d %H:%M}"


@register.filter
def figure(value: Decimal | int | None) -> str:
    """A number with commas at the thousands and as many decimals as it has."""
    return NOTHING if value is None else f"{value:,}"


@register.filter
def exactly(value: Fraction) -> str:
    """A quotient as it is: with two decimals where that is all, else as a fraction and roughly."""
    if 100 % value.denominator == 0:
        return f"{Decimal(value.numerator) / Decimal(value.denominator):,f}"
    near = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"))
    whole = f"{value.numerator}/{value.denominator}"
    return message("{fraction}（约{value}）", fraction=whole, value=f"{near:,}").say(language())


@register.filter
def money(value: Decimal | int | None) -> str:
    """An amount in yuan: two decimals, commas at the thousands."""
    return NOTHING if value is None else f"{Decimal(value):,.2f}"


@register.filter
def wan(value: Decimal | int | None) -> str:
    """An amount of yuan in 万元, exactly: two decimals, more (up to six) only if it has them."""
    if value is None:
        return NOTHING
    exact = Decimal(value).scaleb(-4)
    rounded = exact.quantize(Decimal("0.01"))
    return f"{rounded:,}" if rounded == exact else f"{exact.normalize():,f}"


@register.filter
def masked(value: str | None) -> str:
    """A personal value of which only so much is shown as tells two apart: 138****5521, 任**."""
    if not value:
        return NOTHING
    if "@" in value:
        name, _, host = value.partition("@")
        return f"{name[:1]}****@{host}"
    if len(value) >= 8:
        return f"{value[:3]}****{value[-4:]}"
    return value[:1] + "*" * max(len(value) - 1, 1)


@register.filter
def size(count: int | None) -> str:
    """How large a file is: 1.8 MB."""
    if count is None:
        return NOTHING
    for unit, one in (("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= one:
            return f"{count / one:.1f} {unit}"
    return f"{count} B"


@register.simple_tag
def due(on: date | None, days: int | None, *, done: bool = False) -> SafeString:
    """A date chip. `days` are calendar days ahead, negative working days when overdue.

    The view does the arithmetic: it knows the working days.
    """
    if on is None:
        return SafeString(NOTHING)
    if done or days is None:
        return format_html('<span class="dt ok">{}</span>', short_day(on))
    if days < 0:
        kind, words = "over", message("逾期{number}个工作日", number=-days)
    elif days == 0:
        kind, words = "soon", message("今天")
    else:
        kind, words = "soon" if days <= 3 else "ok", message("{number}天后", number=days)
    said = words.say(language())
    return format_html('<span class="dt {}">{}<b>{}</b></span>', kind, short_day(on), said)


@register.simple_tag
def status(kind: str, label: str) -> SafeString:
    """An outcome or a state as word, shape and colour; `kind` is one of `SHAPES`."""
    colour = "bad" if kind == "late" else kind
    word = translate(label, language())
    return format_html('<span class="st {}">{}{}</span>', colour, shape(kind), word)


@register.simple_tag
def person(name: str, body: str = "") -> SafeString:
    """A person with the body for which they act."""
    if not body:
        return format_html('<span class="pc">{}</span>', name)
    return format_html('<span class="pc">{}<small>{}</small></span>', name, body)


@register.filter
def initial(name: str) -> str:
    """The first sign of a name, for the disc on a card."""
    return name[:1]


def _dress(widget: Widget) -> str:
    if isinstance(widget, (CheckboxSelectMultiple, RadioSelect)):
        return "choices"  # Django puts it on the list around the choices too
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


@register.filter
def control(field: BoundField) -> SafeString:
    """The input of a field, dressed; Django ties it to its help and its errors."""
    attrs: dict[str, str | bool] = {"class": _dress(field.field.widget)}
    return SafeString(field.as_widget(attrs=attrs))


@register.filter
def is_single_tick(field: BoundField) -> bool:
    """The field is one check box, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def unit(field: BoundField) -> str:
    """The unit behind the input: `units = {"income": "万元"}` on the form."""
    return str(getattr(field.form, "units", {}).get(field.name, ""))


@register.filter
def use(field: BoundField) -> object:
    """What the value is for, beside the input: `uses = {"income": "用于：第六项条件"}` on the form."""
    return getattr(field.form, "uses", {}).get(field.name, "")


@register.simple_tag
def in_demo() -> bool:
    """This is the demo."""
    return bool(settings.DEMO)
