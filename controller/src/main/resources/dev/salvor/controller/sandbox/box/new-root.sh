#!/usr/bin/env bash
# Builds a new root on a tmpfs at $1: the machine's programs read-only, fresh /proc and a minimal /dev.
# To be sourced inside a user and mount namespace.

read_only() { # what, where
  mount --rbind "$1" "$2"
  # A mount made by somebody else may carry flags that must be repeated.
  mount -o remount,bind,ro "$2" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev "$2"
}

new_root() { # where
  mkdir -p "$1"
  mount -t tmpfs -o mode=755,size=64m tmpfs "$1"
  for d in usr lib lib32 lib64 libx32 bin sbin etc; do
    if [ -L "/$d" ]; then
      ln -s "$(readlink "/$d")" "$1/$d"
    elif [ -d "/$d" ]; then
      mkdir "$1/$d"
      read_only "/$d" "$1/$d"
    fi
  done
  mkdir -p "$1/proc" "$1/dev/shm" "$1/dev/pts" "$1/run" "$1/opt" "$1/mnt" "$1/home" "$1/.old"
  mount -t proc proc "$1/proc"
  for n in null zero full random urandom tty; do
    : >"$1/dev/$n"
    mount --bind "/dev/$n" "$1/dev/$n"
  done
  mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts" 2>/dev/null || true
  ln -s pts/ptmx "$1/dev/ptmx"
  ln -s /proc/self/fd "$1/dev/fd"
  ln -s /proc/self/fd/0 "$1/dev/stdin"
  ln -s /proc/self/fd/1 "$1/dev/stdout"
  ln -s /proc/self/fd/2 "$1/dev/stderr"
}

enter_root() { # where
  cd "$1"
  pivot_root . .old
  cd /
  umount -l /.old
  rmdir /.old
}
