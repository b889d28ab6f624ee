#!/usr/bin/env bash
# Serves box disks over stdin and stdout: rsync.sh ROOT [MODULE DISK]..., inside fresh namespaces.
# Each module is a chroot, so that a link on a box's disk can lead nowhere else, and paths are the box's own.
set -eu
. "${0%/*}/new-root.sh"
root=$1
shift
new_root "$root"
{
  printf 'use chroot = yes\nread only = no\nnumeric ids = yes\nreverse lookup = no\nmax verbosity = 1\n'
  while [ $# -gt 1 ]; do
    mkdir -p "$root/boxes/$1"
    mount --bind "$2" "$root/boxes/$1"
    printf '[%s]\npath = /boxes/%s\n' "$1" "$1"
    shift 2
  done
} >"$root/rsyncd.conf"
enter_root "$root"
# A daemon that is root drops to other users, which this namespace does not have: it runs as nobody of note, keeping the right to chroot.
exec unshare --user --map-user=1000 --map-group=1000 --keep-caps -- rsync --server --daemon --config=/rsyncd.conf .
