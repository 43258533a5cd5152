"""Backup and restore: the whole office in one archive, and back, or nothing at all.

An archive holds the database as of one moment, the files, the day heads of the record, and a list
of what it holds with hashes. Whoever has it can read everything but passwords: keep it locked.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from peiyu import __version__
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.verification import Verified, verify
from peiyu.words import message

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE = "database/office.sqlite3"
ALLOWED = re.compile(
    r"manifest\.json|database/\w[\w.]*|files/[0-9a-f]{2}/[0-9a-f]{62}|heads/(?:\w[\w-]*/)*\w[\w.-]*"
)
PIECE = 1 << 20
BESIDE, BEFORE = "peiyu_restore", "peiyu_before"
"""Schemas of PostgreSQL: where a restore is built, and what it replaces."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds."""

    archive: Path
    version: str
    made_at: str
    engine: str
    migrations: tuple[tuple[str, str], ...]
    parts: dict[str, dict[str, Any]]
    tables: dict[str, list[str]]
    sequences: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and whether the record in it is whole."""

    backup: Backup
    record: Verified


def backup(target: Path, *, now: datetime) -> Backup:
    """Write the office into `target`; while it runs, people may go on working."""
    if target.exists():
        raise Refused(message("“{path}”已存在；请换一个文件名", path=target))
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    parts: dict[str, dict[str, Any]] = {}
    try:
        with (
            tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as work,
            fresh.open("xb") as out,
        ):
            fresh.chmod(0o600)
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=5) as archive:
                about = _database(Path(work))
                for path in sorted(Path(work).iterdir()):
                    _add(archive, path, f"database/{path.name}", parts)
                for path in sorted(Path(settings.FILES_ROOT).glob("??/*")):
                    _add(archive, path, f"files/{path.parent.name}/{path.name}", parts)
                heads = Path(settings.HEADS_ROOT)
                for path in sorted(heads.rglob("*")):
                    if path.is_file() and not path.name.startswith("."):
                        _add(archive, path, f"heads/{path.relative_to(heads).as_posix()}", parts)
                said = {
                    "format": FORMAT,
                    "version": __version__,
                    "made_at": now.isoformat(),
                    "engine": connection.vendor,
                    **about,
                    "parts": parts,
                }
                listed = Path(work) / MANIFEST
                listed.write_text(json.dumps(said, ensure_ascii=False, indent=1))
                archive.add(listed, MANIFEST)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return _read(target, said)


def restore(archive: Path, *, force: bool = False) -> Restored:
    """Put the office of `archive` in place of the present one; the office must be stopped.

    The archive is unpacked, checked and brought up to date beside the present office; only then
    it takes its place, at once. Stopped before, the present office stays as it was.
    """
    if not force and not _is_empty():
        raise Refused(message("这里已有数据，没有恢复；确定要替换全部现有数据，请加 --force"))
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix="restoring-") as work:
        held = _unpacked(archive, Path(work))
        _check_fits(held)
        with _built(held, Path(work)) as take_place:
            _put_files(Path(work))
            take_place()
        _put_heads(Path(work))
    return Restored(held, verify())


def _database(work: Path) -> dict[str, Any]:
    """The database as of one moment, as files."""
    if connection.vendor == "sqlite":
        with connection.cursor():
            source = connection.connection
        target = sqlite3.connect(work / Path(SQLITE).name)
        try:
            source.backup(target)
            applied = target.execute(
                "SELECT app, name FROM django_migrations ORDER BY id"
            ).fetchall()
        finally:
            target.close()
        return {"migrations": applied, "tables": {}, "sequences": {}}
    own = connection.copy()
    try:
        own.ensure_connection()
        with own.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            tables = _tables(cursor)
            for name, columns in tables.items():
                with (work / f"{name}.copy").open("wb") as out:
                    listed = ", ".join(f'"{column}"' for column in columns)
                    with cursor.copy(
                        f'COPY (SELECT {listed} FROM "{name}") TO STDOUT'  # noqa: S608  names from the catalogue
                    ) as rows:
                        for piece in rows:
                            out.write(piece)
            cursor.execute(
                "SELECT sequencename, last_value FROM pg_sequences"
                " WHERE schemaname = current_schema() AND last_value IS NOT NULL"
            )
            sequences = {name: [last] for name, last in cursor.fetchall()}
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
            applied = cursor.fetchall()
            cursor.execute("COMMIT")
    finally:
        own.close()
    return {"migrations": applied, "tables": tables, "sequences": sequences}


def _tables(cursor: Any) -> dict[str, list[str]]:
    cursor.execute(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c"
        " JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
        " AND c.is_generated = 'NEVER' ORDER BY c.table_name, c.ordinal_position"
    )
    tables: dict[str, list[str]] = {}
    for table, column in cursor.fetchall():
        tables.setdefault(table, []).append(column)
    return tables


def _add(archive: tarfile.TarFile, path: Path, name: str, parts: dict[str, dict[str, Any]]) -> None:
    """Add a file with its hash; one that went away meanwhile (expired) is left out."""
    try:
        content = path.open("rb")
    except FileNotFoundError:
        return
    with content:
        hashed = _Hashed(content)
        entry = archive.gettarinfo(arcname=name, fileobj=content)
        archive.addfile(entry, hashed)
    parts[name] = {"sha256": hashed.digest.hexdigest(), "size": entry.size}


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.content.read(size)
        self.digest.update(piece)
        return piece


def _read(archive: Path, said: dict[str, Any]) -> Backup:
    return Backup(
        archive,
        said["version"],
        said["made_at"],
        said["engine"],
        tuple((app, name) for app, name in said["migrations"]),
        said["parts"],
        said["tables"],
        said["sequences"],
    )


def _unpacked(archive: Path, work: Path) -> Backup:
    """The archive unpacked, each part as its list says."""
    damaged = Refused(
        message("“{path}”已损坏，或不是本系统的备份，没有恢复；请换一份备份", path=archive)
    )
    found: dict[str, str] = {}
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for entry in packed:
                if not entry.isfile() or not ALLOWED.fullmatch(entry.name) or entry.name in found:
                    raise damaged
                target = work / entry.name
                target.parent.mkdir(parents=True, exist_ok=True)
                content = packed.extractfile(entry)
                assert content is not None
                hashed = _Hashed(content)
                with target.open("xb") as out:
                    shutil.copyfileobj(hashed, out, PIECE)
                found[entry.name] = hashed.digest.hexdigest()
        said = json.loads((work / MANIFEST).read_text())
        listed = {name: part["sha256"] for name, part in said["parts"].items()}
        held = _read(archive, said)
    except FileNotFoundError as problem:
        if not archive.exists():
            raise Refused(message("找不到备份“{path}”", path=archive)) from problem
        raise damaged from problem
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as problem:
        raise damaged from problem
    except Exception as problem:
        if type(problem).__module__ == "zlib":
            raise damaged from problem
        raise
    found.pop(MANIFEST)
    kept = {name.replace("/", "")[len("files") :] for name in found if name.startswith("files/")}
    hashes = {value for name, value in found.items() if name.startswith("files/")}
    if found != listed or said["format"] != FORMAT or kept != hashes:
        raise damaged
    return held


def _check_fits(held: Backup) -> None:
    """The archive is of this kind of database and not of a newer office."""
    if held.engine != connection.vendor:
        raise Refused(
            message(
                "备份来自 {engine} 数据库，这里用的是 {here}；请在同一种数据库上恢复",
                engine=held.engine,
                here=connection.vendor,
            )
        )
    known = MigrationExecutor(None).loader.disk_migrations or {}
    if any(one not in known for one in held.migrations):
        raise Refused(
            message(
                "备份来自较新的版本 {version}，这里是 {here}；请先升级再恢复",
                version=held.version,
                here=__version__,
            )
        )


def _is_empty() -> bool:
    """Whether nobody works here yet."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in ("accounts_user", "foundation_recordline"):
            if table in tables:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  names are ours
                if cursor.fetchone():
                    return False
    return True


