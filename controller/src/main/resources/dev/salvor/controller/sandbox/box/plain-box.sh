#!/usr/bin/env bash
# A box where namespaces are refused: plain-box.sh META DISK JDK BUNDLE. HOME, cwd and SALVOR_ROOT point into its disk.
set -eu
meta=$1 disk=$2 jdk=$3 bundle=$4
for d in root workspace app work var tmp opt; do mkdir -p "$disk/$d"; done
ln -sfn "$jdk" "$disk/opt/jdk"
[ -z "$bundle" ] || ln -sfn "$bundle" "$disk/opt/salvor"
if ! cmp -s "$meta/onstart" "$meta/placed" || [ ! -f "$disk/root/onstart.sh" ]; then
  cp "$meta/onstart" "$meta/placed"
  rm -rf "$disk/root/onstart.sh"
  cat "$meta/onstart" >"$disk/root/onstart.sh"
fi
exec 5<"$meta/env"
while IFS= read -r -d '' pair <&5; do
  case ${pair%%=*} in
    '' | *[!A-Za-z0-9_]* | [0-9]*) ;;
    *) export "$pair" ;;
  esac
done
exec 6<"$meta/argv"
argv=()
while IFS= read -r -d '' word <&6; do argv+=("$word"); done
export HOME="$disk/root" SALVOR_ROOT="$disk" JAVA_HOME="$jdk" PATH="$jdk/bin:$PATH" TMPDIR="$disk/tmp" DATA_DIRECTORY="$disk/workspace"
while IFS= read -r -d '' from && IFS= read -r -d '' path; do
  mkdir -p "$disk${path%/*}"
  ln -sfn "$from" "$disk$path"
done <"$meta/volumes"
cd "$disk/root"
echo up >"$meta/ready"
exec 5<&- 6<&- </dev/null
if [ ${#argv[@]} -gt 0 ]; then
  exec "${argv[@]}"
fi
bash "$disk/root/onstart.sh"
while :; do sleep 2147483; done
