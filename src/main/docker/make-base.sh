#!/usr/bin/env bash
# Makes a base image for Dockerfile.native-micro without a registry of images: a C library and CA certificates from
# Debian's packages, nothing else. For machines that reach Debian's packages and no image registry. Needs apt-get, dpkg-deb, docker.
#   src/main/docker/make-base.sh [TAG]
#   docker build --build-arg BASE=TAG -f src/main/docker/Dockerfile.native-micro -t meridian .
set -euo pipefail
tag=${1:-meridian-base:debian}
packages=(libc6 libgcc-s1 zlib1g libstdc++6 base-files netbase)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/packages" "$work/root"
chmod 755 "$work/root"
# apt's own unprivileged user may not write to the folder, and says so.
(cd "$work/packages" && apt-get download -q "${packages[@]}" ca-certificates 2>&1 | grep -v '_apt' >&2 || true)
for package in "${packages[@]}"; do
    dpkg-deb -x "$work/packages/${package}"_*.deb "$work/root"
done

# One bundle, where programs of Debian look and where those of Red Hat do.
dpkg-deb -x "$work/packages"/ca-certificates_*.deb "$work/ca"
mkdir -p "$work/root/etc/ssl/certs" "$work/root/etc/pki/tls/certs"
find "$work/ca/usr/share/ca-certificates" -name '*.crt' -print0 | sort -z | xargs -0 cat > "$work/root/etc/ssl/certs/ca-certificates.crt"
ln -s /etc/ssl/certs/ca-certificates.crt "$work/root/etc/pki/tls/certs/ca-bundle.crt"

# Names are looked up in files, then DNS; the rest of the C library's ways needs more than is here.
echo 'hosts: files dns' > "$work/root/etc/nsswitch.conf"
echo 'root:x:0:0:root:/root:/none' > "$work/root/etc/passwd"
echo 'root:x:0:' > "$work/root/etc/group"
rm -rf "$work/root/usr/share/doc" "$work/root/usr/share/locale" "$work/root/usr/share/man" "$work/root/usr/share/lintian" \
    "$work/root"/usr/lib/*/gconv "$work/root"/usr/lib/*/audit
mkdir -p "$work/root/tmp"
chmod 1777 "$work/root/tmp"

tar -C "$work/root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -c . |
    docker import --change 'ENV PATH=/' - "$tag" >&2
echo "$tag"
