#!/usr/bin/env bash
# A real Asterisk on this machine without containers, with the configuration of asterisk-conf/.
#   docker/lab.sh up [22|16]        start it (made on first use), wait until ARI answers
#   docker/lab.sh down [22|16]      end it; without a version, both
#   docker/lab.sh status            what runs; exit status 1 if nothing does
#   docker/lab.sh env [22|16]       its addresses and folders, for eval
#   docker/lab.sh cli [22|16] CMD   a command on Asterisk's console
# ARI_PORT (8088, for 16 8089; where taken, the next that is not), SIP_PORT (5062, 5063),
# SIP_BIND (127.0.0.1), LAB_DIR (.lab). Exit status 3: not possible here; it says why.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
conf=$(dirname "$here")/asterisk-conf
LAB_DIR=${LAB_DIR:-$(dirname "$here")/.lab}
mkdir -p "$LAB_DIR"
LAB_DIR=$(cd "$LAB_DIR" && pwd -P)
export LAB_DIR

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
usage() { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2; }

choose() {
    version=$1
    root=$LAB_DIR/asterisk-$version
    settings=$root.settings
    case $version in
        22) usual_ari_port=8088 usual_sip_port=5062 ;;
        16) usual_ari_port=8089 usual_sip_port=5063 ;;
        *) usage ;;
    esac
}

# Asterisk's own note of its process id, believed only if that process lives in our root.
pid() {
    local id
    id=$(cat "$root/run/asterisk/asterisk.pid" 2>/dev/null) || return 1
    [[ $(readlink "/proc/$id/root" 2>/dev/null) == "$root" ]] && printf '%s\n' "$id"
}

console() { chroot "$root" /usr/sbin/asterisk -rx "$*"; }

ari_password() { sed -n 's/^password *= *\([^ ;]*\).*/\1/p' "$conf/ari.conf"; }

phone_password() {
    local file=$LAB_DIR/phone-password
    [[ -s $file ]] || (umask 077; head -c 12 /dev/urandom | base64 | tr -d '+/=' >"$file")
    cat "$file"
}

ari_answers() {
    local status
    exec 8<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /ari/asterisk/info?only=status&api_key=pivot:%s HTTP/1.0\r\n\r\n' \
        "$(ari_password)" >&8
    read -r -t 2 _ status _ <&8 || status=
    exec 8<&-
    [[ $status == 200 ]]
} 2>/dev/null

# free_port USUAL: that one, or else the next in steps of ten that nobody listens on
free_port() {
    local port=$1
    while grep -qiE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$port") 0+:0000 " /proc/net/{tcp,udp}{,6}
    do port=$((port + 10)); done 2>/dev/null
    printf '%s\n' "$port"
}

