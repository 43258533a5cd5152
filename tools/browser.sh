#!/bin/bash
# See that the browser of the tests and a Chinese font are there; as root put them there.
set -euo pipefail
wanted=(chromium fonts-wqy-microhei)
missing=()
for package in "${wanted[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
((${#missing[@]})) || exit 0
line="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if ((EUID)); then
    echo "The browser tests need ${missing[*]}. Once, as root:" >&2
    echo "  sudo sh -c '$line'" >&2
    exit 1
fi
echo "Installing ${missing[*]} …"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
