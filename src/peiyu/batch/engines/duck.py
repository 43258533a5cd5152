"""DuckDB within this process: what does not fit into memory lies beside the result meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
from sqlglot import exp

from peiyu.batch.engines.judging import Engine


class DuckDB(Engine):
    """See `Engine`; `PEIYU_DUCKDB_MEMORY`, such as 1GB, bounds its memory."""

    dialect = "duckdb"
    troubles = (duckdb.Error,)
    connection: duckdb.DuckDBPyConnection | None = None

    def begin(self, beside: Path) -> None:
        """Open a database in memory."""
        self.connection = duckdb.connect()
        self._run("SET temp_directory = ?", str(beside))
        self._run("SET preserve_insertion_order = false")
        if memory := os.environ.get("PEIYU_DUCKDB_MEMORY"):
            self._run("SET memory_limit = ?", memory)

    def file(self, name: str, path: Path) -> exp.Expression:
        """A parquet file as a relation."""
        read = exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(path))])
        return exp.Table(this=read)

    def view(self, name: str, query: exp.Select) -> None:
        """Call a query by a name."""
        self._run(f'CREATE VIEW "{name}" AS {query.sql("duckdb")}')

    def write(self, statement: str, target: Path) -> None:
        """The answer of a statement as one file."""
        place = exp.Literal.string(str(target)).sql("duckdb")
        self._run(f"COPY ({statement}) TO {place} (FORMAT parquet, COMPRESSION zstd)")

    def close(self) -> None:
        """Let go of it."""
        if self.connection is not None:
            self.connection.close()

    def _run(self, statement: str, *values: str) -> None:
        assert self.connection is not None
        self.connection.execute(statement, list(values))
