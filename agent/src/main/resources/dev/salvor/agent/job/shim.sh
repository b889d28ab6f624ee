#!/bin/bash
# Keeps one job: holds the lock, records who runs, and how it ended. Outlives the agent.
#   shim.sh outer JOBDIR RECORDDIR    (in a session of its own)
#   shim.sh inner RECORDDIR           (the job's first breath; becomes the command)
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

case $1 in
  outer)
    jobs=$2 record=$3
    exec 9>>"$jobs/lock"
    flock -n 9 || exit 75
    # An earlier start on this boot is on record: it is never repeated.
    [ -e "$record/running" ] && exit 76
    cd "$SALVOR_WORKDIR" || exit 77
    hit=0 status=0
    trap 'hit=1' TERM INT HUP
    setsid bash "$0" inner "$record" "$$" </dev/null >>"$jobs/log" 2>&1 &
    child=$!
    while :; do # a signal to this shell ends a wait early, and says nothing of the job
      hit=0
      wait "$child"
      status=$?
      [ "$hit" = 1 ] && kill -0 "$child" 2>/dev/null || break
    done
    put "$record/exit" "$status"
    ;;
  inner)
    record=$2 shim=$3
    put "$record/running" "pid=$$
start=$(start_time "$$")
shim=$shim
shim_start=$(start_time "$shim")
boot_id=$(cat /proc/sys/kernel/random/boot_id)" || exit 78 # unrecorded, it could be started twice
    command=$SALVOR_COMMAND
    unset SALVOR_COMMAND SALVOR_WORKDIR
    exec bash -c "$command"
    ;;
esac
