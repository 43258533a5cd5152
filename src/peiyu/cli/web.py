"""The web server process: `python -m peiyu.cli.web ADDRESS PORT`."""

from __future__ import annotations

import os
import sys


def main(address: str, port: int) -> None:
    """Serve the office with as many processes as the environment says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peiyu.office.config.settings")
    from granian import Granian
    from granian.constants import Interfaces

    from peiyu.office.config.environment import Environment

    Granian(
        "peiyu.office.config.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=Environment.read().workers,
        blocking_threads=2,
        backpressure=64,
        websockets=False,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
