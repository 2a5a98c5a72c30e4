"""What is rehearsed, in its order. A step returns what was seen, or raises Broken."""

import base64
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from ground import BOT, BROKEN, NEXT, RELEASE, Ground
from people import Asking, call

_BACK_SECONDS = 90.0


class Broken(Exception):
    """What was seen is not what has to be."""


def build(ground: Ground) -> str:
    """Images of this tree, of a next release, of one that is broken."""
    ground.folder.mkdir(exist_ok=True)
    ground.build()
    return ""


def refuse(ground: Ground) -> str:
    """What is missing, an example or in the way is refused and named."""
    ground.furnish()
    _expect(ground, "make init", "up", "--no-pull")
    refused = ground.operate("init", TELEGRAM_TOKEN="your-token-here")  # noqa: S106 - an example
    _check(refused.returncode == 1 and "TELEGRAM_TOKEN" in refused.stdout, refused.stdout)
    _operate(ground, "init")
    ground.settle()
    for name in ("telegram_token", "redis_password"):
        right = ground.place.secret(name)
        ground.place.keep_secret(name, "change-me")
        _expect(ground, f"secrets/{name}", "up", "--no-pull")
        ground.place.keep_secret(name, right)
    with socket.create_server(("127.0.0.1", ground.http_port)):
        _expect(ground, "is taken", "up", "--no-pull")
    _expect(ground, "images", "up", PARLEY_REGISTRY="127.0.0.1:1/nowhere")
    _check(not ground.engine.containers(), "something was started")
    return "no .env, examples, a taken port, no registry"


def start(ground: Ground) -> str:
    """Production from nothing, with a question through the whole path."""
    ground.engine.compose("up", "--detach", "simulator")
    _wait(lambda: _is_up(ground.simulator), "the simulator does not answer")
    operator = call(ground.simulator, "/people/users", {"first_name": "Operator"})["id"]
    ground.place.change_setting("OPERATOR_CHAT_ID", str(operator))
    for name, secret in (("telegram_token", "43:of-nobody"), ("openrouter_api_key", "wrong")):
        right = ground.place.secret(name)
        ground.place.keep_secret(name, secret)
        _expect(ground, name.upper(), "up", "--no-pull")
        ground.place.keep_secret(name, right)
    _name_models(ground)
    said = _operate(ground, "up", "--no-pull")
    _check("model everyday" in said and "model spare" in said, said)
    _check("whole path" in said or "answered" in said, said)
    account = re.search(r"sign in\s+(\S+) / (\S+)", said)
    if not account:
        raise Broken(f"no account was shown:\n{said}")
    _check(
        _status(ground, "/api/v1/auth/me", account[1], account[2]) is HTTPStatus.OK, "sign-in fails"
    )
    _check(_status(ground, "/") is HTTPStatus.OK, "the dashboard is not served")
    closed = _status(ground, "/api/v1/stats?period=day")
    _check(closed is HTTPStatus.UNAUTHORIZED, "statistics are open to all")
    return "a wrong token, a wrong key and three wrong models' files refused before"


_MODELS = """[credentials.first]
provider = "local"
base_url = "http://simulator:8090/api/v1"
key = "OPENROUTER_API_KEY"

[credentials.second]
provider = "local"
base_url = "http://simulator:8090/api/v1"
key = "SECOND_KEY"

[targets.everyday]
credential = "first"
model = "parley/demo-large"

[targets.spare]
credential = "second"
model = "parley/demo-small"

[chains]
default = ["everyday", "spare"]
"""


def _name_models(ground: Ground) -> None:
    """Two accounts from a file; what is wrong with it is refused with its line, and not started."""
    before = {one.id for one in ground.engine.containers()}
    ground.place.change_setting("MODELS_FILE", "models.toml")
    _expect(ground, "models.toml is missing", "up", "--no-pull")
    file = ground.folder / "models.toml"
    file.write_text(_MODELS)
    _expect(ground, "models.toml, line 9: SECOND_KEY is not set", "up", "--no-pull")
    (ground.place.keys / "second_key").write_text("simulator-key")
    file.write_text(_MODELS.replace('["everyday", "spare"]', '["everyday", "spar"]'))
    _expect(ground, "models.toml, line 20: there is no [targets.spar]", "up", "--no-pull")
    file.write_text(_MODELS)
    started = [one for one in ground.engine.containers() if one.id not in before]
    _check(not started, f"{[one.name for one in started]} were started")


