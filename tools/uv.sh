#!/bin/bash
# uv as locked in requirements/uv.txt, fetched on first use by the pip that lies in vendor/.
set -euo pipefail
house=$(cd "$(dirname "$0")/.." && pwd)
tools=$house/.tools
lock=$house/requirements/uv.txt

if ! cmp --silent "$lock" "$tools/uv.txt"; then
    (cd "$house/vendor" && sha256sum --check --quiet SHA256SUMS)
    pip=(python3 "$(echo "$house"/vendor/pip-*.whl)/pip" --disable-pip-version-check)
    rm -rf "$tools"
    "${pip[@]}" install --quiet --root-user-action ignore --target "$tools" --only-binary :all: \
        --require-hashes --requirement "$lock"
    # uv does not read pip's settings, and many a house names its package mirror only there.
    echo "${PIP_INDEX_URL:-$("${pip[@]}" config get global.index-url 2>/dev/null)}" >"$tools/mirror"
    cp "$lock" "$tools"
fi

export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$(<"$tools/mirror")}
export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never
exec "$tools/bin/uv" "$@"
