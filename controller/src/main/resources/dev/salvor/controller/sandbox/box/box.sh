#!/usr/bin/env bash
# Makes a box around itself and becomes its init: box.sh META DISK JDK BUNDLE, as PID 1 of a new PID namespace.
set -eu
here=${0%/*}
. "$here/new-root.sh"
meta=$1 disk=$2 jdk=$3 bundle=$4
root=$meta/root
# Text that the platform has put on the disk once stays as its owner left it.
placed=
if cmp -s "$meta/onstart" "$meta/placed"; then placed=1; else cp "$meta/onstart" "$meta/placed"; fi
exec 3>"$meta/ready" 4<"$meta/onstart" 5<"$meta/env" 6<"$meta/argv" 7<"$here/launch.sh" 8>"$meta/refused"

new_root "$root"
mkdir "$root/opt/jdk"
read_only "$jdk" "$root/opt/jdk"
if [ "$bundle" ]; then
  mkdir "$root/opt/salvor"
  read_only "$bundle" "$root/opt/salvor"
fi
for d in root workspace app work var tmp; do
  mkdir -p "$disk/$d" "$root/$d"
  mount --bind "$disk/$d" "$root/$d"
done
chmod 1777 "$root/tmp"
paths=()
while IFS= read -r -d '' from && IFS= read -r -d '' path; do
  mkdir -p "$root/.volumes/${#paths[@]}"
  mount --bind "$from" "$root/.volumes/${#paths[@]}"
  paths+=("$path")
done <"$meta/volumes"
enter_root "$root"
# Inside, a link on the box's disk leads nowhere else.
for i in "${!paths[@]}"; do
  mkdir -p "${paths[i]}"
  mount --bind "/.volumes/$i" "${paths[i]}"
done

# Only now, with the host's files out of reach, is anything of the box's own written or believed.
cat <&7 >/.launch
if [ -z "$placed" ] || [ ! -f /root/onstart.sh ]; then
  rm -rf /root/onstart.sh
  cat <&4 >/root/onstart.sh
fi
chmod 755 /root/onstart.sh /.launch
argv=()
while IFS= read -r -d '' word <&6; do argv+=("$word"); done
unset SALVOR_BOX placed here meta disk jdk bundle root paths from path i
while IFS= read -r -d '' pair <&5; do
  case ${pair%%=*} in
    '' | *[!A-Za-z0-9_]* | [0-9]*) ;;
    *) export "$pair" ;;
  esac
done
printf '%s\n' "${CONTAINER_API_KEY-}" >/root/.vast_api_key
printf '%s\n' "${VAST_CONTAINERLABEL-}" >/root/.vast_containerlabel
chmod 600 /root/.vast_api_key
cd /root
if [ ${#argv[@]} -gt 0 ] && ! type -P -- "${argv[0]}" >/dev/null; then
  case ${argv[0]} in
    */*) why="stat ${argv[0]}: no such file or directory" ;;
    *) why='executable file not found in $PATH' ;;
  esac
  name=${argv[0]//\\/\\\\}
  echo "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"${name//\"/\\\"}\": $why: unknown" | tee /dev/fd/8
  exit 127
fi
echo up >&3
exec 3>&- 4<&- 5<&- 6<&- 7<&- 8>&- </dev/null
if [ ${#argv[@]} -gt 0 ]; then
  rm -f /.launch
  exec "${argv[@]}"
fi
exec bash /.launch
