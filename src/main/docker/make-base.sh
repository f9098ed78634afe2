#!/usr/bin/env bash
# Makes base images from Debian's packages, for machines without access to an image registry: a C library and CA certificates, and
# for Dockerfile.jvm a Java runtime. Needs apt-get, dpkg-deb, docker.
#   src/main/docker/make-base.sh [TAG]
#   docker build --build-arg BASE=TAG -f src/main/docker/Dockerfile.native-micro -t meridian .
#
#   src/main/docker/make-base.sh --jvm[=JDK] [TAG]
#   docker build --network=none --build-arg BASE=TAG --build-arg TRAINER=TAG-train -f src/main/docker/Dockerfile.jvm -t meridian:jvm .
# With --jvm: JDK is the directory of a JDK 25, by default JAVA_HOME; jlink makes a runtime from it (a directory without jlink is
# used unchanged). Also makes TAG-train: TAG plus the programs that train.sh needs (sh, bash, cat, sleep).
set -euo pipefail
jdk=
case ${1:-} in
    --jvm) jdk=${JAVA_HOME:?"is not set: --jvm=JDK"}; shift ;;
    --jvm=*) jdk=${1#--jvm=}; shift ;;
    -*) echo "make-base.sh [--jvm[=JDK]] [TAG]" >&2; exit 2 ;;
esac
tag=${1:-meridian-base:debian${jdk:+-jvm}}
packages=(libc6 libgcc-s1 zlib1g libstdc++6 base-files netbase)
aside=(ca-certificates)
[ -z "$jdk" ] || aside+=(libc-bin libtinfo6 dash bash coreutils)
# All of Java SE, and the other JDK modules that the libraries of the service need.
modules=java.se,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/packages" "$work/root"
chmod 755 "$work/root"
# apt warns that its unprivileged user may not write to this directory.
(cd "$work/packages" && apt-get download -q "${packages[@]}" "${aside[@]}" 2>&1 | grep -v '_apt' >&2 || true)
unpack() { # package, directory
    dpkg-deb -x "$work/packages/$1"_*.deb "$2"
}
for package in "${packages[@]}"; do
    unpack "$package" "$work/root"
done

# One bundle, at the paths of Debian and of Red Hat.
unpack ca-certificates "$work/ca"
mkdir -p "$work/root/etc/ssl/certs" "$work/root/etc/pki/tls/certs"
find "$work/ca/usr/share/ca-certificates" -name '*.crt' -print0 | sort -z | xargs -0 cat > "$work/root/etc/ssl/certs/ca-certificates.crt"
ln -s /etc/ssl/certs/ca-certificates.crt "$work/root/etc/pki/tls/certs/ca-bundle.crt"

# Names are looked up in files, then DNS; other methods of the C library need files that are not in the image.
echo 'hosts: files dns' > "$work/root/etc/nsswitch.conf"
echo 'root:x:0:0:root:/root:/none' > "$work/root/etc/passwd"
echo 'root:x:0:' > "$work/root/etc/group"
mkdir -p "$work/root/tmp"
chmod 1777 "$work/root/tmp"

path=/
if [ -n "$jdk" ]; then
    path=/opt/java/bin:/usr/bin:/bin
    mkdir -p "$work/root/opt" "$work/root/usr/lib/locale"
    if [ -x "$jdk/bin/jlink" ]; then
        "$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --output "$work/root/opt/java"
    else
        cp -a "$jdk" "$work/root/opt/java"
    fi
    # The CDS archive of the JDK's classes, which every JDK has and jlink omits. It records the modification time of its source
    # file, so that file first gets the time that it will have in the image.
    touch -d @0 "$work/root/opt/java/lib/modules"
    "$work/root/opt/java/bin/java" -Xshare:dump -Xlog:disable -Xlog:all=error >&2
    # The locale is C.UTF-8: with plain C, Java would print question marks.
    unpack libc-bin "$work/libc-bin"
    cp -a "$work/libc-bin/usr/lib/locale/C.utf8" "$work/root/usr/lib/locale/"
fi

import() { # tag
    rm -rf "$work/root"/usr/share/{doc,locale,man,lintian} "$work/root"/usr/lib/*/gconv "$work/root"/usr/lib/*/audit
    tar -C "$work/root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -c . |
        docker import --change "ENV PATH=$path" ${jdk:+--change 'ENV LANG=C.UTF-8'} - "$1" >&2
}

import "$tag"
if [ -n "$jdk" ]; then
    for package in libtinfo6 dash bash; do
        unpack "$package" "$work/root"
    done
    ln -sf dash "$work/root/bin/sh"
    unpack coreutils "$work/coreutils"
    find "$work/coreutils" -path '*bin/cat' -o -path '*bin/sleep' | xargs cp -t "$work/root/bin/"
    import "$tag-train"
fi
echo "$tag"
