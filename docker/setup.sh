#!/usr/bin/env bash
# Make the virtual environment named by $1 and install the project in it, and, as root on Debian,
# the programs it needs: espeak-ng to speak, SIPp to call; with REQUIRE_BROWSER=1 also Chromium, to
# see our page, and promtool, to check the alert rules.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-.venv}

say() { printf '%s\n' "$*" >&2; }

packages=()
command -v espeak-ng >/dev/null || packages+=(espeak-ng)
command -v sipp >/dev/null || packages+=(sip-tester)
if [ -n "${REQUIRE_BROWSER:-}" ]; then
    command -v chromium >/dev/null || packages+=(chromium)
    command -v chromedriver >/dev/null || packages+=(chromium-driver)
    command -v promtool >/dev/null || packages+=(prometheus)
fi
python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
if [ ${#packages[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing ${packages[*]} …"
        apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
            "${packages[@]}" >/dev/null
    else
        say "not installed, and only root can: ${packages[*]}"
    fi
fi

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Python 3.11 or newer is needed; this is $(python3 --version)"
    exit 1
fi
say "installing the project into $venv …"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --upgrade pip
# setuptools has a warning for every editable installation
PYTHONWARNINGS=ignore "$venv/bin/python" -m pip install --quiet --editable '.[dev]'
