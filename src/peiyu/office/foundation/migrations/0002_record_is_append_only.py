"""The database itself guards the record: what may never change, what enters the tail.

A trigger can be dropped only by who owns the database; what they then alter, `verify` finds.
"""
# ruff: noqa: S608  nothing of a user stands in these statements

from django.db import migrations

LINE, SECRET, LINK = "foundation_recordline", "foundation_recordsecret", "foundation_recordlink"
HEAD, KEY, TAIL = "foundation_dayhead", "foundation_recordkey", "foundation_recordtail"
ACCESS = "foundation_accessline"
KEPT_DAYS = 183

FOREVER = "记录只能追加，不能修改、删除 · the record only grows: no update, no delete"
KEYS = "密钥只能销毁一次，不能改动 · a key can only be destroyed, once"
WAITING = "还没有入链，不能移出待封列表 · not yet in the chain: it stays in the tail"
LOG = "访问日志不能修改 · the log of access is never updated"
YOUNG = "访问日志至少保存六个月 · the log of access is kept six months at least"
SEALED = "这笔业务的记录已经封存，不能再添加 · this transaction is sealed: nothing is added to it"

ALWAYS = "TRUE"
SAME_KEY = (
    "NEW.id {same} OLD.id AND NEW.label {same} OLD.label AND NEW.subject {same} OLD.subject"
    " AND ((NEW.key {same} OLD.key AND NEW.destroyed_at {same} OLD.destroyed_at)"
    " OR (OLD.destroyed_at IS NULL AND NEW.destroyed_at IS NOT NULL AND NEW.key IS NULL))"
)
OLD_ENOUGH = {
    "sqlite": f"OLD.at < datetime('now', '-{KEPT_DAYS} days')",
    "postgresql": f"OLD.at < now() - interval '{KEPT_DAYS} days'",
}
IN_CHAIN = f'EXISTS (SELECT 1 FROM {LINK} l WHERE l."transaction" = {{row}}."transaction")'
LINE_IN_CHAIN = (
    f'EXISTS (SELECT 1 FROM {LINK} l JOIN {LINE} r ON l."transaction" = r."transaction"'
    " WHERE r.id = NEW.line_id)"
)
SAME = {"sqlite": "IS", "postgresql": "IS NOT DISTINCT FROM"}


def guards(vendor):
    """Each guard: table, event, the condition under which it refuses, what it says."""
    for table in (LINE, SECRET, LINK, HEAD):
        yield table, "UPDATE", ALWAYS, FOREVER
        yield table, "DELETE", ALWAYS, FOREVER
    yield LINE, "INSERT", IN_CHAIN.format(row="NEW"), SEALED
    yield SECRET, "INSERT", LINE_IN_CHAIN, SEALED
    yield KEY, "UPDATE", f"NOT ({SAME_KEY.format(same=SAME[vendor])})", KEYS
    yield KEY, "DELETE", ALWAYS, KEYS
    yield TAIL, "UPDATE", ALWAYS, WAITING
    yield TAIL, "DELETE", f"NOT {IN_CHAIN.format(row='OLD')}", WAITING
    yield ACCESS, "UPDATE", ALWAYS, LOG
    yield ACCESS, "DELETE", f"NOT ({OLD_ENOUGH[vendor]})", YOUNG


def sqlite():
    """The guards as SQLite says them."""
    for table, event, refused, words in guards("sqlite"):
        yield f"""CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} WHEN {refused}
            BEGIN SELECT RAISE(ABORT, '{words}'); END"""
    yield f"""CREATE TRIGGER {LINE}_waits AFTER INSERT ON {LINE}
        WHEN NOT EXISTS (SELECT 1 FROM {TAIL} t WHERE t."transaction" = NEW."transaction")
        BEGIN INSERT INTO {TAIL} ("transaction", first) VALUES (NEW."transaction", NEW.id); END"""


def postgresql():
    """The guards as PostgreSQL says them; there a table can be emptied at once, too."""
    for table, event, refused, words in guards("postgresql"):
        name = f"{table}_{event.lower()}"
        back = "OLD" if event == "DELETE" else "NEW"
        yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {refused} THEN
                    RAISE EXCEPTION '{words} ({table})' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN {back};
            END $$"""
        yield f"""CREATE TRIGGER {name} BEFORE {event} ON {table}
            FOR EACH ROW EXECUTE FUNCTION {name}()"""
    for table, words in (
        *((table, FOREVER) for table in (LINE, SECRET, LINK, HEAD)),
        (KEY, KEYS),
        (TAIL, WAITING),
        (ACCESS, YOUNG),
    ):
        yield f"""CREATE FUNCTION {table}_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{words} ({table})' USING ERRCODE = 'restrict_violation';
            END $$"""
        yield f"""CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_truncate()"""
    yield f"""CREATE FUNCTION {LINE}_waits() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO {TAIL} ("transaction", first) VALUES (NEW."transaction", NEW.id)
                ON CONFLICT ("transaction") DO NOTHING;
            RETURN NULL;
        END $$"""
    yield f"""CREATE TRIGGER {LINE}_waits AFTER INSERT ON {LINE}
        FOR EACH ROW EXECUTE FUNCTION {LINE}_waits()"""


def guard(apps, schema_editor):
    """Put the guards up."""
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[vendor]():
        schema_editor.execute(statement, None)


def unguard(apps, schema_editor):
    """Take the guards down again."""
    vendor = schema_editor.connection.vendor
    names = [(table, f"{table}_{event.lower()}") for table, event, *_ in guards(vendor)]
    names.append((LINE, f"{LINE}_waits"))
    if vendor == "postgresql":
        tables = (LINE, SECRET, LINK, HEAD, KEY, TAIL, ACCESS)
        names += [(table, f"{table}_truncate") for table in tables]
    for table, name in names:
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    """The record is append-only."""

    dependencies = (("foundation", "0001_initial"),)
    operations = (migrations.RunPython(guard, unguard),)
