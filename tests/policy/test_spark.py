"""Spark says what columns say: once, of some hundred firms, where Java and Spark are there."""

import shutil

import pytest

from peiyu.policy import sql
from peiyu.policy.columns import population
from peiyu.policy.rulebooks import RULEBOOKS
from tests.policy.interpreters import answer, in_columns
from tests.policy.test_sql import usual_day, written_cases

pytest.importorskip("pyspark", reason="Spark is an extra, not installed here: make spark")
from peiyu.batch.engines.spark import Spark

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
BOOKS = ("hnte", "tech_sme", "henan_rd_subsidy", "jiyuan_awards", "jiyuan_rd_subsidy")


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    engine = Spark()
    engine.begin(tmp_path_factory.mktemp("spark"))
    yield engine.session
    engine.close()


@pytest.mark.parametrize("name", BOOKS)
def test_spark_says_the_same_of_every_written_example(spark, name, tmp_path):
    cases, day, book = written_cases(name), usual_day(name), RULEBOOKS[name]
    held = population(tuple(cases))
    given = []
    for table, frame in {sql.ENTERPRISES: held.facts, **held.tables}.items():
        file = tmp_path / f"{table}.parquet"
        frame.collect().write_parquet(file)
        spark.read.parquet(str(file)).createOrReplaceTempView(table)
        given.append(sql.Relation(table, tuple(frame.collect_schema().names())))
    rows = spark.sql(sql.statement(book, day, given, "spark")).collect()
    found = {row["key"]: answer(book, row.asDict()) for row in rows}
    assert found == in_columns(book, cases, day)
