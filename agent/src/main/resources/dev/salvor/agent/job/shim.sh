#!/bin/bash
# Keeps one start of the job: holds the lock, records who runs, and how it ended. Outlives the agent.
#   shim.sh outer JOBDIR RECORDDIR         (in a session of its own)
#   shim.sh inner JOBDIR RECORDDIR SHIM    (leads the job's session; runs its steps one by one)
# The lock is inherited: it is held as long as anything of the job lives.
start_time() { # field 22 of /proc/PID/stat, counted after the name, which may hold anything
  local stat
  stat=$(<"/proc/$1/stat") || return 1
  stat=${stat##*) }
  set -- $stat
  echo "${20}"
}

put() { # FILE CONTENT: whole or not at all
  printf '%s\n' "$2" >"$1.tmp" && { sync "$1.tmp" 2>/dev/null || true; } && mv -f "$1.tmp" "$1"
}

jobs=$2 record=$3
case $1 in
  outer)
    exec 9>>"$jobs/lock"
    flock -n 9 || exit 75
    # This start is on record: it is never repeated.
    [ -e "$record/running" ] && exit 76
    cd "$SALVOR_WORKDIR" || exit 77
    # What an earlier start left in our own place for temporary files.
    [ "${SALVOR_TMP:-}" ] && rm -rf -- "$SALVOR_TMP" && mkdir -p -- "$SALVOR_TMP"
    trap : TERM INT HUP # ends with its job, not before
    setsid bash "$0" inner "$jobs" "$record" "$$" </dev/null >>"$jobs/log" 2>&1
    put "$record/exit" "$?"
    ;;
  inner)
    put "$record/mark" "$SALVOR_MARK" || exit 78
    put "$record/running" "pid=$$
start=$(start_time "$$")
shim=$4
shim_start=$(start_time "$4")
boot_id=$(cat /proc/sys/kernel/random/boot_id)" || exit 78 # unrecorded, it could be started twice
    unset SALVOR_WORKDIR SALVOR_TMP
    exec 3>&2 2>>"$jobs/shim.log" # this shell's own words are not the job's
    stop='' status=0
    trap 'stop=1' TERM INT HUP # for the step: this shell only learns that it is over
    for step in "$record/plan-$SALVOR_MARK"/*; do # NNN-KIND-DIGEST, each holding a command
      name=${step##*/}
      name=${name#*-}
      case $name in job*) mark='' ;; *) mark=$jobs/done/$name ;; esac
      [ "$mark" ] && [ -e "$mark" ] && continue
      [ "$stop" ] && exit 143
      put "$record/doing" "$name"
      bash -c "$(<"$step")" 2>&3 3>&-
      status=$?
      [ "$status" = 0 ] || break
      [ "$mark" ] && put "$mark" yes
    done
    # The shim writes it too, unless somebody killed the shim.
    put "$record/status" "$status"
    exit "$status"
    ;;
esac
