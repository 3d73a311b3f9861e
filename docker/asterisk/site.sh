#!/bin/sh
# Write what is one lab's own, beside the files of asterisk-conf/: site.sh FOLDER
# From the environment, all optional:
#   SYSTEM_NAME                 begins the channel ids
#   ARI_BIND, ARI_PORT          where ARI listens
#   SIP_BIND, SIP_PORT          where SIP listens
#   SIP_PUBLISHED               the address telephones see, where ports are published from a container
#   RTP_FIRST, RTP_LAST         the ports of the audio
#   PHONE_PASSWORD              lets the endpoint `phone` register; without it nobody can
set -eu
site=$1
mkdir -p "$site"
umask 027

cat >"$site/asterisk.conf" <<END
[options](+)
systemname = ${SYSTEM_NAME:-lab}
END
cat >"$site/http.conf" <<END
[general](+)
bindaddr = ${ARI_BIND:-127.0.0.1}
bindport = ${ARI_PORT:-8088}
END
cat >"$site/rtp.conf" <<END
rtpstart = ${RTP_FIRST:-10000}
rtpend = ${RTP_LAST:-29999}
END
{
    printf '[udp](+)\nbind = %s:%s\n' "${SIP_BIND:-127.0.0.1}" "${SIP_PORT:-5062}"
    if [ "${SIP_PUBLISHED:-}" ]; then
        printf 'external_media_address = %s\nexternal_signaling_address = %s\n' \
            "$SIP_PUBLISHED" "$SIP_PUBLISHED"
    fi
    if [ "${PHONE_PASSWORD:-}" ]; then
        printf '\n[phone-auth]\ntype = auth\nauth_type = userpass\nusername = phone\npassword = %s\n' \
            "$PHONE_PASSWORD"
    fi
} >"$site/pjsip.conf"
