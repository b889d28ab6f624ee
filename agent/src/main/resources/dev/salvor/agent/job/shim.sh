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
    go_on=${SALVOR_GO_ON:-}
    unset SALVOR_WORKDIR SALVOR_TMP SALVOR_GO_ON
    exec 3>&2 2>>"$jobs/shim.log" # this shell's own words are not the job's
    stop='' status=0 failed=''
    trap 'stop=1' TERM INT HUP # for the step: this shell only learns that it is over
    for step in "$record/plan-$SALVOR_MARK"/*; do # NNN-KIND-DIGEST, each holding a command
      name=${step##*/}
      name=${name#*-}
      case $name in job*) mark='' ;; *) mark=$jobs/done/$name ;; esac
      if [ "$mark" ] && [ -e "$mark" ]; then
        [ "$(<"$mark")" = yes ] || failed=1
        continue
      fi
      [ "$stop" ] && exit 143
      put "$record/doing" "$name"
      bash -c "$(<"$step")" 2>&3 3>&-
      status=$?
      if [ "$status" != 0 ]; then
        case $go_on$name in
          1task-*) # it had its turn, and the rest have theirs, unless the job was told to end
            [ "$stop" ] && break
            put "$mark" "$status"
            failed=1 status=0
            continue
            ;;
        esac
        break
      fi
      [ "$mark" ] && put "$mark" yes
    done
    [ "$status" = 0 ] && [ "$failed" ] && status=1
    # The shim writes it too, unless somebody killed the shim.
    put "$record/status" "$status"
    exit "$status"
    ;;
esac
