"""`make init`: an .env to read and change, and secrets that nobody has to invent."""

import getpass
import os
import sys

from place import GENERATED, GIVEN, Place, is_missing, new_secret

_ENV = """# Parley in production. .env.example explains every setting; secrets are in secrets/.
PARLEY_VERSION={version}
# who is asked and told in Telegram: your own Telegram id (@userinfobot tells it)
OPERATOR_CHAT_ID={operator}
OPENROUTER_MODEL=openai/gpt-5-mini
OPENROUTER_FALLBACK_MODELS=
# several providers, in place of these two: docs/guides/models.md
#MODELS_FILE=models.toml
# the address that is published; put a proxy with TLS in front before it is anything but loopback
HTTP_ADDRESS=127.0.0.1
HTTP_PORT=8080
STATS_TIMEZONE=UTC
# programs beside: backup, monitoring, litellm; comma-separated
COMPOSE_PROFILES=backup
"""


def init(place: Place, *, version: str) -> int:
    """Asks only for what cannot be made up; what is there already is left."""
    for name, what in GIVEN.items():
        if is_missing(place.secret(name)):
            place.keep_secret(name, _given(name, what))
    for name in GENERATED:
        if not place.secret(name):
            place.keep_secret(name, new_secret())
    place.keep_addresses()
    place.open_keys()
    if not place.env_file.is_file():
        operator = os.environ.get("OPERATOR_CHAT_ID") or _asked(
            "Your own Telegram id, for checks and alerts (Enter to leave it out): "
        )
        place.env_file.touch(mode=0o600)
        place.env_file.write_text(_ENV.format(version=version, operator=operator))
    place.backups.mkdir(mode=0o777, exist_ok=True)
    place.backups.chmod(0o777)
    print("Written: .env, secrets/, backups/. Keep a copy of secrets/ where backups are not.")
    print("Next: make prod-up")
    return 0


def _given(name: str, what: str) -> str:
    """From the environment, or asked for without showing it."""
    if given := os.environ.get(name.upper()):
        if is_missing(given):
            sys.exit(f"parley: {name.upper()} is an example; it has to be {what}.")
        return given
    if not sys.stdin.isatty():
        sys.exit(f"parley: set {name.upper()} ({what}), or run this in a terminal.")
    while is_missing(answer := getpass.getpass(f"Paste {what}: ").strip()):
        print("That is nothing, or an example.")
    return answer


def _asked(question: str) -> str:
    return input(question).strip() if sys.stdin.isatty() else ""
