#!/bin/bash
# Make FOLDER a virtual environment with exactly what LOCK names, and this project: setup.sh FOLDER LOCK
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
lock=$2

echo "Setting up $folder from requirements/$lock.txt …"
rm -f "$folder"/ready-*
"$folder/bin/python" -c '' 2>/dev/null ||
    tools/uv.sh venv --quiet --clear --python '>=3.11' "$folder"
tools/uv.sh pip sync --quiet --python "$folder" --require-hashes "requirements/$lock.txt"
tools/uv.sh pip install --quiet --python "$folder" --offline --no-deps --editable .

touch "$folder/ready-$lock"
[[ $lock != dev ]] || touch "$folder/ready-base" # dev holds all of base