def crash(ground: Ground) -> str:
    """Bot and database killed with SIGKILL come back; nothing is lost."""
    with Asking(ground.simulator) as asking:
        for service in ("bot", "postgres"):
            time.sleep(5)
            killed = ground.crash(service)
            _wait(partial(_is_well, ground, service), f"{service} stays away")
            _check(ground.engine.running(service)[0].id == killed, "another container")
        time.sleep(5)
    return _all_answered(ground, asking)


def break_migration(ground: Ground) -> str:
    """A migration that fails changes nothing; the version that runs goes on."""
    before = _programs(ground)
    with Asking(ground.simulator) as asking:
        ground.place.change_setting("PARLEY_VERSION", BROKEN)
        _expect(ground, "schema", "up", "--no-pull")
        ground.place.change_setting("PARLEY_VERSION", RELEASE)
    _check(_programs(ground) == before, "containers were replaced")
    _check(_columns(ground) == "0", "the schema has changed")
    return _all_answered(ground, asking)


def upgrade(ground: Ground) -> str:
    """An upgrade with a wider schema, while people ask."""
    with Asking(ground.simulator) as asking:
        ground.place.change_setting("PARLEY_VERSION", NEXT)
        _operate(ground, "up", "--no-pull")
    _check(_columns(ground) == "1", "the schema is not the next one")
    _check(_releases(ground) == {NEXT}, f"{_releases(ground)} run")
    return _all_answered(ground, asking)


def roll_back(ground: Ground) -> str:
    """The release before, on the wider schema, while people ask."""
    with Asking(ground.simulator) as asking:
        _operate(ground, "rollback")
    _check(_releases(ground) == {RELEASE}, f"{_releases(ground)} run")
    return _all_answered(ground, asking)


def restore(ground: Ground) -> str:
    """A backup is restored, but nobody who was erased since; a damaged one is refused."""
    with Asking(ground.simulator) as asking:
        time.sleep(3)
    asking.wait_for_answers()
    _operate(ground, "backup")
    forgotten = next(iter(asking.sent))
    command = ("python", "-m", "core.chat", "erase", BOT, str(forgotten))
    ground.engine.compose("run", "--rm", "--no-deps", "-T", "migrate", *command)
    known = f"SELECT count(*) FROM users WHERE id = {forgotten:d}"  # noqa: S608 - a number
    _check(ground.sql(known) == "0", "an erased person is known")
    newest = max(ground.place.backups.glob("parley-*.dump")).name
    rows = _in_backups(ground, f"cat /backups/{newest}.rows")
    dumped = int(dict(line.split("|") for line in rows.split())["turns"])
    with Asking(ground.simulator) as asking:
        time.sleep(3)
    asking.wait_for_answers()
    after = int(ground.sql("SELECT count(*) FROM turns"))
    _check(after > dumped, f"{after} turns, {dumped} dumped")
    _damage(ground, newest)
    _expect(ground, "damaged", "restore", "parley-damaged.dump")
    _check(int(ground.sql("SELECT count(*) FROM turns")) == after, "something was restored")
    _in_backups(ground, "rm /backups/parley-damaged.dump*")
    _operate(ground, "restore", newest)
    restored = int(ground.sql("SELECT count(*) FROM turns"))
    _check(restored == dumped, f"{restored} turns, {dumped} dumped")
    _check(ground.sql(known) == "0", "the restore has brought an erased person back")
    with Asking(ground.simulator) as asking:
        time.sleep(2)
    return f"{dumped} turns of {after}; then {_all_answered(ground, asking)}"


