"""Sentences kept in the database: with their places open, so that each reader reads their own language."""

from __future__ import annotations

from typing import Any

from peiyu.words import Message


def kept(text: Message) -> dict[str, Any]:
    """A message as JSON."""
    return {"text": text.text, "values": {name: _kept(value) for name, value in text.values}}


def message_of(held: dict[str, Any]) -> Message:
    """The message again."""
    return Message(
        held["text"], tuple((name, _said(value)) for name, value in held["values"].items())
    )


def _kept(value: object) -> Any:
    if isinstance(value, Message):
        return kept(value)
    if isinstance(value, tuple | list):
        return [_kept(part) for part in value]
    return value if isinstance(value, int | str) else str(value)


def _said(value: Any) -> object:
    if isinstance(value, dict):
        return message_of(value)
    return tuple(_said(part) for part in value) if isinstance(value, list) else value
