#!/usr/bin/env bash
# Becomes the agent: agent.sh HOME. Lies in the bundle beside agent.jar, so that a jar runs with the flags made for it.
set -u
h=$1
b=$(cd "$(dirname "$0")" && pwd) || exit 66

# Every flag is here for memory: a watcher idles. Archives at their own addresses stay shared pages of a file; the trim
# gives back what starting up took.
flags=(-XX:+UseSerialGC -Xms4m -Xmx48m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -Xss256k
  -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=16m -XX:-UsePerfData -XX:TrimNativeHeapInterval=10000
  -XX:+ExitOnOutOfMemoryError -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
  --enable-native-access=ALL-UNNAMED)

# The first Java of 25 or newer. Its release file says so at no price, and identifies it.
java() {
  local name version
  for j in "$b/jre/bin/java" "${JAVA_HOME:-/opt/jdk}/bin/java" /opt/jdk/bin/java "$(type -P java)"; do
    j=$(readlink -f "$j") || continue
    release=${j%/bin/java}/release
    { [ -x "$j" ] && [ -r "$release" ]; } || continue
    while IFS='"' read -r name version _; do
      [ "$name" = JAVA_VERSION= ] && [ "${version%%[.-]*}" -ge 25 ] && return
    done <"$release"
  done
  return 1
}

# Makes the cache from a short life of its own, once, when the box is past its start.
train() {
  local i
  for ((i = ${SALVOR_AOT_AFTER:-20}; i > 0; i--)); do
    sleep 1
    kill -0 $$ || return # the agent is gone
  done
  mkdir -p "$h/aot" && exec 8>"$h/aot/lock" && flock -n 8 || return
  rm -f "$h"/aot/*.aot*
  if nice -n 19 "$j" "${flags[@]}" "-XX:AOTCacheOutput=$cache.new" -jar "$b/agent.jar" selftest && [ -s "$cache.new" ]; then
    mv "$cache.new" "$cache"
  fi
  rm -f "$cache.new" "$cache.new.config"
}

java || {
  echo "salvor: no Java 25 or newer in $b/jre, JAVA_HOME, /opt/jdk or PATH: the agent cannot start"
  exit 69
}
# Named by all it depends on: the JVM does not notice another jar, and would run old code.
cache=$({ echo "$b ${flags[*]}" && cat "$release" "$b/agent.jar"; } | sha256sum)
cache=$h/aot/${cache%% *}.aot
if [ -s "$cache" ]; then
  flags+=("-XX:AOTCache=$cache")
else
  # Forked twice: the agent is nobody's parent. It does not hold the agent's lock.
  (train >"$h/aot.log" 2>&1 9>&- &)
fi
MALLOC_ARENA_MAX=1 SALVOR_AOT=$cache exec "$j" "${flags[@]}" -jar "$b/agent.jar" watch --home "$h"
