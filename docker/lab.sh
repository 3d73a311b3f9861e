#!/usr/bin/env bash
# A real Asterisk on this machine without containers, with the configuration of asterisk-conf/.
#   docker/lab.sh up [22|16]        start it (made on first use), wait until ARI answers
#   docker/lab.sh down [22|16]      end it; without a version, both
#   docker/lab.sh status            what runs, where; exit status 1 if nothing does
#   docker/lab.sh env [22|16]       its addresses and folders, for eval
#   docker/lab.sh cli [22|16] CMD   a command on Asterisk's console
# ARI_PORT (8088; 8089 for 16), SIP_PORT (5062; 5063 for 16), SIP_BIND (127.0.0.1),
# LAB_DIR (.lab). Exit status 3: an Asterisk cannot be had here, and why.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
conf=$(cd "$here/../asterisk-conf" && pwd)
export LAB_DIR=${LAB_DIR:-$(cd "$here/.." && pwd)/.lab}

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }

# choose VERSION: what belongs to this version, and how it runs if it does
choose() {
    version=$1
    root=$LAB_DIR/asterisk-$version
    settings=$LAB_DIR/asterisk-$version.settings
    case $version in
        22) ari_port=${ARI_PORT:-8088} sip_port=${SIP_PORT:-5062} ;;
        16) ari_port=${ARI_PORT:-8089} sip_port=${SIP_PORT:-5063} ;;
        *) usage ;;
    esac
    sip_bind=${SIP_BIND:-127.0.0.1}
}

# The process id, if it runs: Asterisk's own note, believed only if that process lives in our root.
pid() {
    local id
    id=$(cat "$root/run/asterisk/asterisk.pid" 2>/dev/null) || return 1
    [[ $(readlink "/proc/$id/root" 2>/dev/null) == "$(readlink -f "$root")" ]] && printf '%s\n' "$id"
}

console() { chroot "$root" /usr/sbin/asterisk -rx "$*"; }

setting() { sed -n "s/^$1 *= *\([^ ;]*\).*/\1/p" "$2"; }

ari_answers() {
    local status password
    password=$(setting password "$conf/ari.conf")
    exec 8<>"/dev/tcp/127.0.0.1/$ari_port" || return 1
    printf 'GET /ari/asterisk/info?only=status&api_key=pivot:%s HTTP/1.0\r\n\r\n' "$password" >&8
    read -r _ status _ <&8
    exec 8<&-
    [[ $status == 200 ]]
} 2>/dev/null

port_taken() { (exec 8<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

phone_password() {
    local file=$LAB_DIR/phone-password
    [[ -s $file ]] || (umask 077; head -c 12 /dev/urandom | base64 | tr -d '+/=' >"$file")
    cat "$file"
}

# configuration TARGET: the files of asterisk-conf/, and in site/ what is this lab's own
configuration() {
    local target=$1
    rm -rf "${target:?}"/*
    cp "$conf"/*.conf "$target/"
    mkdir -p "$target/site"
    printf '[options](+)\nsystemname = lab-%s\n' "$version" >"$target/site/asterisk.conf"
    printf '[general](+)\nbindport = %s\n' "$ari_port" >"$target/site/http.conf"
    cat >"$target/site/pjsip.conf" <<END
[udp](+)
bind = $sip_bind:$sip_port

[phone-auth]
type = auth
auth_type = userpass
username = phone
password = $(phone_password)
END
    chroot "$root" chown -R asterisk:asterisk /etc/asterisk
    chmod -R o-rwx "$target"
}

# In a mount namespace of its own: its mounts end with it, whichever way it ends.
start() {
    unshare --mount --propagation private bash -c '
        mount --bind /proc "$0/proc" && mount --bind /dev "$0/dev" &&
        exec chroot "$0" /usr/sbin/asterisk -f -U asterisk -G asterisk' "$root" \
        </dev/null >"$LAB_DIR/asterisk-$version.out" 2>&1 9<&- &
    local child=$! _
    for _ in {1..300}; do
        kill -0 "$child" 2>/dev/null || break
        if pid >/dev/null && console core waitfullybooted >/dev/null 2>&1 && ari_answers; then
            return
        fi
        sleep 0.1
    done
    kill "$child" 2>/dev/null || true
    tail -n 20 "$LAB_DIR/asterisk-$version.out" >&2
    fail "Asterisk $version did not start"
}

# Changed configuration or other ports take effect at the next `up`.
wanted() {
    { printf '%s\n' "$ari_port" "$sip_bind:$sip_port"; cat "$conf"/*.conf; } | sha256sum
}

up() {
    choose "${1:-22}"
    mkdir -p "$LAB_DIR"
    exec 9>"$LAB_DIR/asterisk-$version.up"
    flock 9
    "$here/rootfs.sh" "$version" >/dev/null
    root=$(readlink -f "$root")
    if pid >/dev/null && [[ $(cat "$settings.sum" 2>/dev/null) == "$(wanted)" ]] && ari_answers; then
        status
        return
    fi
    down "$version"
    ! port_taken "$ari_port" || fail "port $ari_port is taken: choose another with ARI_PORT"
    configuration "$root/etc/asterisk"
    start
    variables >"$settings"
    wanted >"$settings.sum"
    status
}

down() {
    local id _
    if (($# == 0)); then down 22; down 16; return; fi
    choose "$1"
    id=$(pid) || return 0
    console core stop now >/dev/null 2>&1 || true
    for _ in {1..100}; do
        pid >/dev/null || { rm -f "$settings" "$settings.sum"; say "Asterisk $version ended"; return; }
        sleep 0.1
    done
    kill -KILL "$id"
    rm -f "$settings" "$settings.sum"
    say "Asterisk $version did not end by itself and was killed"
}

variables() {
    local spool=var/spool/asterisk sounds=var/lib/asterisk/sounds/pivot
    printf '%s=%q\n' \
        ASTERISK_VERSION "$version" \
        ARI_URL "http://127.0.0.1:$ari_port/ari" \
        ARI_USER pivot \
        ARI_PASSWORD "$(setting password "$conf/ari.conf")" \
        SIP_ADDR "127.0.0.1:$sip_port" \
        PHONE_USER phone \
        PHONE_PASSWORD "$(phone_password)" \
        SOUNDS_DIR "$root/$sounds" \
        ASTERISK_SOUNDS_DIR "/$sounds" \
        RECORDINGS_DIR "$root/$spool/recording" \
        CAPTURE_DIR "$root/$spool/capture" \
        ASTERISK_LOG "$root/var/log/asterisk/messages.log"
}

env_of() {
    choose "${1:-22}"
    if pid >/dev/null && [[ -s $settings ]]; then cat "$settings"; else variables; fi
}

status() {
    local each running=1
    for each in 22 16; do
        choose "$each"
        if pid >/dev/null; then
            running=0
            printf '# Asterisk %s runs, process %s\n' "$each" "$(pid)"
            env_of "$each"
        else
            printf '# Asterisk %s does not run\n' "$each"
        fi
    done
    return $running
}

cli() {
    case ${1:-} in 22 | 16) choose "$1"; shift ;; *) choose 22 ;; esac
    pid >/dev/null || fail "Asterisk $version does not run: ${0##*/} up $version"
    console "$@"
}

[[ ${1:-} =~ ^(status|env)$ || $(id -u) == 0 ]] ||
    { say "the lab without containers takes root"; exit 3; }
command=${1:-}
shift || true
case $command in
    up | down | status | cli) "$command" "$@" ;;
    env) env_of "$@" ;;
    *) usage ;;
esac
