#!/usr/bin/env bash
# A Debian root file system with Asterisk in it, for machines without a container engine.
#   docker/rootfs.sh make 22|16     makes it, or makes it anew
#   docker/rootfs.sh ready 22|16    exit status 0 if it is there and as this file makes it
# LAB_DIR: the folder it goes to (default .lab beside this one). MIRROR: the Debian mirror, where
# the machine's own apt sources name none. Exit status 3: not possible here; it says why.
set -euo pipefail

lab=${LAB_DIR:-$(dirname "${BASH_SOURCE[0]}")/../.lab}
packages=ca-certificates,asterisk,asterisk-core-sounds-en-gsm,asterisk-moh-opsound-gsm

say() { printf '%s\n' "$*" >&2; }
impossible() { say "$*"; exit 3; }

# The machine's own Debian mirror, whatever format its sources are written in. apt tells once it
# has fetched its lists.
mirror() {
    # shellcheck disable=SC2016  # apt's variables, not the shell's
    apt-get indextargets --format '$(ORIGIN)|$(COMPONENT)|$(REPO_URI)' |
        awk -F '|' '/^Debian[|]main/ && $3 !~ /security/ && !uri { uri = $3 } END { print uri }'
}

# How the machine reaches its mirrors: proxies, certificates, clocks that run apart.
network_options() {
    apt-config dump Acquire |
        grep -iE 'proxy|Check-(Valid-Until|Date)|CaInfo|Verify|Timeout|Retries' || true
}

install_mmdebstrap() {
    local keys=/usr/share/keyrings/debian-archive-keyring.gpg needed=()
    [[ $(type -P mmdebstrap) ]] || needed+=(mmdebstrap)
    [[ -e $keys ]] || needed+=(debian-archive-keyring)
    ((${#needed[@]})) || return 0
    say "installing ${needed[*]}"
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends "${needed[@]}"; } >&2 ||
        impossible "could not be installed: ${needed[*]}"
}

# With mounts of its own, which end with it even when it is interrupted.
mmdebstrap() { unshare --mount --propagation private mmdebstrap "$@"; }

# make_root TARGET APTOPT...
make_root() {
    local target=$1 option arguments=()
    shift
    for option in "$@"; do arguments+=(--aptopt="$option"); done
    mmdebstrap --variant=apt --include="$packages" --aptopt='APT::Install-Recommends "false"' \
        "${arguments[@]}" "$suite" "$target" "$MIRROR" 2>&1 | tee "$lab/$name.log" >&2
}

# What the packages leave out, and what a machine without name service needs.
furnish() {
    local root=$1
    rm -rf "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/etc/resolv.conf"
    # Asterisk looks up its own name and this one; each look-up without an answer holds up a call
    printf '127.0.0.1 localhost %s A.ROOT-SERVERS.NET\n' "$(hostname)" >"$root/etc/hosts"
    printf 'passwd: files\ngroup: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
    rm -rf "${root:?}"/etc/asterisk/*
    mkdir -p "$root"/var/spool/asterisk/{recording,capture} "$root/run/asterisk" \
        "$root/var/lib/asterisk/sounds/pivot"
    chroot "$root" chown -R asterisk:asterisk \
        /etc/asterisk /var/lib/asterisk /var/log/asterisk /var/spool/asterisk /run/asterisk
    chmod 1777 "$root/var/lib/asterisk/sounds/pivot" # ari_pivot writes here, whoever it runs as
}

recipe() { { printf '%s\n' "$suite" "$packages"; declare -f make_root furnish; } | sha256sum; }

ready() { [[ -d $lab/$name && $(cat "$lab/$name.recipe" 2>/dev/null) == "$(recipe)" ]]; }

make() {
    [[ $(id -u) == 0 ]] || impossible "an Asterisk without a container engine takes root"
    command -v apt-get >/dev/null || impossible "an Asterisk without a container engine takes Debian"
    install_mmdebstrap
    MIRROR=${MIRROR:-$(mirror)}
    [[ $MIRROR ]] || { apt-get -qq update >&2 && MIRROR=$(mirror); } || true
    [[ $MIRROR ]] || impossible "the apt sources of this machine name no Debian mirror: set MIRROR"

    say "making $lab/$name: Debian $suite with Asterisk, from $MIRROR: a minute, 350 MB"
    local new=$lab/$name.new options=$lab/$name.apt
    rm -rf --one-file-system "$new" "$lab/$name.recipe"
    # shellcheck disable=SC2064  # as they are now
    trap "rm -rf --one-file-system '$new' '$options'" EXIT
    network_options >"$options"
    if ! make_root "$new" "$options"; then
        grep -q 'is expired' "$lab/$name.log" || impossible "$MIRROR gave no Debian $suite"
        say "the mirror is behind: its signatures hold, only their date has passed. Taken as it is"
        rm -rf "$new"
        make_root "$new" "$options" 'Acquire::Check-Valid-Until "false"' ||
            impossible "$MIRROR gave no Debian $suite"
    fi
    furnish "$new"
    rm -rf "${lab:?}/$name"
    mv "$new" "$lab/$name"
    recipe >"$lab/$name.recipe"
}

case ${2:-} in
    22) suite=forky ;;    # Asterisk 22.10.1 or later
    16) suite=bullseye ;; # Asterisk 16.28: ARI over HTTP only
    *) set -- ;;
esac
name=asterisk-${2:-}
mkdir -p "$lab"
lab=$(cd "$lab" && pwd -P)
case ${1:-} in
    make | ready) "$1" ;;
    *) say "usage: ${0##*/} make|ready 22|16"; exit 2 ;;
esac
