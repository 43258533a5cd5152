"""Say a Chinese sentence in the reader's language: `{% say "共{number}家" number=n %}`."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from peiyu.policy.articles import Document, Wording, article
from peiyu.words import Message, message, translate

register = template.Library()


def language() -> str:
    """The language of the reader as the catalogue names it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


@register.simple_tag
def say(text: str, /, **values: object) -> SafeString:
    """The sentence with its values, each escaped; `{% say "…" as name %}` keeps it."""
    lang = language()
    shown = {
        name: SafeString(
            conditional_escape(value.say(lang) if isinstance(value, Message) else str(value))
        )
        for name, value in values.items()
    }
    # The sentence is ours, written in the template; only its values come from outside.
    return mark_safe(message(text, **shown).say(lang))  # noqa: S308


@register.filter
def said(text: object) -> str:
    """A stored Chinese label, or a `Message`, in the reader's language; other text as it is."""
    if isinstance(text, Message):
        return text.say(language())
    return translate(str(text), language()) if text not in (None, "") else ""


@register.filter
def worded(words: Wording) -> str:
    """Words that the law as code keeps in both languages, in the reader's."""
    return words.say(language())


@register.filter
def numbered(paper: Document) -> str:
    """The number of a paper of the law, in letters that the reader can say."""
    return paper.numbered(language())


@register.filter
def place(cite: str) -> str:
    """A citation as it is printed in the reader's language."""
    return article(cite).place(language())


@register.filter
def listed(parts: list[object]) -> SafeString:
    """Several words with the comma of the language between them."""
    between = translate("、", language())
    return format_html_join(between, "{}", ((said(part),) for part in parts))
