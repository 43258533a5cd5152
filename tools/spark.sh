#!/bin/bash
# Spark as locked in requirements/spark.txt, in a folder of its own for the tests; nothing without Java.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v java >/dev/null; then
    echo 'Spark: no Java here, so its tests are skipped'
    exit 0
fi
if ! cmp --silent requirements/spark.txt .spark/lock.txt; then
    echo 'Setting up .spark from requirements/spark.txt …'
    rm -rf .spark
    tools/uv.sh pip install --quiet --python .venv --target .spark --require-hashes --requirement requirements/spark.txt
    cp requirements/spark.txt .spark/lock.txt
fi
