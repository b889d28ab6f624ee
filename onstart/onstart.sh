#!/usr/bin/env bash
# Starts Salvor's agent. Runs on every boot of the box, as onstart or as the container's command; a second run beside
# the first changes nothing. Needs bash, coreutils, and flock and setsid of util-linux; tar, gzip and curl or wget only
# where the bundle comes as an archive. Comments and indents are left out where it is sent to a platform.
set -u
h=${SALVOR_HOME:-/root/.salvor}
m=
say() { echo "salvor onstart: $*"; }
once() { [ "$m" = "$*" ] || say "$*"; m=$*; }
die() { say "$2"; exit "$1"; }
{ mkdir -p "$h" && chmod 700 "$h"; } || die 73 "cannot make $h: set SALVOR_HOME to a writable folder"
{ type -P flock && type -P setsid; } >/dev/null || die 69 "this image lacks flock or setsid: install util-linux"
[ -z "${SALVOR_BUNDLE_URL:-}" ] || [ "${SALVOR_BUNDLE_SHA256:-}" ] || die 66 "SALVOR_BUNDLE_URL without SALVOR_BUNDLE_SHA256: refused"

# One supervisor a box: whoever holds the lock. Its agent holds it too.
exec 9>>"$h/agent.lock"
flock -n 9 || die 0 "the agent is running already"

# The bundle is pushed (an archive, put there by rename), baked into the image, or fetched.
bundle() {
  local t=$h/bundle.tgz n=$h/bundle.new
  if [ -f "$t" ]; then
    rm -rf "$n"
    if mkdir "$n" && tar -xf "$t" -C "$n" && [ -f "$n/agent.jar" ]; then
      rm -rf "$h/bundle" && mv "$n" "$h/bundle"
    else say "$t is no bundle with an agent.jar: left out"; fi
    rm -rf "$t" "$n"
  fi
  for b in "${SALVOR_BUNDLE:-}" "$h/bundle" /opt/salvor; do
    [ "$b" ] && [ -f "$b/agent.jar" ] && [ -f "$b/agent.sh" ] && return
  done
  fetch
}
fetch() {
  local t=$h/fetched.tgz u=${SALVOR_BUNDLE_URL:-}
  [ "$u" ] || {
    once "no agent.jar and agent.sh in SALVOR_BUNDLE, $h/bundle or /opt/salvor, and no SALVOR_BUNDLE_URL: waiting for $h/bundle.tgz"
    return 1
  }
  once "fetching $u"
  if type -P curl >/dev/null; then
    curl -fsSL --retry 5 -m 1800 -o "$t" "$u"
  else wget -q -T 60 -O "$t" "$u"; fi || {
    once "cannot fetch the bundle, trying again"
    return 1
  }
  echo "$SALVOR_BUNDLE_SHA256  $t" | sha256sum -c --status || die 65 "the bundle is not the pinned one: refused"
  mv "$t" "$h/bundle.tgz"
  SALVOR_BUNDLE_URL='' bundle
}
# SSH sessions see what the platform set for the box; each line is added once.
environment() {
  local e l
  e=$'\n'$(cat "$1")$'\n'
  while IFS= read -rd '' l; do
    case $l in
      SALVOR_* | PATH=* | HOME=* | PWD=* | OLDPWD=* | SHLVL=* | TERM=* | _=* | *$'\n'*) ;;
      *) [[ $e == *$'\n'"$l"$'\n'* ]] || echo "$l" ;;
    esac
  done </proc/$$/environ >>"$1"
}
# "rsync git rg:ripgrep": every command that is missing, by its package. Once a disk.
packages() {
  local p w=()
  [ "$(cat "$h/packages")" = "$SALVOR_PACKAGES" ] && return
  for p in $SALVOR_PACKAGES; do type -P "${p%%:*}" >/dev/null || w+=("${p#*:}"); done
  if [ "${w[*]}" ]; then
    say "installing ${w[*]}"
    { timeout 300 apt-get update && DEBIAN_FRONTEND=noninteractive timeout 900 apt-get install -y "${w[@]}"; } >"$h/packages.log" || {
      say "cannot install them: see $h/packages.log"
      return
    }
  fi
  echo "$SALVOR_PACKAGES" >"$h/packages"
}
# Lines go to the log (5 MB and one old file) and to the platform's log.
log() {
  trap '' PIPE INT TERM
  local l n
  n=$(wc -c 2>/dev/null <"$h/agent.log") || n=0
  while IFS= read -r l; do
    ((n += ${#l} + 1, n > 5000000)) && mv "$h/agent.log" "$h/agent.log.1" && n=0
    printf '%s\n' "$l" >>"$h/agent.log"
    printf '%s\n' "$l"
  done 2>/dev/null
}
run() {
  local b='' c d=1 p='' t w
  exec > >(log 9>&-) 2>&1 </dev/null
  w=$!
  trap 'exec >&- 2>&-; wait $w' EXIT
  trap 'trap "" TERM INT; [ "$p" ] && kill "$p" && wait "$p"; exit 143' TERM INT
  [ "${SALVOR_PACKAGES:-}" ] && packages 2>/dev/null 9>&-
  while [ -d "$h" ]; do
    t=$SECONDS
    if bundle; then
      bash "$b/agent.sh" "$h" &
      p=$!
      wait "$p"
      c=$?
      p=
      case $c in 0 | 78) die "$c" "the agent has ended ($c)" ;; esac
      ((SECONDS - t >= 60)) && d=1
      say "the agent exited with $c; again in $d s"
    else d=4; fi
    sleep "$d" 9>&- &
    wait $!
    ((d = d < 16 ? d * 2 : 30))
  done
}

n=$(tr -dc 0-9 2>/dev/null <"$h/boot")
export SALVOR_HOME=$h SALVOR_BOOT=$((${n:-0} + 1))
echo "$SALVOR_BOOT" >"$h/boot.new" && sync "$h/boot.new" && mv "$h/boot.new" "$h/boot"
say "boot $SALVOR_BOOT of run ${SALVOR_RUN:-?}, generation ${SALVOR_GENERATION:-?}"
[ "${CONTAINER_ID:-}" ] && environment "${SALVOR_ROOT:-}/etc/environment" 2>/dev/null
{ [ "${SALVOR_FOREGROUND:-}" = 1 ] || [ $$ = 1 ]; } && run
setsid bash -c "h=\$SALVOR_HOME m=; $(declare -f say once die bundle fetch packages log run); run" &