@contextmanager
def _built(held: Backup, work: Path) -> Iterator[Any]:
    """The database of the archive, ready beside the present one; yields what puts it in place."""
    if connection.vendor == "sqlite":
        with _built_sqlite(work / SQLITE) as take_place:
            yield take_place
    else:
        with _built_postgresql(held, work) as take_place:
            yield take_place


@contextmanager
def _built_sqlite(fresh: Path) -> Iterator[Any]:
    present = Path(str(connection.settings_dict["NAME"]))

    def take_place() -> None:
        connection.settings_dict["NAME"] = str(fresh)
        connection.close()
        if present.exists():
            old = sqlite3.connect(present)
            old.execute("PRAGMA journal_mode=DELETE")  # nothing of it lies in another file now
            old.close()
        fresh.replace(present)

    connection.close()
    connection.settings_dict["NAME"] = str(fresh)
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if cursor.fetchone() != ("ok",):
                raise Refused(message("备份里的数据库已损坏，没有恢复；请换一份备份"))
        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        yield take_place
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(present)


@contextmanager
def _built_postgresql(held: Backup, work: Path) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        present = cursor.fetchone()[0]
        cursor.execute(f"DROP SCHEMA IF EXISTS {BESIDE} CASCADE")
        cursor.execute(f"CREATE SCHEMA {BESIDE}")
        cursor.execute(f"SET search_path TO {BESIDE}")

    def take_place() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'ALTER SCHEMA "{present}" RENAME TO {BEFORE}')
            cursor.execute(f'ALTER SCHEMA {BESIDE} RENAME TO "{present}"')
            cursor.execute(f"DROP SCHEMA {BEFORE} CASCADE")

    try:
        _migrate_to(held.migrations)
        _load(held, work)
        call_command("migrate", verbosity=0, interactive=False)
        yield take_place
    finally:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {BESIDE} CASCADE")


