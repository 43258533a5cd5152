"""What the environment says: where things lie, which database, whether this is the demo."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

HOME = "PEIYU_HOME"
DEFAULT_HOME = "var"


class Misconfigured(SystemExit):
    """The office does not start: a setting is missing or contradicts another."""


@dataclass(frozen=True, slots=True)
class OneDoor:
    """The city's single sign-on (统一身份认证, OpenID Connect), if there is one."""

    issuer: str
    client: str
    secret: str

    @classmethod
    def read(cls) -> OneDoor | None:
        """From `PEIYU_OIDC_ISSUER`, `_CLIENT` and `_SECRET`: all of them or none."""
        said = [os.environ.get(f"PEIYU_OIDC_{name}", "") for name in ("ISSUER", "CLIENT", "SECRET")]
        if not any(said):
            return None
        if not all(said):
            raise Misconfigured(
                "PEIYU_OIDC_ISSUER, PEIYU_OIDC_CLIENT, PEIYU_OIDC_SECRET: set all three"
            )
        if urlsplit(said[0]).scheme != "https":
            raise Misconfigured(f"PEIYU_OIDC_ISSUER={said[0]}: must begin with https://")
        return cls(*said)

    @property
    def origin(self) -> str:
        """Scheme and host, as a page's policy names it."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings that differ from one installation to the next."""

    home: Path
    database: str
    demo: bool
    hosts: tuple[str, ...]
    https: bool
    workers: int
    proxies: int
    """Reverse proxies before the office, whose word on the caller's address is taken."""
    oidc: OneDoor | None
    fonts: Path | None
    """A folder with the fonts of GB/T 9704, if the office has them; papers look there first."""
    address: str
    """Where the public reaches the portal, as printed on papers."""

    @classmethod
    def read(cls) -> Environment:
        """The environment of this process; names begin with `PEIYU_`."""
        return cls(
            oidc=OneDoor.read(),
            proxies=int(os.environ.get("PEIYU_PROXIES", "0")),
            home=Path(os.environ.get(HOME, DEFAULT_HOME)).absolute(),
            database=os.environ.get("PEIYU_DATABASE", ""),
            demo=os.environ.get("PEIYU_DEMO", "") == "1",
            hosts=tuple(filter(None, os.environ.get("PEIYU_HOSTS", "").split(","))),
            https=os.environ.get("PEIYU_HTTPS", "1") == "1",
            workers=int(os.environ.get("PEIYU_WORKERS", "2")),
            fonts=Path(fonts) if (fonts := os.environ.get("PEIYU_FONTS", "")) else None,
            address=os.environ.get("PEIYU_ADDRESS", "").rstrip("/"),
        )

    def public_address(self) -> str:
        """Scheme and host of the portal: as set, else of the first host, else of this machine."""
        if self.address:
            if urlsplit(self.address).scheme not in ("http", "https"):
                raise Misconfigured(f"PEIYU_ADDRESS={self.address}: must begin with https://")
            return self.address
        return f"https://{self.hosts[0]}" if self.hosts else "http://localhost:8000"

    def secret(self, name: str) -> str:
        """A secret of this installation: from the environment, else from a file made once."""
        if given := os.environ.get(f"PEIYU_{name.upper()}"):
            return given
        file = self.home / name
        if not file.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            fresh = file.with_suffix(f".{os.getpid()}")
            fresh.write_text(secrets.token_urlsafe(50))
            fresh.chmod(0o600)
            with suppress(FileExistsError):  # the first of several processes wins
                os.link(fresh, file)
            fresh.unlink()
        return file.read_text()

    def databases(self) -> dict[str, dict[str, object]]:
        """Django's `DATABASES`: SQLite in the home unless an address of PostgreSQL is given."""
        if not self.database:
            return {
                "default": {
                    "ENGINE": "django.db.backends.sqlite3",
                    "NAME": str(self.home / "office.sqlite3"),
                    "OPTIONS": {
                        "transaction_mode": "IMMEDIATE",
                        "timeout": 20,
                        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                        " PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728;",
                    },
                }
            }
        parts = urlsplit(self.database)
        if parts.scheme not in ("postgres", "postgresql"):
            raise Misconfigured("PEIYU_DATABASE: postgresql://user:password@host:port/name")
        return {
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path.lstrip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or "") or _socket(parts.query),
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": {"pool": False},
            }
        }

    def why_no_demo(self) -> str:
        """Why the demo must not run here, where anyone may log in as anyone; empty if it may.

        It serves this machine only and keeps its data there: no hosts, no single sign-on, and a
        PostgreSQL only by socket or on this machine. Beyond that the one-click log-in opens only
        over a database that bears the demo's mark, its office day (web/accounts/demo.py).
        """
        if not self.demo:
            return ""
        if self.hosts:
            return "PEIYU_DEMO=1 together with PEIYU_HOSTS: the demo serves this machine only"
        if self.oidc:
            return "PEIYU_DEMO=1 together with PEIYU_OIDC_ISSUER: the demo has no real people"
        host = urlsplit(self.database).hostname or ""
        if host not in ("", "localhost", "127.0.0.1", "::1"):
            return (
                f"PEIYU_DEMO=1 with a database on {host}: the demo keeps its data on this machine"
            )
        return ""


def _socket(query: str) -> str:
    return unquote(query.removeprefix("host=")) if query.startswith("host=") else ""
