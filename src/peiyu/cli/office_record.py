"""Subcommands of the record: verify."""

from __future__ import annotations

import os
import sys

import click

from peiyu.cli.law import lang_option

WHOLE, ALTERED = 0, 1


@click.group()
def record() -> None:
    """业务记录 · the record of what was done."""


@record.command()
@lang_option
def verify(lang: str) -> None:
    """核对记录是否完整，指出第一处改动 · check the record, name the first alteration."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peiyu.office.config.settings")
    import django

    django.setup()
    from peiyu.office.foundation.verification import verify as walk

    found = walk()
    click.echo(found.message.say(lang), err=not found.whole)
    sys.exit(WHOLE if found.whole else ALTERED)
