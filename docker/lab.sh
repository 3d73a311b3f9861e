#!/usr/bin/env bash
# A real Asterisk on this machine's loopback, with the configuration of asterisk-conf/.
#   docker/lab.sh up [22|16]        start it (made on first use), wait until ARI answers
#   docker/lab.sh down [22|16]      end it; without a version, both
#   docker/lab.sh status            what runs; exit status 1 if nothing does
#   docker/lab.sh env [22|16]       its addresses and folders, for eval
#   docker/lab.sh cli [22|16] CMD   a command on Asterisk's console
# ARI_PORT (8088, for 16 8089; where taken, the next that is not), SIP_PORT (5062, 5063),
# SIP_BIND (127.0.0.1), LAB_DIR (.lab), LAB_WAY: `container` (docker or podman) or `root` (a
# Debian root file system); by itself it takes the one that is already made, else a container
# where there is an engine. Exit status 3: not possible here; it says why.
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

[[ ${LAB_WAY:-root} =~ ^(root|container)$ ]] || usage
# shellcheck source=docker/container.sh
source "$here/container.sh"

setting() { sed -n "s/^$1=//p" "$settings" 2>/dev/null || true; }

# choose VERSION [WAY]: what belongs to it; without a way, the one it was last started
choose() {
    version=$1
    settings=$LAB_DIR/asterisk-$version.settings
    way=${2:-$(setting LAB_WAY)}
    way=${way:-root}
    case $way in
        container) folder=$LAB_DIR/container-$version ;;
        root) folder=$LAB_DIR/asterisk-$version ;;
        *) usage ;;
    esac
    case $version in
        22) usual_ari_port=8088 usual_sip_port=5062 ;;
        16) usual_ari_port=8089 usual_sip_port=5063 ;;
        *) usage ;;
    esac
}

# ---- Without a container: a process in a root file system of its own --------------------------

# Asterisk's own note of its process id, believed only if that process lives in our root.
root_pid() {
    local id
    id=$(cat "$folder/run/asterisk/asterisk.pid" 2>/dev/null) || return 1
    [[ $(readlink "/proc/$id/root" 2>/dev/null) == "$folder" ]] && printf '%s\n' "$id"
}

root_ready() { "$here/rootfs.sh" ready "$version"; }
root_make() { "$here/rootfs.sh" make "$version"; }
root_runs() { root_pid >/dev/null; }
root_console() { chroot "$folder" /usr/sbin/asterisk -rx "$*"; }
root_says() { tail -n 20 "$folder.out"; }

