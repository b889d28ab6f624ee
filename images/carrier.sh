#!/usr/bin/env bash
# Makes an OCI image that holds the agent and nothing else, for COPY --from: carrier.sh [OUT.tar [BUNDLE.tar.xz]].
# An image is a few JSON files and a tar, so tar and sha256sum make it: no daemon, no builder, no network, and the same
# bytes each time. 'podman load -i', 'skopeo copy oci-archive:' and 'docker load -i' (25 or newer) take it.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
machine=$(uname -m)
out=${1:-$here/images/target/salvor-carrier-$machine.tar}
bundle=${2:-$here/images/target/salvor-agent-$machine.tar.xz}
version=${SALVOR_VERSION:-0.1.0-SNAPSHOT}
made=2026-11-01T00:00:00Z
die() { echo "carrier: $*" >&2; exit 69; }
case $machine in
  x86_64) arch=amd64 ;;
  aarch64) arch=arm64 ;;
  *) die "boxes are x86_64 or aarch64, this is $machine" ;;
esac
[ -f "$bundle" ] || "$here/images/bundle.sh" "$bundle"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
blobs=$tmp/oci/blobs/sha256
mkdir -p "$tmp/root/opt/salvor" "$blobs" "$(dirname "$out")"
tar -xf "$bundle" -C "$tmp/root/opt/salvor"
pack() { tar --sort=name --mtime=@1793491200 --owner=0 --group=0 --numeric-owner --format=gnu -C "$1" -cf - .; }
digest() { sha256sum "$1" | cut -d' ' -f1; }
size() { wc -c <"$1"; }
# Puts a file among the blobs under its digest, and says the digest.
blob() {
  local d
  d=$(digest "$1")
  mv "$1" "$blobs/$d"
  echo "$d"
}

pack "$tmp/root" >"$tmp/layer.tar"
diff=$(digest "$tmp/layer.tar")
gzip -9n "$tmp/layer.tar"
bytes=$(size "$tmp/layer.tar.gz")
layer=$(blob "$tmp/layer.tar.gz")
printf '{"created":"%s","architecture":"%s","os":"linux","config":{"Labels":{"org.opencontainers.image.version":"%s","org.opencontainers.image.title":"salvor-carrier"}},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"%s","created_by":"salvor carrier.sh"}]}' \
  "$made" "$arch" "$version" "$diff" "$made" >"$tmp/config.json"
config_bytes=$(size "$tmp/config.json")
config=$(blob "$tmp/config.json")
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:%s","size":%d}]}' \
  "$config" "$config_bytes" "$layer" "$bytes" >"$tmp/manifest.json"
manifest_bytes=$(size "$tmp/manifest.json")
manifest=$(blob "$tmp/manifest.json")
printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%d,"platform":{"architecture":"%s","os":"linux"},"annotations":{"org.opencontainers.image.ref.name":"salvor-carrier:%s"}}]}' \
  "$manifest" "$manifest_bytes" "$arch" "$version" >"$tmp/oci/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$tmp/oci/oci-layout"
pack "$tmp/oci" >"$out.new"
mv "$out.new" "$out"
echo "image   $(size "$out") bytes  $out  sha256:$manifest"
