"""The command `peiyu`: the door of the terminal. A floor is loaded when its subcommand is called."""

from __future__ import annotations

import os
import sys

import click

from peiyu import __version__
from peiyu.cli import engines, ladder, law, number, office, office_keep, office_record, replay


class Command(click.Group):
    """Subcommands in the order in which one needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """As they were added."""
        return list(self.commands)


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="peiyu")
def peiyu() -> None:
    """培育：培育高新技术企业 · cultivate high-tech enterprises."""


for command in (
    office.demo,
    office.prepare,
    office.begin,
    office.serve,
    office_keep.work,
    office_keep.backup,
    office_keep.restore,
    office_record.record,
    law.example,
    law.template,
    law.assess,
    law.explain,
    replay.replay,
    ladder.ladder,
    law.rulebook,
    law.schema,
    engines.sql,
    number.number,
):
    peiyu.add_command(command)


def main() -> None:
    """Run the command; a broken pipe ends it quietly."""
    try:
        peiyu(prog_name="peiyu")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
