"""What an operator does with an installation that runs."""

from collections.abc import Callable
from dataclasses import dataclass

from engine import Engine, Failed
from place import ROLES, Place, new_secret
from screen import Screen
from up import OVERLAP_SECONDS, PROGRAMS, address, one_off, replace, up


@dataclass(frozen=True)
class Action:
    help: str
    act: Callable[[Place, Engine, str], int]
    takes: str = ""


def down(_: Place, engine: Engine, __: str) -> int:
    """Data stay: volumes and backups are not touched."""
    for one in engine.containers():
        if one.service in {
            "bot",
            "api",
        }:  # by now they may have numbers that Compose does not expect
            engine.engine("stop", "--time", str(OVERLAP_SECONDS), one.id)
            engine.engine("rm", one.id)
    engine.compose("down", quiet=False)
    return 0


def status(place: Place, engine: Engine, _: str) -> int:
    screen = Screen()
    screen.step(f"Parley {place.setting('PARLEY_VERSION')}")
    found = engine.containers()
    for one in found:
        if one.service == "migrate":
            continue
        detail = f"{one.state}, {one.health}   {one.image.rsplit('/', 1)[-1]}"
        if one.is_well:
            screen.good(one.name, detail)
        else:
            screen.bad(one.name, detail, "`make prod-logs` shows why.")
    missing = {"postgres", "redis", *PROGRAMS} - {one.service for one in found}
    for name in sorted(missing):
        screen.bad(name, "does not run", "`make prod-up` starts it.")
    newest = sorted(place.backups.glob("parley-*.dump"))
    screen.note("newest backup", newest[-1].name if newest else "none yet: make backup")
    return screen.end(f"All well at {address(place)}/")


def logs(_: Place, engine: Engine, __: str) -> int:
    engine.compose("logs", "--follow", "--tail", "100", quiet=False)
    return 0


def backup(_: Place, engine: Engine, __: str) -> int:
    print(one_off(engine, "backup", "once").strip())
    print(one_off(engine, "backup", "drill").strip())
    return 0


def restore(place: Place, engine: Engine, name: str) -> int:
    """Puts a backup in the place of the database; what is there now is backed up first."""
    file = place.backups / name.rsplit("/", 1)[-1]
    if not file.is_file():
        raise Failed(f"{file} does not exist; `ls {place.backups}` lists the backups")
    screen = Screen()
    screen.step(f"Trying {file.name} beside")
    one_off(engine, "backup", "drill", file.name)
    screen.good("backup", "restores, with all rows that were dumped")
    screen.step("Keeping what is there now")
    screen.good("backup", one_off(engine, "backup", "once").strip().splitlines()[0])
    screen.step("Stopping who writes")
    engine.compose("stop", "bot", "api")
    tombstones = one_off(engine, "backup", "tombstones")
    screen.step(f"Restoring {file.name}")
    _sql(engine, "postgres", "DROP DATABASE parley WITH (FORCE)", "CREATE DATABASE parley")
    _sql(engine, "parley", *_grants())
    one_off(engine, "backup", "restore", file.name)
    one_off(engine, "migrate")
    screen.good("database", "restored, and of this release's schema")
    replay = ("python", "-m", "core.chat", "replay")
    said = one_off(engine, "migrate", *replay, given=tombstones).strip().splitlines()
    screen.good("erasures", said[0].removeprefix("erasures: ") if said else "replayed")
    screen.step("Starting")
    for service in ("api", "bot"):
        engine.compose("up", "--detach", "--no-deps", service)
    if ill := engine.wait_until_well(PROGRAMS, seconds=120):
        raise Failed(f"{ill[0].name} is {ill[0].state}, {ill[0].health}")
    return screen.end(f"{file.name} is in place; Parley is up.")


def rollback(place: Place, engine: Engine, _: str) -> int:
    """Starts the release before. The schema stays: migrations only add to what it needs."""
    now = place.setting("PARLEY_VERSION")
    before = [one for one in place.past_releases() if one != now]
    if not before:
        raise Failed("no other release has been up here")
    place.change_setting("PARLEY_VERSION", before[-1])
    print(
        f"From {now} back to {before[-1]}. The schema stays as it is: releases next to each other"
    )
    print("share one. To take data back as well: make restore file=<a backup of before>.")
    return up(place, engine, pull=False)


def rotate(place: Place, engine: Engine, _: str) -> int:
    """New passwords between our own programs, and a new registration token; none is down for it."""
    screen = Screen()
    screen.step("Rotating")
    for role in ("bot", "api"):
        password = new_secret()
        _sql(engine, "parley", f"ALTER ROLE {ROLES[role]} PASSWORD '{password}'")
        place.keep_secret(
            f"database_url_{role}", f"postgresql://{ROLES[role]}:{password}@postgres:5432/parley"
        )
        replace(place, engine, role)
        screen.good(f"database, {role}", "new password, new containers")
    for name in ("redis_password", "webhook_secret", "admin_registration_token"):
        place.keep_secret(name, new_secret())
    place.keep_addresses()
    engine.compose("up", "--detach", "--no-deps", "--force-recreate", "redis")
    for service in ("api", "bot"):
        replace(place, engine, service)
    screen.good("Redis, webhook, token", "new")
    screen.note("telegram_token", "/revoke at @BotFather, paste into secrets/, make prod-up")
    screen.note("openrouter_api_key", "make a new one there, paste into secrets/, make prod-up")
    return screen.end("Rotated.")


def _sql(engine: Engine, database: str, *statements: str) -> None:
    for statement in statements:
        engine.inside(
            *("postgres", "psql", "--no-psqlrc", "--quiet"),
            *("-v", "ON_ERROR_STOP=1", "-U", ROLES["owner"], "-d", database),
            given=f"{statement};\n",
        )


def _grants() -> list[str]:
    """As deploy/postgres/roles.sh gives them to a new database."""
    return [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO parley_bot, parley_api",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO parley_bot",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO parley_api",
    ]


ACTIONS = {
    "down": Action("stop everything; data stay", down),
    "status": Action("what runs, and how it is", status),
    "logs": Action("what the programs say", logs),
    "backup": Action("back up now, and prove that it restores", backup),
    "restore": Action("put a backup in the database's place", restore, "a file of backups/"),
    "rollback": Action("back to the release before", rollback),
    "rotate-secrets": Action("new passwords and tokens", rotate),
}
