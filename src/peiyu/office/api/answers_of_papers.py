"""What the operations on papers answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field


class Paper(Schema):
    """One version of an issued paper."""

    id: int
    number: str = Field(description="发文字号; the versions of a paper share it")
    version: int
    kind: str = Field(description="room and name of the kind")
    title: str
    state: str = Field(description="valid, replaced or withdrawn")
    issuer: str = Field(description="name of the issuing body on that day")
    issued_on: date
    verify_code: str


class Papers(Schema):
    """Papers of an enterprise."""

    id: int
    code: str
    name: str
    items: list[Paper]


class OnePaper(Paper):
    """A paper with all that is known of it."""

    enterprise: int
    withdrawn_on: date | None
    withdrawn_because: str | None
    replaced_by: int | None = Field(description="id of the next version")
    pdf_sha256: str
    word_sha256: str
    scans: list[str] = Field(description="hashes of signed scans, the latest first")
    content: dict[str, Any] = Field(description="what it says: title, blocks, sources")
