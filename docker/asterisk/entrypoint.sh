#!/bin/sh
set -eu
site.sh /etc/asterisk/site
exec asterisk -f -n
