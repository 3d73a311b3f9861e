# shellcheck shell=bash
# The lab's Asterisk in a container of docker or podman; for docker/lab.sh, which sets `version`,
# `folder`, `ari_port`, `sip_port` and gives `say` and `phone_password`.
# shellcheck disable=SC2154

# The engine that works here, if one does.
engine() {
    local each
    for each in docker podman; do
        if "$each" info >/dev/null 2>&1; then printf '%s\n' "$each"; return; fi
    done
    return 1
}

container_name() { printf 'ari-pivot-lab-%s-%s' "$version" "$(cksum <<<"$LAB_DIR" | cut -d ' ' -f 1)"; }

# What the image is made of is its name.
container_image() {
    printf 'ari-pivot-lab:%s-%s' "$version" \
        "$(cat "$here"/asterisk/* "$conf"/*.conf | sha256sum | cut -c 1-12)"
}

# An engine may build and yet not be allowed to run.
container_ready() {
    container_runs || "$(engine)" run --rm --pull never --network host --entrypoint true \
        "$(container_image)" >/dev/null 2>&1
}

container_make() {
    local suite=forky
    [[ $version == 22 ]] || suite=bullseye
    say "building an image with Asterisk from Debian $suite: a minute or two"
    "$(engine)" build -f "$here/asterisk/Dockerfile" --build-arg "SUITE=$suite" \
        -t "$(container_image)" "$here/.." >&2 && container_ready
}

container_runs() {
    [[ $("$(engine)" inspect -f '{{.State.Running}}' "$(container_name)" 2>/dev/null) == true ]]
}

container_console() { "$(engine)" exec "$(container_name)" asterisk -rx "$*"; }

# On the machine's own network: the same ports, and audio, as without a container.
container_start() {
    local each shared=()
    for each in /var/{lib/asterisk/sounds/pivot,spool/asterisk/{recording,capture},log/asterisk}; do
        mkdir -p "$folder$each"
        chmod 1777 "$folder$each" 2>/dev/null || true # another user writes there than reads
        shared+=(-v "$folder$each:$each")
    done
    "$(engine)" rm -f "$(container_name)" >/dev/null 2>&1 || true
    "$(engine)" run -d --name "$(container_name)" --network host \
        --add-host A.ROOT-SERVERS.NET:127.0.0.1 --cap-drop ALL \
        --security-opt no-new-privileges "${shared[@]}" \
        -e "SYSTEM_NAME=lab-$version" -e "ARI_PORT=$ari_port" -e "SIP_PORT=$sip_port" \
        -e "SIP_BIND=${SIP_BIND:-127.0.0.1}" -e "PHONE_PASSWORD=$(phone_password)" \
        "$(container_image)" >/dev/null 9<&-
}

container_says() { "$(engine)" logs --tail 20 "$(container_name)"; }

container_stop() {
    "$(engine)" stop -t 10 "$(container_name)" >/dev/null 2>&1 || true
    "$(engine)" rm -f "$(container_name)" >/dev/null 2>&1 || true
}
