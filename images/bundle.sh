#!/usr/bin/env bash
# Makes the agent as one archive with its own Java: bundle.sh [OUT.tar.xz | OUT.tgz]. Push it to a box as HOME/bundle.tgz,
# serve it for onstart to fetch by its SHA-256, or unpack it to /opt/salvor in an image. xz is a third smaller, and every
# builder of images unpacks it; what is pushed or fetched is gzip, since images without xz are common.
# Needs a JDK 25 (JAVA_HOME) of the boxes' architecture, and agent.jar built. Two runs make the same bytes.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$here/images/target/salvor-agent-$(uname -m).tar.xz}
jar=${SALVOR_AGENT_JAR:-$here/agent/target/agent.jar}
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
die() { echo "bundle: $*" >&2; exit 69; }
[ -x "$jdk/bin/jlink" ] || die "no jlink in $jdk: set JAVA_HOME to a JDK 25"
grep -q '^JAVA_VERSION="25[".]' "$jdk/release" || die "$jdk is no JDK 25: set JAVA_HOME to one"
[ -f "$jar" ] || die "$jar is missing: run 'mvn -q -DskipTests package' first"
case $(uname -m) in
  x86_64) other=aarch_64 zstd=aarch64 ;;
  aarch64) other=x86_64 zstd=amd64 ;;
  *) die "boxes are x86_64 or aarch64, this is $(uname -m)" ;;
esac
case $out in
  *.tar.xz) pack=(xz -9 -T1 --check=crc32) ;;
  *) pack=(gzip -9n) ;;
esac

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/bundle" "$tmp/jar" "$(dirname "$out")"
# What the watcher and the carrier load; found by jdeps, less what only unused code asks for.
"$jdk/bin/jlink" --add-modules java.base,java.logging,jdk.unsupported --strip-debug --no-header-files --no-man-pages \
  --output "$tmp/bundle/jre"
rm -rf "$tmp/bundle/jre/legal"
# Classes stored, not deflated: the archive packs them better as a whole, and the JVM has nothing to unpack.
(cd "$tmp/jar" && "$jdk/bin/jar" -xf "$jar" && rm -rf META-INF/native/*"$other"* linux/"$zstd" &&
  "$jdk/bin/jar" --create --no-compress --date=2026-11-01T00:00:00Z --manifest=META-INF/MANIFEST.MF --file="$tmp/bundle/agent.jar" .)
cp "$here/onstart/agent.sh" "$here/onstart/onstart.sh" "$tmp/bundle/"
tar --sort=name --mtime=@1793491200 --owner=0 --group=0 --numeric-owner -C "$tmp/bundle" -cf - . | "${pack[@]}" >"$out.new"
mv "$out.new" "$out"
echo "jar     $(wc -c <"$jar") bytes as built for both architectures, $(wc -c <"$tmp/bundle/agent.jar") stored for this one"
echo "runtime $(du -sb "$tmp/bundle/jre" | cut -f1) bytes unpacked"
echo "bundle  $(wc -c <"$out") bytes  $out  sha256 $(sha256sum "$out" | cut -d' ' -f1)"
