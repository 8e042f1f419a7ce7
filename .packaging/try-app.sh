#!/bin/bash
# Tries the program to double-click where there is no Python: in a bare Debian, from the menu of applications to a skill
# matrix that is loaded into the sandbox, in Chromium. Prints the size and the times.
#
#   sudo .packaging/try-app.sh [FOLDER]     after `make app`, and `make lint` for the .venv that drives the page
#
# FOLDER is where the bare Debian is made, or was made by an earlier try (1.3 GB).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
top=$(dirname "$here")
app=$top/dist/importer-app
root=$(realpath -m "${1:-/var/tmp/bare-debian}")
most_mb=150 most_s=4 port=9333 display=:96
packages=chromium,curl,dbus-x11,fonts-dejavu-core,libglib2.0-bin,libgtk-3-bin,procps,xdg-utils,xvfb

say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*" >&2; exit 1; }
inside() { chroot "$root" "$@"; }
as_dana() { inside su dana -s /bin/sh -c "cd; export DISPLAY=$display XDG_RUNTIME_DIR=/tmp/dana; $1"; }
now() { date +%s.%N; }
since() { awk "BEGIN { printf \"%.1f\", $(now) - $1 }"; }
between() { awk "BEGIN { printf \"%.1f\", $2 - $1 }"; }

make_root() {
  [ -e "$root/made" ] && return
  debootstrap --variant=minbase bookworm "$root" >/dev/null
  cp /etc/resolv.conf "$root/etc/"
  inside apt-get -qq update
  DEBIAN_FRONTEND=noninteractive inside apt-get -qq install -y --no-install-recommends ${packages//,/ } >/dev/null 2>&1
  touch "$root/made"
}

# A person's desktop: their folder with the program in it, a screen, and Chromium, which a chroot lets have no cage.
prepare() {
  [ -e "$root/home/dana" ] || inside useradd --create-home dana
  pick=$root/home/dana
  rm -rf "$root"/tmp/.X* "$root"/tmp/importer-* "$pick"/* "$pick"/.config "$pick"/.local "$pick"/.cache
  cp -a "$app" "$pick/importer-app"
  printf 'export CHROMIUM_FLAGS="--no-sandbox --no-first-run --remote-debugging-port=%s --user-data-dir=/home/dana/browser"\n' \
    $port > "$root/etc/chromium.d/try"
  # A browser that notes when the first page was there, as whole as a person gets it.
  cat > "$root/usr/local/bin/noting-browser" <<'BROWSER'
#!/bin/sh
address=$(sed -n 's/.*url=\([^"]*\)".*/\1/p' "${1#file://}")
curl --silent --show-error --fail --location --cookie-jar /tmp/cookies "$address" > /home/dana/page.html && date +%s.%N > /home/dana/page.time
BROWSER
  chmod 755 "$root/usr/local/bin/noting-browser"
  inside chown -R dana: /home/dana
  mkdir -p "$root/tmp/dana"; inside chown dana: /tmp/dana; chmod 700 "$root/tmp/dana"
}

no_python() {
  found=$(find "$root" -xdev -path "$root/home" -prune -o -path "$root/proc" -prune -o \( -name 'python*' -o -name 'libpython*' \) \( -type f -o -type l \) -print)
  [ -z "$found" ] || fail "there is a Python: $found"
  inside sh -c '! command -v python python3 pip' >/dev/null || fail "there is a Python on the path"
  say "no Python: no file of that name, no command, $(inside dpkg-query --show | wc -l) packages"
}

# From the start of the program to its first page, whole.
first_page() {
  rm -f "$root"/home/dana/page.*
  started=$(now)
  as_dana "BROWSER=noting-browser exec ./importer-app/open-importer" &
  until [ -s "$root/home/dana/page.time" ]; do
    [ "${started%.*}" -gt $(($(date +%s) - 60)) ] || fail "no page within a minute"
    sleep 0.05
  done
  took=$(between "$started" "$(cat "$root/home/dana/page.time")")
  grep -q "Use the sandbox" "$root/home/dana/page.html" || fail "the first page does not offer the sandbox"
  say "first page, $1: $took s (at most $most_s; load of this machine: $(cut -d' ' -f1 /proc/loadavg) on $(nproc) processors)"
  awk "BEGIN { exit !($took <= $most_s) }" || slow="$slow $1"
  stop
}

stop() {
  inside pkill -TERM -o -u dana open-importer
  for _ in $(seq 100); do inside pgrep -u dana open-importer >/dev/null || return 0; sleep 0.1; done
  fail "the program does not end"
}

try_all() {
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/dev/shm"
  no_python
  mb=$(du -sm "$root/home/dana/importer-app" | cut -f1)
  say "size: $mb MB (at most $most_mb)"
  [ "$mb" -le $most_mb ] || fail "too large"

  inside Xvfb $display -screen 0 1280x900x24 >/dev/null 2>&1 &
  until [ -e "$root/tmp/.X11-unix/X${display#:}" ]; do sleep 0.1; done
  slow=""
  sync; echo 3 > /proc/sys/vm/drop_caches 2>/dev/null || say "(the cache of files could not be emptied)"
  first_page cold
  first_page warm
  as_dana "./importer-app/importer --version; ./importer-app/importer demo --quiet --out demo" | sed -n '1p;$p'

  as_dana "sh importer-app/add-to-menu.sh"
  started=$(now)
  as_dana "gtk-launch kantata-importer 2>/dev/null" &
  "$top/.venv/bin/python" "$here/drive_page.py" $port "$top/sample_data/gallery/competence-matrix-2026.xlsx"
  say "from the click in the menu to the loaded matrix: $(since "$started") s"
  # A second click brings the page of the first program.
  as_dana "gtk-launch kantata-importer 2>/dev/null"
  sleep 3
  [ "$(inside pgrep -c -u dana -x open-importer)" -le 2 ] || fail "a second click started a second program"
  stop
  [ -z "$slow" ] || fail "too slow:$slow"
  say "All is well."
}

case ${2:-} in
  inside) try_all ;;
  *)
    [ -x "$app/open-importer" ] || fail "make app first"
    [ -x "$top/.venv/bin/python" ] || fail "make lint first"
    make_root
    prepare
    # All mounts and processes of the try end with it.
    exec unshare --mount --pid --fork --kill-child "$0" "$root" inside
    ;;
esac
