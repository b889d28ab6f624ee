#!/usr/bin/env bash
# Runs one program on the disk of a box that is down: disk.sh ROOT DISK WORD..., inside fresh namespaces.
set -eu
. "${0%/*}/new-root.sh"
root=$1 disk=$2
shift 2
new_root "$root"
for d in root workspace app work var tmp; do
  mkdir -p "$disk/$d" "$root/$d"
  mount --bind "$disk/$d" "$root/$d"
done
enter_root "$root"
exec "$@" 2>&1