# The files of asterisk-conf/, and in site/ what is this lab's own.
configure() {
    local target=$root/etc/asterisk
    rm -rf "${target:?}"/*
    cp "$conf"/*.conf "$target/"
    mkdir "$target/site"
    printf '[options](+)\nsystemname = lab-%s\n' "$version" >"$target/site/asterisk.conf"
    printf '[general](+)\nbindport = %s\n' "$ari_port" >"$target/site/http.conf"
    cat >"$target/site/pjsip.conf" <<END
[udp](+)
bind = ${SIP_BIND:-127.0.0.1}:$sip_port

[phone-auth]
type = auth
auth_type = userpass
username = phone
password = $(phone_password)
END
    chroot "$root" chown -R asterisk:asterisk /etc/asterisk
    chmod -R o-rwx "$target"
}

# In a mount namespace of its own: the mounts end with it, whichever way it ends.
start() {
    local log=$root.out child _
    # shellcheck disable=SC2016  # for the inner shell
    setsid unshare --mount --propagation private bash -c '
        mount --bind /proc "$0/proc" && mount --bind /dev "$0/dev" &&
        exec chroot "$0" /usr/sbin/asterisk -f -U asterisk -G asterisk' "$root" \
        </dev/null >"$log" 2>&1 9<&- &
    child=$!
    for _ in {1..300}; do
        kill -0 "$child" 2>/dev/null || break
        if pid >/dev/null && console core waitfullybooted >/dev/null 2>&1 &&
            ari_answers "$ari_port"; then return; fi
        sleep 0.1
    done
    kill "$child" 2>/dev/null || true
    tail -n 20 "$log" >&2
    fail "Asterisk $version did not start"
}

# What an Asterisk that runs must have been started with to be left alone.
configuration() { { printf '%s\n' "${SIP_BIND:-}"; cat "$0" "$conf"/*.conf; } | sha256sum; }

runs_as_wanted() {
    local ARI_URL=none SIP_ADDR=none
    pid >/dev/null && [[ $(cat "$settings.sum" 2>/dev/null) == "$(configuration)" ]] || return 1
    # shellcheck source=/dev/null
    source "$settings"
    # shellcheck disable=SC2053  # `*`: any port will do
    [[ $ARI_URL == *:${ARI_PORT:-*}/* && $SIP_ADDR == *:${SIP_PORT:-*} ]]
}

up() {
    choose "${1:-22}"
    [[ $(id -u) == 0 ]] || { say "the lab without containers takes root"; exit 3; }
    exec 9>"$root.lock"
    flock 9
    if ! "$here/rootfs.sh" ready "$version"; then
        down "$version"
        "$here/rootfs.sh" make "$version"
    elif ! runs_as_wanted; then
        down "$version"
    fi
    if ! pid >/dev/null; then
        ari_port=${ARI_PORT:-$(free_port $usual_ari_port)}
        sip_port=${SIP_PORT:-$(free_port $usual_sip_port)}
        [[ $(free_port "$ari_port") == "$ari_port" ]] || fail "port $ari_port is taken (ARI_PORT)"
        [[ $(free_port "$sip_port") == "$sip_port" ]] || fail "port $sip_port is taken (SIP_PORT)"
        configure
        start
        variables >"$settings"
        configuration >"$settings.sum"
    fi
    printf '# Asterisk %s runs, process %s\n' "$version" "$(pid)"
    cat "$settings"
}

down() {
    local id _
    if (($# == 0)); then down 22; down 16; return; fi
    choose "$1"
    id=$(pid) || return 0
    console core stop now >/dev/null 2>&1 || true
    for _ in {1..100}; do
        pid >/dev/null || break
        sleep 0.1
    done
    if pid >/dev/null; then kill -KILL "$id"; fi
    rm -f "$settings" "$settings.sum"
    say "Asterisk $version ended"
}

variables() {
    local spool=var/spool/asterisk sounds=var/lib/asterisk/sounds/pivot
    printf '%s=%q\n' \
        ASTERISK_VERSION "$version" \
        ARI_URL "http://127.0.0.1:${ari_port:-$usual_ari_port}/ari" \
        ARI_USER pivot \
        ARI_PASSWORD "$(ari_password)" \
        SIP_ADDR "127.0.0.1:${sip_port:-$usual_sip_port}" \
        PHONE_USER phone \
        PHONE_PASSWORD "$(phone_password)" \
        SOUNDS_DIR "$root/$sounds" \
        ASTERISK_SOUNDS_DIR "/$sounds" \
        RECORDINGS_DIR "$root/$spool/recording" \
        CAPTURE_DIR "$root/$spool/capture" \
        ASTERISK_LOG "$root/var/log/asterisk/messages.log"
}

show_env() {
    choose "${1:-22}"
    if pid >/dev/null && [[ -s $settings ]]; then cat "$settings"; else variables; fi
}

status() {
    local each result=1
    for each in 22 16; do
        choose "$each"
        pid >/dev/null || { printf '# Asterisk %s does not run\n' "$each"; continue; }
        printf '# Asterisk %s runs, process %s\n' "$each" "$(pid)"
        cat "$settings"
        result=0
    done
    return $result
}

cli() {
    case ${1:-} in 22 | 16) choose "$1"; shift ;; *) choose 22 ;; esac
    pid >/dev/null || fail "Asterisk $version does not run: ${0##*/} up $version"
    console "$@"
}

command=${1:-}
shift || true
case $command in
    up | down | status | cli) "$command" "$@" ;;
    env) show_env "$@" ;;
    *) usage ;;
esac
