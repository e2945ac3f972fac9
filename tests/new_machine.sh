#!/usr/bin/env bash
# The README's two commands on a new machine: an empty Debian or Ubuntu with its own Python, git, make and bubblewrap, an ordinary user
# with an empty home, no cache. Then that user and root each grade a sample class there, at level bubblewrap, to the expected points.
# `make new-machine` calls this as root, for one system after the other; it needs debootstrap, a network, and half an hour for each.
#
#     tests/new_machine.sh [FOLDER [COMMAND…]]
#
# SUITE names the system: bookworm (Debian 12, by default) or trixie (13); jammy (Ubuntu 22.04), noble (24.04) or resolute (26.04), for
# which ubuntu-keyring is needed too. FOLDER (about 10 GB; by default a temporary one, removed at
# the end) keeps the machine; COMMAND replaces `make course && make test`. The commit checked out is cloned: what isn't committed isn't there. BORROW names folders of this
# machine that are shown there read-only at their own place, such as an environment with its interpreter, to try this script itself.
set -euo pipefail
repository=$(git -C "$(dirname "$0")/.." rev-parse --show-toplevel)
folder=${1:-}
command=${*:2}
command=${command:-make course && make test}
for tool in debootstrap unshare pivot_root setpriv; do
    command -v $tool >/dev/null || { echo "error: $tool is needed: apt install debootstrap util-linux" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "error: an empty Debian is made by root" >&2; exit 2; }
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"
folder=$(realpath "$folder")
if [ ! -e "$folder/made" ]; then
    suite=${SUITE:-bookworm} venv=python3-venv origin=() components=main
    case $suite in
    jammy | noble | resolute)
        # debootstrap has one script for all Ubuntus, which knows where they are; an older debootstrap doesn't know the newer names.
        origin=("" /usr/share/debootstrap/scripts/gutsy)
        origin_key=/usr/share/keyrings/ubuntu-archive-keyring.gpg components=main,universe
        [ -e $origin_key ] || { echo "error: $origin_key is needed: apt install ubuntu-keyring (Debian 13 has it)" >&2; exit 2; }
        ;;
    esac
    [ "$suite" != jammy ] || venv=python3.11-venv
    echo "An empty $suite in $folder …"
    debootstrap --variant=minbase --include=ca-certificates --components="$components" ${origin_key:+--keyring="$origin_key"} \
        "$suite" "$folder/root" ${origin[@]+"${origin[@]}"} >"$folder/debootstrap.log"
    if [ ${#origin[@]} = 2 ]; then  # as every Ubuntu has it
        sed -i "p; s/ $suite / $suite-updates /" "$folder/root/etc/apt/sources.list"
        chroot "$folder/root" apt-get update -qq >>"$folder/debootstrap.log"
    fi
    # python3-venv: Debian has split it off Python.
    DEBIAN_FRONTEND=noninteractive chroot "$folder/root" apt-get install -y -qq --no-install-recommends \
        $venv git make bubblewrap >>"$folder/debootstrap.log"
    rm -rf "$folder"/root/var/cache/apt/archives/*.deb "$folder/root/tmp/"*
    mkdir -p "$folder/root/home/reader"
    git clone --quiet "$repository" "$folder/root/home/reader/course"
    chown -R 1000:1000 "$folder/root/home/reader"
    echo "reader:x:1000:1000::/home/reader:/bin/bash" >>"$folder/root/etc/passwd"
    touch "$folder/made"
fi
# Of this machine come the kernel, the name server, the certificates, and the settings of pip and npm in the environment.
settings=()
for name in $(compgen -e | grep -iE '^(pip_(index|extra|cert|trusted|default)|npm_config_|https?_proxy|no_proxy)' || true); do
    settings+=("$name=${!name}")
done
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    settings+=(NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt)
fi
# Run in mounts and process ids of its own, as root: makes the folder $1 the root of the file system, which a chroot wouldn't
# do well enough (the kernel refuses user namespaces in one), and goes on as the user $2 with the command after that.
enter='
set -euo pipefail
root=$1 user=$2
shift 2
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs tmp
for file in /etc/resolv.conf /etc/hosts; do
    touch ".$file"
    mount --bind "$file" ".$file"
done
mkdir -p etc/ssl/certs
mount --bind /etc/ssl/certs etc/ssl/certs
for lent in ${BORROW:-}; do
    mkdir -p ".$lent"
    mount --rbind -o ro "$lent" ".$lent"
    while lent=$(dirname "$lent"); [ "$lent" != / ]; do chmod a+x ".$lent"; done
done
pivot_root . mnt
umount -l /mnt
cd /home/reader/course
exec env -i "${@:2}" setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all bash -c "$1"
'
settings+=(${PYTHON:+"PYTHON=$PYTHON"})
# as USER HOME COMMAND: runs it there.
as() {
    unshare --mount --pid --ipc --fork --kill-child --propagation private bash -c "$enter" enter "$folder/root" "$1" "$3" \
        HOME="$2" PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 "${settings[@]}"
}
grade='python=${PYTHON:-.venv/bin/python}; export PYTHONPATH=$PWD; $python -m autograder doctor && $python tests/fresh_class.py ~/fresh-class'
rm -rf "$folder"/root/home/reader/fresh-class "$folder"/root/root/fresh-class
as 1000 /home/reader "$command"
as 1000 /home/reader "$grade"
as 0 /root "$grade"
