"""Spark in ANSI mode, on this machine or on a cluster as Spark itself is told."""

from __future__ import annotations

import os
from pathlib import Path

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from sqlglot import exp

from peiyu.batch.engines.judging import Engine, NoEngine
from peiyu.words import message

TOLD = ("SPARK_CONF_DIR", "SPARK_HOME", "SPARK_REMOTE")


class Spark(Engine):
    """See `Engine`; nothing wraps, nothing becomes null by mistake."""

    dialect = "spark"
    troubles = (PySparkException, Py4JError)
    session: SparkSession | None = None

    def begin(self, beside: Path) -> None:
        """Join the cluster of Spark's own settings; without any, use the cores of this machine."""
        builder = SparkSession.builder.appName("peiyu").config("spark.sql.ansi.enabled", "true")
        if not any(name in os.environ for name in TOLD):
            builder = builder.master(os.environ.get("SPARK_MASTER", "local[*]"))
            builder = builder.config("spark.ui.enabled", "false")
            builder = builder.config("spark.sql.shuffle.partitions", str(os.cpu_count() or 1))
        try:
            self.session = builder.getOrCreate()
        except (PySparkException, OSError) as fault:
            raise NoEngine(message("Spark 没有启动：需要 Java 17 或更新的版本")) from fault

    def file(self, name: str, path: Path) -> exp.Expression:
        """A parquet file as a relation."""
        raw = f"raw_{name}"
        self._there.read.parquet(str(path)).createOrReplaceTempView(raw)
        return exp.Table(this=exp.to_identifier(raw))

    def view(self, name: str, query: exp.Select) -> None:
        """Call a query by a name."""
        self._there.sql(query.sql("spark")).createOrReplaceTempView(name)

    def write(self, statement: str, target: Path) -> None:
        """The answer of a statement as a folder of files."""
        self._there.sql(statement).write.mode("overwrite").parquet(str(target))

    def close(self) -> None:
        """Leave the cluster."""
        if self.session is not None:
            self.session.stop()

    @property
    def _there(self) -> SparkSession:
        assert self.session is not None
        return self.session
