"""`make prod-up`: look, fetch, migrate, start, and prove that it works. Stops before harm."""

import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable

import checks
from engine import Container, Engine, Failed
from place import Place
from screen import Screen

PROGRAMS = ("bot", "api", "frontend")
#: services of the profiles that may be chosen in COMPOSE_PROFILES
BESIDE = {
    "backup": ("backup",),
    "monitoring": ("prometheus", "alertmanager", "node-exporter", "grafana"),
    "litellm": ("litellm",),
}
_READY_SECONDS = 120.0
OVERLAP_SECONDS = 40


def up(place: Place, engine: Engine, *, pull: bool = True) -> int:
    """The exit code. A version that runs is left alone until all checks have passed."""
    screen = Screen()
    if not checks.look(place, engine, screen):
        return screen.end("")
    version = place.setting("PARLEY_VERSION")
    steps: list[tuple[str, Callable[[], None]]] = [
        ("The database", lambda: _start_stores(engine, screen)),
        ("Looking at the outside", lambda: _look_outside(engine, screen)),
        ("Migrating", lambda: _migrate(place, engine, screen)),
        (f"Starting {version}", lambda: _start(place, engine, screen)),
        ("Proving", lambda: _prove(place, engine, screen)),
    ]
    if pull:
        steps.insert(0, (f"Fetching {version}", lambda: _pull(engine, screen)))
    for words, step in steps:
        screen.step(words)
        try:
            step()
        except Failed as error:
            screen.bad(words.lower(), str(error), "`make prod-logs` shows more.")
        if screen.problems:
            return screen.end("")
    place.note_release(version)
    _tell(place, screen)
    return screen.end(f"Parley {version} is up and answers.")


def _pull(engine: Engine, screen: Screen) -> None:
    try:
        engine.compose("pull")
    except Failed as error:
        screen.bad(
            "images",
            str(error),
            "Check PARLEY_REGISTRY, PARLEY_VERSION and the network. What runs goes on running.",
        )
        return
    screen.good("images", "fetched")


def _start_stores(engine: Engine, screen: Screen) -> None:
    engine.compose("up", "--detach", "--no-recreate", "postgres", "redis")
    ill = engine.wait_until_well(("postgres", "redis"), seconds=_READY_SECONDS)
    if ill:
        _ill(ill, screen)
    else:
        screen.good("PostgreSQL and Redis", "healthy")


def _look_outside(engine: Engine, screen: Screen) -> None:
    """The new release's own look at Telegram, the models, the database and the clocks."""
    running = ["--running"] if engine.running("bot") else []
    _report(lambda: one_off(engine, "bot", "python", "-m", "bot", "check", *running), screen)


def _migrate(place: Place, engine: Engine, screen: Screen) -> None:
    if place.past_releases():
        one_off(engine, "backup", "once")
        screen.good("backup", "made before the schema changes")
    try:
        one_off(engine, "migrate")
    except Failed as error:
        screen.bad(
            "schema", str(error), "Nothing was changed; the version that runs goes on running."
        )
        return
    screen.good("schema", "of this release")


def _start(place: Place, engine: Engine, screen: Screen) -> None:
    for service in ("api", "bot"):
        replace(place, engine, service)
        screen.good(service, "healthy")
    beside = [name for profile in profiles(place) for name in BESIDE.get(profile, ())]
    engine.compose("up", "--detach", "--no-deps", "frontend", *beside)
    if ill := engine.wait_until_well((*PROGRAMS, *beside), seconds=_READY_SECONDS):
        _ill(ill, screen)
        return
    for name in ("frontend", *beside):
        screen.good(name, "healthy")


