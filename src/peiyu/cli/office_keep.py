"""Subcommands that keep the office running: backup, restore, work."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from peiyu.cli.law import lang_option
from peiyu.words import Message, message

DONE, REFUSED, RECORD_ALTERED = 0, 1, 2


@click.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@lang_option
def backup(target: Path, lang: str) -> None:
    """备份整个系统到一个文件 · write the whole office into one archive (.tar.gz)."""
    _office()
    from django.utils import timezone

    from peiyu.office.foundation.backup import backup as write
    from peiyu.office.foundation.refusals import Refused

    try:
        made = write(target, now=timezone.now())
    except Refused as refusal:
        _refuse(refusal.message, lang)
    files = sum(name.startswith("files/") for name in made.parts)
    said = message("已备份到 {path}，内有 {number} 个文件；请妥善保管", path=target, number=files)
    click.echo(said.say(lang))


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="替换现有的全部数据 · replace all present data")
@lang_option
def restore(archive: Path, force: bool, lang: str) -> None:
    """从备份恢复，须先停止服务 · bring an archive back; stop the office first."""
    _office()
    from peiyu.office.foundation.backup import restore as bring_back
    from peiyu.office.foundation.refusals import Refused

    try:
        back = bring_back(archive, force=force)
    except Refused as refusal:
        _refuse(refusal.message, lang)
    said = message("已恢复 {made_at} 的备份", made_at=back.backup.made_at)
    click.echo(said.say(lang))
    click.echo(back.record.message.say(lang), err=not back.record.whole)
    sys.exit(DONE if back.record.whole else RECORD_ALTERED)


@click.command()
@click.option("--once", is_flag=True, help="做完现有的就结束 · do what is there now, then end")
def work(once: bool) -> None:
    """后台工作：耗时任务与定时任务 · do jobs and scheduled work, until told to stop."""
    _office()
    from peiyu.office.config.schedule import ENTRIES
    from peiyu.office.foundation.schedule import work as go

    go(ENTRIES, once=once)


def _office() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peiyu.office.config.settings")
    import django

    django.setup()


def _refuse(text: Message, lang: str) -> NoReturn:
    click.echo(text.say(lang), err=True)
    sys.exit(REFUSED)
