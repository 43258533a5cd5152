"""Subcommands that run the office: begin, prepare, serve, demo."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click

from peiyu.cli.law import lang_option
from peiyu.words import Message, message

SETTINGS = "peiyu.office.config.settings"
PATIENCE = 8
"""Seconds that a process has to end by itself."""
port_option = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True,
                           help="端口 · port")  # fmt: skip
home_option = click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="数据放在哪个文件夹，默认PEIYU_HOME或var · folder of the data",
)  # fmt: skip


def django() -> None:
    """Make Django ready; settings are read here and not before."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django as framework

    framework.setup()


@click.command()
@home_option
@click.option("--quiet", is_flag=True, help="少说话 · say less")
@lang_option
def prepare(home: Path | None, quiet: bool, lang: str) -> None:
    """建库或升级，收集静态文件 · make or upgrade the database, gather static files."""
    _at(home)
    django()
    from django.conf import settings
    from django.core.management import call_command

    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
    if not settings.DEMO:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    if not quiet:
        click.echo(message("已就绪：{home}", home=str(settings.HOME)).say(lang))


@click.command()
@home_option
@click.option("--system", "system", nargs=2, required=True, metavar="USERNAME NAME",
              help="系统管理员 · system administrator")  # fmt: skip
@click.option("--security", "security", nargs=2, required=True, metavar="USERNAME NAME",
              help="安全保密管理员 · security administrator")  # fmt: skip
@click.option("--audit", "audit", nargs=2, required=True, metavar="USERNAME NAME",
              help="安全审计员 · audit administrator")  # fmt: skip
@lang_option
def begin(
    home: Path | None,
    system: tuple[str, str],
    security: tuple[str, str],
    audit: tuple[str, str],
    lang: str,
) -> None:
    """在空库里设立三员 · let in the three administrators of an empty office."""
    _at(home)
    django()
    from peiyu.office.accounts.actions.beginning import begin as let_in
    from peiyu.office.accounts.models import Duty
    from peiyu.office.foundation.days import office_day
    from peiyu.office.foundation.refusals import Refused

    names = {Duty.SYSTEM: system, Duty.SECURITY: security, Duty.AUDIT: audit}
    try:
        found = let_in(names={str(duty): given for duty, given in names.items()}, on=office_day())
    except Refused as refused:
        click.echo(refused.say(lang), err=True)
        sys.exit(2)
    for person, password in found.values():
        click.echo(
            message("{name}（{username}）的一次性密码：{password}", name=person.name,
                    username=person.username, password=password).say(lang)
        )  # fmt: skip


@click.command()
@home_option
@port_option
@click.option("--address", default="127.0.0.1", show_default=True, help="地址 · address")
@lang_option
def serve(home: Path | None, port: int, address: str, lang: str) -> None:
    """运行网站和后台任务 · serve the pages and do the jobs."""
    _at(home)
    _refuse_taken(address, port, lang)
    _run(address, port)


@click.command()
@home_option
@port_option
@click.option("--fresh", is_flag=True, help="重建演示城市 · build the demo city anew")
@click.option("--build-only", is_flag=True, help="只建库不运行 · build, do not serve")
@lang_option
def demo(home: Path | None, port: int, fresh: bool, build_only: bool, lang: str) -> None:
    """建演示城市并打开 · build the demo city and serve it."""
    os.environ["PEIYU_DEMO"] = "1"
    os.environ.setdefault("PEIYU_ADDRESS", f"http://127.0.0.1:{port}")
    _at(home or Path(os.environ.get("PEIYU_HOME", "var/demo")))
    if not build_only:
        _refuse_taken("127.0.0.1", port, lang)
    _build_demo(fresh, lang)
    if build_only:
        return
    click.echo(
        message(
            "打开 {address} ，点一个角色即可登录。按 Ctrl-C 结束",
            address=f"http://127.0.0.1:{port}/",
        ).say(lang)
    )
    _run("127.0.0.1", port)


def _build_demo(fresh: bool, lang: str) -> None:
    """Build the demo beside its place, then put it there: half a city is never left behind."""
    home = Path(os.environ["PEIYU_HOME"])
    if (home / "office.sqlite3").exists() and not fresh:
        django()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        return
    building = home.with_name(f"{home.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    os.environ["PEIYU_HOME"] = str(building)
    django()
    from django.core.management import call_command
    from django.db import connection

    from peiyu.demo.office.build import build

    began = time.monotonic()

    def say(said: Message) -> None:
        click.echo(f"{time.monotonic() - began:5.1f} s  {said.say(lang)}")

    say(message("建库……"))
    call_command("migrate", interactive=False, verbosity=0)
    build(say)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.rmtree(home, ignore_errors=True)
    building.rename(home)
    os.environ["PEIYU_HOME"] = str(home)
    say(message("演示城市已建好：{home}", home=os.path.relpath(home)))


def _run(address: str, port: int) -> None:
    """The web server in this process's child, the job worker in another; both end with us."""
    (Path(os.environ.get("PEIYU_HOME", "var")) / "static").mkdir(parents=True, exist_ok=True)
    here = [sys.executable, "-m", "peiyu.cli"]
    commands = (
        [sys.executable, "-m", "peiyu.cli.web", address, str(port)],
        [*here, "work"],
    )
    children = [subprocess.Popen(command, start_new_session=True) for command in commands]  # noqa: S603  our own command

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
    except KeyboardInterrupt:
        pass
    finally:
        _end(children)
    sys.exit(
        next((child.returncode for child in children if child.returncode not in (0, None, -15)), 0)
    )


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask each to end, with all that it started; then insist."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for child in children:
            if child.poll() is None:
                os.killpg(child.pid, sign)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and any(child.poll() is None for child in children):
            time.sleep(0.05)


def _at(home: Path | None) -> None:
    if home is not None:
        os.environ["PEIYU_HOME"] = str(home.absolute())


def _refuse_taken(address: str, port: int, lang: str) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError:
            click.echo(
                message(
                    "端口{port}已被占用。请换一个：--port {other}", port=port, other=port + 1
                ).say(lang),
                err=True,
            )
            sys.exit(2)
