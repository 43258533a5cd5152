#!/bin/bash
# Take the newest pip into vendor/, with its hash; then what the pages take from others.
set -euo pipefail
cd "$(dirname "$0")/../vendor"

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
python3 "$(echo pip-*.whl)/pip" --disable-pip-version-check download --quiet --no-deps --only-binary :all: \
    --dest "$new" pip
rm pip-*.whl
mv "$new"/pip-*.whl .
sha256sum pip-*.whl | tee SHA256SUMS
cd .. && python3 tools/vendor.py
