#!/usr/bin/env bash
# Build the root file systems of the demo images from Debian packages, below the folder DIR.
# DIR/standard has a shell, DIR/distroless has openssl and what it links to, DIR/broken is
# distroless with a FIPS module whose checksum is wrong. Needs root, debootstrap, cleanup-guard and
# the network; DEBIAN_MIRROR names another archive than debootstrap's own.
set -euo pipefail
dir=${1:?usage: images-trees.sh DIR}
export LC_ALL=C
suite=trixie
here=$(cd "$(dirname "$0")" && pwd)
lock=$here/images.lock
packages=openssl,openssl-provider-fips,libssl3t64

stamp=$dir/stamp
want=$(cat "$0" "$lock" "$here/images-openssl.cnf" | sha256sum)
if [[ -f $stamp && $(cat "$stamp") == "$want" ]]; then exit 0; fi
mkdir -p "$dir" && echo "Made by proofline." >"$dir/.made-by-proofline"
for tree in base standard distroless broken; do "$here/discard.sh" "$dir/$tree"; done

debootstrap --variant=minbase --include="$packages" "$suite" "$dir/base" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$dir/debootstrap.log"
# shellcheck disable=SC2016 # dpkg-query fills these in
found=$(chroot "$dir/base" dpkg-query -W -f '${Package}=${Version}\n' ${packages//,/ })
if ! diff -u "$lock" <(sort <<<"$found") >&2; then
  echo "images-trees.sh: the archive has other versions than images.lock: review them, then put the lines marked + there" >&2
  exit 1
fi
for folder in var/cache/apt var/lib/apt/lists var/log usr/share/doc usr/share/man usr/share/locale usr/share/info; do
  "$here/discard.sh" "$dir/base/$folder"
done
mkdir -p "$dir"/base/var/{cache/apt,lib/apt/lists,log}

user='nonroot:x:65532:65532::/home/nonroot:/usr/sbin/nologin'
module=/usr/lib/x86_64-linux-gnu/ossl-modules/fips.so
echo "$user" >>"$dir/base/etc/passwd"
echo 'nonroot:x:65532:' >>"$dir/base/etc/group"
mkdir -p "$dir/base/usr/local/ssl" "$dir/base/home/nonroot"
# With a FIPS configuration already in place no self-test would be reported.
OPENSSL_CONF=/dev/null chroot "$dir/base" openssl fipsinstall -module "$module" \
  -out /usr/local/ssl/fipsmodule.cnf -self_test_onload -pedantic 2>"$dir/self-tests.log"
cp "$here/images-openssl.cnf" "$dir/base/usr/local/ssl/openssl.cnf"
chmod 0644 "$dir"/base/usr/local/ssl/*
mv "$dir/base" "$dir/standard"

for tree in distroless broken; do
  to=$dir/$tree
  mkdir -p "$to"/{etc,proc,sys,dev,run,usr/bin,usr/lib64,home/nonroot} "$to/usr/local" "$to/var/tmp"
  install -d -m 1777 "$to/tmp"
  ln -s usr/lib64 "$to/lib64"
  ln -s usr/lib "$to/lib"
  cp "$dir/standard/usr/bin/openssl" "$to/usr/bin/"
  cp -a "$dir/standard/usr/local/ssl" "$to/usr/local/"
  while read -r library; do
    install -D -m 0755 "$dir/standard$library" "$to${library/#\/lib/\/usr\/lib}"
  done < <(chroot "$dir/standard" ldd /usr/bin/openssl | grep -o '/[^ ]*'; echo "$module")
  printf 'root:x:0:0::/:/usr/sbin/nologin\n%s\n' "$user" >"$to/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$to/etc/group"
done
sed -i 's/^module-mac = .*/module-mac = 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00/' \
  "$dir/broken/usr/local/ssl/fipsmodule.cnf"
echo "$want" >"$stamp"