def rotate(ground: Ground) -> str:
    """New secrets without a gap, while people ask."""
    before = ground.place.secret("database_url_bot")
    with Asking(ground.simulator) as asking:
        _operate(ground, "rotate-secrets")
    _check(ground.place.secret("database_url_bot") != before, "the same secret")
    return _all_answered(ground, asking)


def end(ground: Ground) -> str:
    """All is well at the end, and goes down when told."""
    _operate(ground, "status")
    _operate(ground, "down")
    running = [one.name for one in ground.engine.containers() if one.state == "running"]
    _check(not running, f"{running} still run")
    return ""


ALL: tuple[Callable[[Ground], str], ...] = (
    build,
    refuse,
    start,
    crash,
    break_migration,
    upgrade,
    roll_back,
    restore,
    rotate,
    end,
)


def _operate(ground: Ground, *command: str) -> str:
    done = ground.operate(*command)
    _check(
        done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}"
    )
    return done.stdout


def _expect(ground: Ground, words: str, *command: str, **variables: str) -> None:
    """It must be refused, with these words and no stack."""
    done = ground.operate(*command, **variables)
    _check(
        done.returncode == 1, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}"
    )
    _check(
        words in done.stdout and "Traceback" not in done.stdout, f"no “{words}” in:\n{done.stdout}"
    )


def _check(is_so: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not is_so:
        raise Broken(otherwise)


def _all_answered(ground: Ground, asking: Asking) -> str:
    """Each question once; a second copy only of what is marked as perhaps sent."""
    came = asking.wait_for_answers()
    lacking = sum(max(0, count - came[person]) for person, count in asking.sent.items())
    extra = sum(max(0, came[person] - count) for person, count in asking.sent.items())
    unknown = int(ground.sql("SELECT count(*) FROM outbox WHERE delivery_unknown"))
    _check(not lacking, f"{lacking} of {asking.total} questions have no answer")
    _check(extra <= unknown, f"{extra} copies, of which {unknown} are marked")
    copies = f", {extra} once more, marked as perhaps sent before" if extra else ""
    return f"{asking.total} asked, {asking.total} answered{copies}"


def _programs(ground: Ground) -> set[str]:
    return {one.id for name in ("bot", "api", "frontend") for one in ground.engine.running(name)}


def _releases(ground: Ground) -> set[str]:
    running = (one for name in ("bot", "api", "frontend") for one in ground.engine.running(name))
    return {one.image.rpartition(":")[2] for one in running}


def _columns(ground: Ground) -> str:
    return ground.sql(
        "SELECT count(*) FROM information_schema.columns WHERE column_name = 'of_the_next_release'"
    )


def _is_well(ground: Ground, service: str) -> bool:
    found = ground.engine.running(service)
    return bool(found) and all(one.is_well for one in found)


def _damage(ground: Ground, name: str) -> None:
    """A copy with some bytes changed, and its checksum as it was."""
    script = (
        f"cd /backups && cp {name} parley-damaged.dump && "
        f"cp {name}.rows parley-damaged.dump.rows && "
        f"sed 's/{name}/parley-damaged.dump/' {name}.sha256 >parley-damaged.dump.sha256 && "
        "printf damage | dd of=parley-damaged.dump bs=1 seek=900 conv=notrunc 2>/dev/null"
    )
    _in_backups(ground, script)


def _in_backups(ground: Ground, script: str) -> str:
    command = ("--entrypoint", "sh", "backup", "-c", script)
    return ground.engine.compose("run", "--rm", "--no-deps", "-T", *command)


def _status(ground: Ground, path: str, name: str = "", password: str = "") -> HTTPStatus:
    request = urllib.request.Request(ground.front_door + path)
    if name:
        token = base64.b64encode(f"{name}:{password}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return HTTPStatus(answer.status)
    except urllib.error.HTTPError as error:
        return HTTPStatus(error.code)


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except OSError:
        return False


def _wait(happened: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + _BACK_SECONDS
    while not happened():
        _check(time.monotonic() < deadline, otherwise)
        time.sleep(0.5)
