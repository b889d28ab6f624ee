#!/usr/bin/env bash
# Starts Salvor's agent. Runs on every boot of the box; a second run beside the first changes nothing.
set -u
h=${SALVOR_HOME:-/root/.salvor}
say() { echo "salvor onstart: $*"; }
die() { say "$2"; exit "$1"; }
{ mkdir -p "$h" && chmod 700 "$h"; } || die 73 "cannot make $h: set SALVOR_HOME to a writable folder"
{ type -P flock && type -P setsid; } >/dev/null || die 69 "this image lacks flock or setsid: install util-linux"

# One supervisor a box: whoever holds the lock. Its agent holds it too.
exec 9>>"$h/agent.lock"
flock -n 9 || die 0 "the agent is running already"

bundle() {
  for b in "${SALVOR_BUNDLE:-}" /opt/salvor "$h/bundle"; do
    [ -n "$b" ] && [ -f "$b/agent.jar" ] && return 0
  done
  return 1
}
jvm() {
  local v
  for j in "$b/jre/bin/java" "${JAVA_HOME:-/opt/jdk}/bin/java" /opt/jdk/bin/java "$(type -P java)"; do
    [ -x "$j" ] && v=$("$j" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p') && [ "${v:-0}" -ge 25 ] && return 0
  done
  return 1
}
fetch() {
  local t=$h/bundle.tgz n=$h/bundle.new
  say "fetching $SALVOR_BUNDLE_URL"
  if type -P curl >/dev/null; then
    curl -fsSL --retry 20 --retry-connrefused --retry-delay 5 -m 1800 -o "$t" "$SALVOR_BUNDLE_URL"
  else wget -q -t 20 -T 60 -O "$t" "$SALVOR_BUNDLE_URL"; fi || die 69 "cannot fetch the bundle"
  echo "$SALVOR_BUNDLE_SHA256  $t" | sha256sum -c --status || die 65 "the bundle is not the pinned one: refused"
  rm -rf "$n" "$h/bundle"
  { mkdir "$n" && tar -xzf "$t" -C "$n" && mv "$n" "$h/bundle" && bundle; } || die 65 "the bundle holds no agent.jar"
  rm -f "$t"
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
  local p='' d=1 t c w
  exec > >(log 9>&-) 2>&1 </dev/null
  w=$!
  trap 'exec >&- 2>&-; wait $w' EXIT
  trap 'trap "" TERM INT; [ "$p" ] && kill "$p" && wait "$p"; exit 143' TERM INT
  bundle || fetch
  jvm || die 69 "no Java 25 or newer in $b/jre, JAVA_HOME, /opt/jdk or PATH: the agent cannot start"
  while :; do
    t=$SECONDS
    MALLOC_ARENA_MAX=1 "$j" -XX:+UseSerialGC -Xmx48m -Xss256k -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=24m \
      -XX:-UsePerfData --enable-native-access=ALL-UNNAMED -jar "$b/agent.jar" watch --home "$h" &
    p=$!
    wait "$p"
    c=$?
    p=
    case $c in 0 | 78) die "$c" "the agent has ended ($c)" ;; esac
    ((SECONDS - t >= 60)) && d=1
    say "the agent exited with $c; again in $d s"
    sleep "$d" 9>&- &
    wait $!
    ((d = d < 16 ? d * 2 : 30))
    bundle
  done
}

if ! bundle; then
  [ "${SALVOR_BUNDLE_URL:-}" ] || die 66 "no agent.jar in SALVOR_BUNDLE, /opt/salvor or $h/bundle, and no SALVOR_BUNDLE_URL"
  [ "${SALVOR_BUNDLE_SHA256:-}" ] || die 66 "SALVOR_BUNDLE_URL without SALVOR_BUNDLE_SHA256: refused"
fi
n=$(tr -dc 0-9 2>/dev/null <"$h/boot")
export SALVOR_HOME=$h SALVOR_BOOT=$((${n:-0} + 1))
echo "$SALVOR_BOOT" >"$h/boot.new" && sync "$h/boot.new" && mv "$h/boot.new" "$h/boot"
say "boot $SALVOR_BOOT of run ${SALVOR_RUN:-?}, generation ${SALVOR_GENERATION:-?}"
[ "${SALVOR_FOREGROUND:-}" = 1 ] && run
setsid bash -c "h=\$SALVOR_HOME; $(declare -f say die bundle jvm fetch log run); run" &
