#!/usr/bin/env bash
# The README's two commands on a new machine: an empty Debian with Python 3.11, git and make, a user with an empty home,
# no cache. `make new-machine` calls this as root; it needs debootstrap, bubblewrap and a network, and half an hour.
#
#     tests/new_machine.sh [FOLDER [COMMAND…]]
#
# FOLDER (about 10 GB; by default a temporary one, removed at the end) keeps the machine; COMMAND replaces
# `make course && make test`. The commit checked out is cloned: what isn't committed isn't there.
set -euo pipefail
repository=$(git -C "$(dirname "$0")/.." rev-parse --show-toplevel)
folder=${1:-}
command=${*:2}
command=${command:-make course && make test}
for tool in debootstrap bwrap; do
    command -v $tool >/dev/null || { echo "error: $tool is needed: apt install debootstrap bubblewrap" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "error: an empty Debian is made by root" >&2; exit 2; }
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"
if [ ! -e "$folder/made" ]; then
    echo "An empty Debian in $folder …"
    debootstrap --variant=minbase --include=ca-certificates bookworm "$folder/root" >"$folder/debootstrap.log"
    # python3.11-venv: Debian has split it off Python.
    DEBIAN_FRONTEND=noninteractive chroot "$folder/root" apt-get install -y -qq --no-install-recommends \
        python3.11-venv git make >>"$folder/debootstrap.log"
    rm -rf "$folder"/root/var/cache/apt/archives/*.deb "$folder/root/tmp/"*
    mkdir -p "$folder/root/home/reader"
    git clone --quiet "$repository" "$folder/root/home/reader/course"
    echo "reader:x:1000:1000::/home/reader:/bin/bash" >>"$folder/root/etc/passwd"
    touch "$folder/made"
fi
# The user inside is who calls, with another number. Of this machine come the kernel, the name server, the certificates,
# and the settings of pip and npm in the environment.
settings=()
for name in $(compgen -e | grep -iE '^(pip_(index|extra|cert|trusted|default)|npm_config_|https?_proxy|no_proxy)' || true); do
    settings+=(--setenv "$name" "${!name}")
done
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    settings+=(--setenv NODE_EXTRA_CA_CERTS /etc/ssl/certs/ca-certificates.crt)
fi
bwrap --bind "$folder/root" / --proc /proc --dev /dev --tmpfs /tmp \
    --ro-bind /etc/resolv.conf /etc/resolv.conf --ro-bind /etc/hosts /etc/hosts --ro-bind /etc/ssl/certs /etc/ssl/certs \
    --unshare-pid --unshare-ipc --unshare-user --uid 1000 --gid 1000 --die-with-parent --new-session \
    --clearenv --setenv HOME /home/reader --setenv PATH /usr/local/bin:/usr/bin:/bin --setenv LANG C.UTF-8 "${settings[@]}" \
    --chdir /home/reader/course bash -c "$command"