def _migrate_to(applied: tuple[tuple[str, str], ...]) -> None:
    """The tables as they were when the archive was made."""
    executor = MigrationExecutor(connection)
    MigrationRecorder(connection).ensure_schema()
    wanted = {one for one in applied if one in executor.loader.graph.nodes}
    last = [
        one
        for one in sorted(wanted)
        if not any(
            child.key in wanted and child.key[0] == one[0]
            for child in executor.loader.graph.node_map[one].children
        )
    ]
    executor.migrate(last)


def _load(held: Backup, work: Path) -> None:
    """Rows into the tables; keys are checked at the end, the guards of the record rest meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        there = _tables(cursor)
        if any(set(columns) - set(there.get(name, ())) for name, columns in held.tables.items()):
            raise Refused(message("备份里的数据库已损坏，没有恢复；请换一份备份"))
        cursor.execute(
            "SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND NOT t.tgisinternal"
        )
        guards = cursor.fetchall()
        for table, guard, _ in guards:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{guard}"')
        names = ", ".join(f'"{name}"' for name in there)
        cursor.execute(f"TRUNCATE {names}")
        for name, columns in held.tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            with (
                (work / "database" / f"{name}.copy").open("rb") as rows,
                cursor.copy(f'COPY "{name}" ({listed}) FROM STDIN') as into,
            ):
                while piece := rows.read(PIECE):
                    into.write(piece)
        for name, (last,) in held.sequences.items():
            cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s)", [name, last])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        how = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}
        for table, guard, enabled in guards:
            if enabled in how:
                cursor.execute(f'ALTER TABLE "{table}" {how[enabled]} TRIGGER "{guard}"')
        cursor.execute("ANALYZE")


def _put_files(work: Path) -> None:
    """Files lie under their content: adding some harms none."""
    for path in (work / "files").glob("??/*"):
        target = Path(settings.FILES_ROOT) / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)


def _put_heads(work: Path) -> None:
    """The day heads belong to the record that came with them."""
    heads, fresh = Path(settings.HEADS_ROOT), work / "heads"
    fresh.mkdir(exist_ok=True)
    if heads.exists():
        heads.replace(work / "heads-before")
    heads.parent.mkdir(parents=True, exist_ok=True)
    fresh.replace(heads)