def replace(place: Place, engine: Engine, service: str) -> None:
    """New containers beside the old ones; these end when the new ones are well. Raises Failed."""
    old = engine.running(service)
    for ended in engine.containers():
        if ended.service == service and ended.state != "running":
            engine.engine("rm", "--force", ended.id)  # it would come back, of the release before
    count = int(place.setting(f"{service.upper()}_REPLICAS", "1")) + len(old)
    scale = ("--no-recreate", "--scale", f"{service}={count}")
    engine.compose("up", "--detach", "--no-deps", *scale, service)
    ill = engine.wait_until_well((service,), seconds=_READY_SECONDS, but=old)
    if ill and old:
        _remove([one for one in engine.containers() if one.service == service], but=old, by=engine)
    if ill:
        raise Failed(f"{ill[0].name} is {ill[0].state}, {ill[0].health}")
    for container in old:
        engine.engine("stop", "--time", str(OVERLAP_SECONDS), container.id)
        engine.engine("rm", container.id)


def _remove(containers: list[Container], *, but: list[Container], by: Engine) -> None:
    """What did not become well goes again; what ran before goes on."""
    kept = {one.id for one in but}
    for one in containers:
        if one.id not in kept:
            by.engine("rm", "--force", one.id)


def profiles(place: Place) -> list[str]:
    return [name.strip() for name in place.setting("COMPOSE_PROFILES").split(",") if name.strip()]


def _prove(place: Place, engine: Engine, screen: Screen) -> None:
    _front_door(place, screen)
    operator = place.setting("OPERATOR_CHAT_ID")
    if operator:
        _report(
            lambda: engine.inside("bot", "python", "-m", "bot", "ask", operator),
            screen,
        )
    else:
        screen.note("synthetic question", "not asked: set OPERATOR_CHAT_ID to your Telegram id")
    one_off(engine, "backup", "once")
    said = one_off(engine, "backup", "drill").strip().splitlines()
    screen.good("backup", said[-1].removeprefix("backup: ") if said else "restored")
    _first_account(engine, screen)


def _front_door(place: Place, screen: Screen) -> None:
    url = f"{address(place)}/api/v1/health"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            health = json.load(answer)
    except (OSError, ValueError) as error:
        screen.bad("front door", f"{url}: {type(error).__name__}", "See `make prod-logs`.")
        return
    screen.good("front door", f"{url} says {health['status']}")


def _first_account(engine: Engine, screen: Screen) -> None:
    if "no account yet" not in one_off(engine, "api", "python", "-m", "api", "users", "list"):
        return
    password = secrets.token_urlsafe(18)
    command = (
        "python",
        "-m",
        "api",
        "users",
        "add",
        "admin",
        "--role",
        "admin",
        "--password-stdin",
    )
    one_off(engine, "api", *command, given=f"{password}\n")
    screen.row("sign in", f"admin / {password}   (shown this once)")


def _tell(place: Place, screen: Screen) -> None:
    screen.rows.insert(0, ("dashboard", f"{address(place)}/"))
    screen.row("backups", str(place.backups))
    screen.row("look", "make prod-status, make prod-logs")


def address(place: Place) -> str:
    host = place.setting("HTTP_ADDRESS", "127.0.0.1")
    if host == "0.0.0.0":  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://{host}:{place.setting('HTTP_PORT', '8080')}"


def one_off(engine: Engine, service: str, *command: str, given: str | None = None) -> str:
    return engine.compose("run", "--rm", "--no-deps", "-T", service, *command, given=given)


def _report(run: Callable[[], str], screen: Screen) -> None:
    """Findings of the bot's own checks, one in a line of JSON."""
    try:
        said = run()
    except Failed as error:
        said = error.said
    found = [json.loads(line) for line in said.splitlines() if line.startswith('{"name"')]
    for one in found:
        if one["is_well"]:
            screen.good(one["name"], one["detail"])
        else:
            screen.bad(one["name"], one["detail"], one["remedy"])
    if not found:
        raise Failed(said.strip().splitlines()[-1][:300] if said.strip() else "no answer")


def _ill(containers: list[Container], screen: Screen) -> None:
    for one in containers:
        screen.bad(one.service, f"{one.state}, {one.health}", "`make prod-logs` shows why.")
