#!/usr/bin/env bash
# A Debian root file system with Asterisk in it, for machines without a container engine.
#   docker/rootfs.sh 22|16      prints the folder; makes it where it is missing or outdated
# LAB_DIR: where to (default .lab beside this folder). MIRROR: the Debian mirror, where the
# machine's own apt sources name none. Exit status 3: not possible here, and why.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=${LAB_DIR:-$here/../.lab}
packages=ca-certificates,asterisk,asterisk-core-sounds-en-gsm,asterisk-moh-opsound-gsm

say() { printf '%s\n' "$*" >&2; }
impossible() { say "$*"; exit 3; }

case ${1:-22} in
    22) suite=forky ;;     # Asterisk 22.10.1 or later
    16) suite=bullseye ;;  # Asterisk 16.28, for ARI over HTTP only
    *) say "usage: ${0##*/} 22|16"; exit 2 ;;
esac
name=asterisk-${1:-22}

# The machine's own Debian mirror, whatever format its sources are written in.
mirror() {
    apt-get indextargets --format '$(COMPONENT) $(ORIGIN) $(RELEASE) $(REPO_URI)' |
        awk '$1 == "main" && $NF !~ /security/ {
                 if ($2 == "Debian") { print $NF; exit }
                 if ($NF ~ /\/debian\/?$/ && !guess) guess = $NF
             }
             END { if (guess) print guess }' | head -n 1
}

# How the machine reaches its mirrors: proxies, certificates, clocks that run apart.
network_options() {
    apt-config dump Acquire | grep -iE 'proxy|Check-(Valid-Until|Date)|CaInfo|Verify|Timeout|Retries' || true
}

have_mmdebstrap() {
    command -v mmdebstrap >/dev/null && return
    say "installing mmdebstrap"
    { apt-get install -qq -y --no-install-recommends mmdebstrap ||
        { apt-get update -qq && apt-get install -qq -y --no-install-recommends mmdebstrap; }
    } >&2 || impossible "mmdebstrap could not be installed: apt-get install mmdebstrap"
}

# make TARGET APTOPT...
make_root() {
    local target=$1 option arguments=()
    shift
    for option in "$@"; do arguments+=(--aptopt="$option"); done
    mmdebstrap --variant=apt --include="$packages" --aptopt='APT::Install-Recommends "false"' \
        "${arguments[@]}" "$suite" "$target" "$MIRROR" 2>&1 | tee "$lab/$name.log" >&2
}

# What the packages leave out, or what a machine without name service needs.
furnish() {
    local root=$1
    rm -rf "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/etc/resolv.conf"
    # Asterisk looks up its own name and this one; each look-up without an answer holds up a call.
    printf '127.0.0.1 localhost %s A.ROOT-SERVERS.NET\n' "$(hostname)" >"$root/etc/hosts"
    printf 'passwd: files\ngroup: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
    mkdir -p "$root"/var/spool/asterisk/{recording,capture} "$root/var/lib/asterisk/sounds/pivot" \
        "$root/run/asterisk"
    rm -rf "${root:?}"/etc/asterisk/*
    chroot "$root" chown -R asterisk:asterisk \
        /etc/asterisk /var/lib/asterisk /var/log/asterisk /var/spool/asterisk /run/asterisk
    # ari_pivot writes its sounds here, whoever it runs as
    chmod 1777 "$root/var/lib/asterisk/sounds/pivot"
}

mkdir -p "$lab"
lab=$(cd "$lab" && pwd)
recipe=$(sha256sum "${BASH_SOURCE[0]}" | cut -c1-64)
if [[ $(cat "$lab/$name.recipe" 2>/dev/null) == "$recipe" ]]; then
    printf '%s\n' "$lab/$name"
    exit
fi

[[ $(id -u) == 0 ]] || impossible "making an Asterisk without a container engine takes root"
command -v apt-get >/dev/null || impossible "making an Asterisk without a container engine takes a Debian"
exec 9>"$lab/$name.lock"
flock 9
have_mmdebstrap
MIRROR=${MIRROR:-$(mirror)}
[[ $MIRROR ]] || impossible "no Debian mirror in this machine's apt sources: set MIRROR"

say "making $lab/$name: Debian $suite with Asterisk, from $MIRROR. About a minute, 350 MB"
new=$lab/$name.new
rm -rf "$new" "$lab/$name.recipe"
options=$(mktemp)
trap 'rm -rf "$options" "$new"' EXIT
network_options >"$options"
if ! make_root "$new" "$options"; then
    grep -q 'is expired' "$lab/$name.log" || impossible "Debian $suite could not be had from $MIRROR"
    say "the mirror is behind; its signatures hold, their date has passed: taking it as it is"
    rm -rf "$new"
    make_root "$new" "$options" 'Acquire::Check-Valid-Until "false"' ||
        impossible "Debian $suite could not be had from $MIRROR"
fi
furnish "$new"
rm -rf "${lab:?}/$name"
mv "$new" "$lab/$name"
printf '%s\n' "$recipe" >"$lab/$name.recipe"
printf '%s\n' "$lab/$name"
