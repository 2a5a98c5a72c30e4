#!/bin/sh
# Fills in who is told, and starts Alertmanager. Without OPERATOR_CHAT_ID its own page is all there is.
#   OPERATOR_CHAT_ID       a person who has started the bot, or a group it is in
#   TELEGRAM_API_BASE_URL  another Telegram than api.telegram.org
set -eu

template=${TEMPLATE:-/etc/alertmanager/alertmanager.yml}
config=${CONFIG:-/tmp/alertmanager.yml}
chat=${OPERATOR_CHAT_ID:-}
api=${TELEGRAM_API_BASE_URL:-https://api.telegram.org}

case $chat in
  '') cp "$template" "$config" ;;
  - | *[!0-9-]* | ?*-*)
    echo "OPERATOR_CHAT_ID is wrong: it needs the number of a Telegram chat." >&2
    exit 1
    ;;
  *)
    sed -e "s|receiver: page # OPERATOR_CHAT_ID: telegram|receiver: telegram|" \
      -e "s|chat_id: 1 # OPERATOR_CHAT_ID|chat_id: $chat|" \
      -e "s|api_url: .* # TELEGRAM_API_BASE_URL|api_url: $api|" "$template" >"$config"
    ;;
esac

exec "${ALERTMANAGER:-/bin/alertmanager}" --config.file="$config" --storage.path=/alertmanager "$@"
