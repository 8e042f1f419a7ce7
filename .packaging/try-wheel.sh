#!/usr/bin/env bash
# Installs the wheel in a bare Debian by pipx, uv and pip, each by itself, and runs the demo and the page with each.
#
#   make release && sudo .packaging/try-wheel.sh
#
# Needs root, debootstrap and a package registry. Takes some minutes, of which making the system is one to two. The
# versions are those of constraints.txt; `NEWEST=1` takes the newest that the wheel allows. SUITE is Debian's (bookworm).
set -euo pipefail
here="$(cd "$(dirname "$0")/.." && pwd)"
dist="${DIST:-$here/dist}"
root="$(mktemp -d /tmp/importer-bare.XXXXXX)"
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$root"' EXIT

timed() { # what, then the command
  local what="$1" began ended
  shift
  began="$(date +%s.%N)"
  "$@"
  ended="$(date +%s.%N)"
  awk -v what="$what" -v a="$began" -v b="$ended" 'BEGIN { printf "%6.1f s  %s\n", b - a, what }'
}
inside() { # the environment's own settings of pip, such as a certificate, hold in there too
  env HOME=/root LC_ALL=C.UTF-8 PATH=/root/.local/bin:/opt/uv/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" "$@"
}
quietly() { "$@" >"$root/log" 2>&1 || { cat "$root/log" >&2; exit 1; }; }

timed "a bare Debian ${SUITE:-bookworm} with python3 and pipx" quietly debootstrap --variant=minbase \
  --include=python3,python3-venv,pipx,ca-certificates "${SUITE:-bookworm}" "$root"
mount -t proc proc "$root/proc"
for path in ${PIP_CERT:-} ${SSL_CERT_FILE:-} ${REQUESTS_CA_BUNDLE:-}; do install -D "$path" "$root$path"; done
cp "$dist"/*.whl "$dist"/constraints.txt "$root/root/"
wheel="/root/$(basename "$dist"/*.whl)"
constraints=/root/constraints.txt
if [ -n "${NEWEST:-}" ]; then : >"$root$constraints"; fi
inside python3 --version

cat >"$root/root/fetch_page.py" <<'PYTHON'
"""Starts `importer web` as this command line says, fetches the first page, ends it; prints the seconds to the page."""

import http.cookiejar, subprocess, sys, time, urllib.request

began = time.monotonic()
process = subprocess.Popen([*sys.argv[1:], "web", "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
address = process.stdout.readline().decode().strip()
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
page = opener.open(address).read().decode()
print(f"{time.monotonic() - began:6.1f} s  first page of importer web", flush=True)
process.terminate()
sys.exit(0 if "<h1" in page else "That is not the page:\n" + page)
PYTHON

use() { # the command line of an installed importer
  inside "$@" --version
  timed "importer demo" quietly inside "$@" demo --out /root/demo
  test -s "$root/root/demo/skill-memberships.result.xlsx"
  rm -r "$root/root/demo"
  inside python3 /root/fetch_page.py "$@"
}

echo "pipx install"
timed "install" quietly inside pipx install --pip-args="--constraint $constraints" "$wheel"
use importer
quietly inside pipx uninstall kantata-importer

echo "uv tool install"
quietly inside python3 -m venv /opt/uv
quietly inside /opt/uv/bin/pip install uv
timed "install" quietly inside uv tool install --constraints "$constraints" "$wheel"
use importer
quietly inside uv tool uninstall kantata-importer

echo "uvx --from"
use uvx --constraints "$constraints" --from "$wheel" importer

echo "pip install"
quietly inside python3 -m venv /opt/importer
timed "install" quietly inside /opt/importer/bin/pip install --constraint "$constraints" "$wheel"
use /opt/importer/bin/importer

echo "pip install of the source archive, with all extras"
cp "$dist"/*.tar.gz "$root/root/"
quietly inside python3 -m venv /opt/all
timed "install" quietly inside /opt/all/bin/pip install --constraint "$constraints" "/root/$(basename "$dist"/*.tar.gz)[all]"
use /opt/all/bin/importer
echo "All of it works."
