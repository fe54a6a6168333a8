#!/bin/sh
# Makes ./secrets for docker-compose.yml: what must be random is random, the rest is empty and yours to fill. Never overwrites.
# To be run as root on the host, once: the files belong to the user of the containers (10001) and to nobody else.
set -eu
umask 077
cd "$(dirname "$0")/.."
mkdir -p secrets/tls
chmod 0700 secrets
chmod 0755 secrets/tls
[ -e secrets/master_key ] || openssl rand -base64 32 >secrets/master_key
[ -e secrets/bootstrap_token ] || openssl rand -base64 24 >secrets/bootstrap_token
[ -e secrets/watchdog_token ] || openssl rand -base64 24 >secrets/watchdog_token
[ -e secrets/postgres_password ] || openssl rand -hex 24 >secrets/postgres_password
yours="smtp_url smtp_fallback_url pager_url pager_secret watchdog_webhook_url watchdog_webhook_secret watchdog_smtp_url watchdog_ping_url"
for name in $yours; do
  [ -e "secrets/$name" ] || : >"secrets/$name"
done
for name in master_key bootstrap_token watchdog_token $yours; do
  chmod 0600 "secrets/$name"
  chown 10001:10001 "secrets/$name"
done
# Read by two images with users of their own; the folder keeps everybody else on the host out.
chmod 0444 secrets/postgres_password
echo "secrets/ is there. Put your relay's address into secrets/smtp_url, and keep a copy of secrets/master_key where this host cannot reach it."
