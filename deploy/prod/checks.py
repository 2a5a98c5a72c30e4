"""What has to be right on this machine before anything is touched."""

import shutil
import socket
import stat
from pathlib import Path

from engine import Engine, Failed
from place import GIVEN, Place
from screen import Screen

_FREE_BYTES = 2 * 1024**3
_SERVICES = ("postgres", "redis", "migrate", "bot", "api", "frontend")


def look(place: Place, engine: Engine, screen: Screen) -> bool:
    """True when the start may go on."""
    screen.step("Looking at this machine")
    for check in (_settings, _secrets, _models, _engine, _ports, _disk):
        check(place, engine, screen)
        if screen.problems and check is _settings:
            break
    return not screen.problems


def _settings(place: Place, _: Engine, screen: Screen) -> None:
    if not place.env_file.is_file():
        screen.bad(".env", "is missing", "Run `make init`: it writes .env and the secrets.")
        return
    missing = [name for name in ("PARLEY_VERSION",) if not place.setting(name)]
    if missing:
        screen.bad(".env", f"{missing[0]} is not set", "Name the release to run, such as 0.1.0.")
    elif place.setting("TELEGRAM_MODE") == "webhook" and not place.setting("WEBHOOK_URL"):
        screen.bad(".env", "WEBHOOK_URL is not set", "Set it, or TELEGRAM_MODE=polling.")
    else:
        screen.good(".env", f"release {place.setting('PARLEY_VERSION')}")


def _secrets(place: Place, _: Engine, screen: Screen) -> None:
    if weak := place.weak_secrets():
        name = weak[0]
        remedy = (
            f"Put {GIVEN[name]} into it."
            if name in GIVEN
            else f"Remove secrets/{name} and run `make init` again."
        )
        screen.bad("secrets", f"secrets/{name} is missing, short or an example", remedy)
        return
    mode = stat.S_IMODE(place.secrets.stat().st_mode)
    if mode & 0o077:
        screen.bad("secrets", "others may read the folder", "Run `chmod 700 secrets`.")
        return
    screen.good("secrets", "all there, none weak")


def _models(place: Place, _: Engine, screen: Screen) -> None:
    """What the file says, the release itself judges: here it can be brought to it."""
    try:
        place.open_keys()
    except PermissionError:
        screen.bad("secrets/keys", "belongs to somebody else", "Run `sudo chown -R $USER secrets`.")
        return
    name = place.setting("MODELS_FILE")
    if not name:
        return
    file = place.folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        problem = "is not in this folder", "Put the file beside .env: MODELS_FILE=models.toml."
    elif not file.is_file():
        problem = "is missing", f"Copy models.example.toml to {name} and change it."
    elif not file.stat().st_mode & stat.S_IROTH:
        problem = "is closed to the programs", f"Run `chmod 644 {name}`: it holds no secrets."
    elif weak := place.weak_keys():
        problem = f"has an empty key, or an example: secrets/{weak[0]}", "Put the key into it."
    else:
        screen.good("models", name)
        return
    screen.bad("MODELS_FILE", f"{name} {problem[0]}", problem[1])


def _engine(_: Place, engine: Engine, screen: Screen) -> None:
    try:
        engine.engine("ps", "--quiet")
        version = engine.compose("version").strip().splitlines()[0]
        engine.compose("config", "--quiet") if "podman" not in version else None
    except Failed as error:
        screen.bad("Docker", str(error), "Install Docker with Compose v2, and start it.")
        return
    screen.good("Docker", version)


def _ports(place: Place, engine: Engine, screen: Screen) -> None:
    try:
        if engine.running("frontend"):
            screen.note("port", "held by the version that runs")
            return
    except Failed:
        return  # said already
    host, port = place.setting("HTTP_ADDRESS", "127.0.0.1"), place.setting("HTTP_PORT", "8080")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, ValueError, OverflowError):
            screen.bad(
                "port", f"{host}:{port} is taken", "Set HTTP_PORT in .env, or free the port."
            )
            return
    screen.good("port", f"{host}:{port} is free")


def _disk(place: Place, _: Engine, screen: Screen) -> None:
    free = shutil.disk_usage(place.folder).free
    if free < _FREE_BYTES:
        screen.bad("disk", f"{free / 1024**3:.1f} GiB are free", "Free 2 GiB at least.")
        return
    screen.good("disk", f"{free / 1024**3:.0f} GiB free")