# In a mount namespace of its own: the mounts end with it, whichever way it ends. Before other
# programs: each packet of audio has its 20 ms.
root_start() {
    local target=$folder/etc/asterisk
    rm -rf "${target:?}"/*
    cp "$conf"/*.conf "$target/"
    SYSTEM_NAME=lab-$version ARI_PORT=$ari_port SIP_PORT=$sip_port \
        PHONE_PASSWORD=$(phone_password) "$here/asterisk/site.sh" "$target/site"
    chroot "$folder" chown -R asterisk:asterisk /etc/asterisk
    chmod -R o-rwx "$target"
    # shellcheck disable=SC2016  # for the inner shell
    setsid unshare --mount --propagation private bash -c '
        mount --bind /proc "$0/proc" && mount --bind /dev "$0/dev" &&
        exec nice -n -10 chroot "$0" /usr/sbin/asterisk -f -n -U asterisk -G asterisk' "$folder" \
        </dev/null >"$folder.out" 2>&1 9<&- &
}

root_stop() {
    local id _
    id=$(root_pid) || return 0
    root_console core stop now >/dev/null 2>&1 || true
    for _ in {1..100}; do
        root_runs || return 0
        sleep 0.1
    done
    kill -KILL "$id"
}

# ---- Either way -------------------------------------------------------------------------------

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

# What an Asterisk that runs must have been started with to be left alone.
configuration() {
    { printf '%s\n' "${SIP_BIND:-}"; cat "$here"/{lab,container}.sh "$here"/asterisk/* "$conf"/*.conf
    } | sha256sum
}

runs_as_wanted() {
    "${way}_runs" && [[ $(cat "$settings.sum" 2>/dev/null) == "$(configuration)" ]] || return 1
    # shellcheck disable=SC2053  # `*`: any will do
    [[ $(setting ARI_URL) == *:${ARI_PORT:-*}/* && $(setting SIP_ADDR) == *:${SIP_PORT:-*} &&
        $way == ${LAB_WAY:-*} ]]
}

# Have an Asterisk that can be started, the way that was asked for or else the first that goes.
make() {
    local wanted=${LAB_WAY:-}
    if [[ $wanted != container ]]; then
        choose "$version" root
        if [[ $(id -u) == 0 ]] && root_ready; then return; fi
    fi
    if [[ $wanted != root && $(engine) ]]; then
        choose "$version" container
        if container_ready || container_make; then return; fi
        say "$(engine) is here, but cannot build the image or not run it"
    fi
    [[ $wanted != container ]] || { say "no docker or podman that works"; exit 3; }
    choose "$version" root
    root_make
}

start() {
    local _
    ari_port=${ARI_PORT:-$(free_port "$usual_ari_port")}
    sip_port=${SIP_PORT:-$(free_port "$usual_sip_port")}
    [[ $(free_port "$ari_port") == "$ari_port" ]] || fail "port $ari_port is taken (ARI_PORT)"
    [[ $(free_port "$sip_port") == "$sip_port" ]] || fail "port $sip_port is taken (SIP_PORT)"
    "${way}_start"
    for _ in {1..300}; do
        if "${way}_console" core waitfullybooted >/dev/null 2>&1 && ari_answers "$ari_port"; then
            variables >"$settings"
            configuration >"$settings.sum"
            return
        fi
        sleep 0.1
    done
    "${way}_says" >&2
    "${way}_stop"
    fail "Asterisk $version did not start"
}

up() {
    choose "${1:-22}"
    exec 9>"$LAB_DIR/asterisk-$version.lock"
    flock 9
    if ! { runs_as_wanted && "${way}_ready"; }; then
        down "$version"
        make
        start
    fi
    printf '# Asterisk %s runs\n' "$version"
    cat "$settings"
}

down() {
    if (($# == 0)); then down 22; down 16; return; fi
    choose "$1"
    "${way}_runs" || return 0
    "${way}_stop"
    rm -f "$settings" "$settings.sum"
    say "Asterisk $version ended"
}

variables() {
    local spool=var/spool/asterisk sounds=var/lib/asterisk/sounds/pivot
    printf '%s=%q\n' \
        ASTERISK_VERSION "$version" \
        LAB_WAY "$way" \
        ARI_URL "http://127.0.0.1:${ari_port:-$usual_ari_port}/ari" \
        ARI_USER pivot \
        ARI_PASSWORD "$(ari_password)" \
        SIP_ADDR "127.0.0.1:${sip_port:-$usual_sip_port}" \
        PHONE_USER phone \
        PHONE_PASSWORD "$(phone_password)" \
        SOUNDS_DIR "$folder/$sounds" \
        ASTERISK_SOUNDS_DIR "/$sounds" \
        RECORDINGS_DIR "$folder/$spool/recording" \
        CAPTURE_DIR "$folder/$spool/capture" \
        ASTERISK_LOG "$folder/var/log/asterisk/messages.log"
}

show_env() {
    choose "${1:-22}"
    if "${way}_runs" && [[ -s $settings ]]; then cat "$settings"; else variables; fi
}

status() {
    local each result=1
    for each in 22 16; do
        choose "$each"
        "${way}_runs" || { printf '# Asterisk %s does not run\n' "$each"; continue; }
        printf '# Asterisk %s runs\n' "$each"
        cat "$settings"
        result=0
    done
    return $result
}

cli() {
    case ${1:-} in 22 | 16) choose "$1"; shift ;; *) choose 22 ;; esac
    "${way}_runs" || fail "Asterisk $version does not run: ${0##*/} up $version"
    "${way}_console" "$@"
}

command=${1:-}
shift || true
case $command in
    up | down | status | cli) "$command" "$@" ;;
    env) show_env "$@" ;;
    *) usage ;;
esac
