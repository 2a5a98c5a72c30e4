"""`deploy/prod` as an operator calls it, with a stand-in for Docker that notes what it is told."""

import os
import runpy
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[3] / "deploy" / "prod"
PATH = os.environ["PATH"]  # noqa: TID251 - where the shell is
TOKEN = "1234567890:AAH-quiet-herons-wade-in-the-shallows"
#: notes its words in a file; fails, or finds something wrong, where a test says so
DOCKER = """\
import json, os, sys
words = sys.argv[1:]
line = " ".join(words)
with open(os.environ["NOTES"], "a") as notes:
    notes.write(line + "\\n")
if os.environ.get("FAILS") and os.environ["FAILS"] in line:
    sys.exit("Error: something went wrong in the engine")
if "bot check" in line:
    well = "WRONG" not in os.environ
    print(json.dumps({"name": "telegram", "is_well": well, "detail": "said", "remedy": "do this"}))
    sys.exit(not well)
if words[0] == "inspect":
    print(json.dumps([
        {"Id": one, "Name": one, "Config": {"Image": one, "Labels": {
            "com.docker.compose.service": one.removesuffix("-new")}},
         "State": {"Status": "running", "Health": {"Status": "healthy"}}} for one in words[1:]
    ]))
elif words[:1] == ["ps"] and "--all" in words:
    noted = open(os.environ["NOTES"]).read()
    new = [f"{one}-new" for one in ("bot", "api") if f"--scale {one}=" in noted]
    print("postgres redis bot api frontend backup", *new)
elif line.endswith("backup once"):
    print("backup: parley-now.dump, 7 bytes")
elif line.endswith("backup tombstones"):
    print("a tombstone")
elif line.endswith("core.chat replay"):
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(f"given {sys.stdin.read()}")
    print("erasures: 1 tombstones, 0 people erased again")
elif words[0] == "version":
    print("Docker Compose version v2.40.0")
"""


@dataclass
class Installation:
    folder: Path
    notes: Path
    engine: str

    def run(self, *words: str, **variables: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, str(PROGRAM), "--folder", str(self.folder), *words],
            env={
                "PATH": PATH,
                "PARLEY_ENGINE": self.engine,
                "PARLEY_COMPOSE": self.engine,
                "NOTES": str(self.notes),
                **variables,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    def told(self, words: str) -> bool:
        return words in (self.notes.read_text() if self.notes.exists() else "")

    def change(self, name: str, value: str) -> None:
        env = self.folder / ".env"
        kept = [line for line in env.read_text().splitlines() if not line.startswith(f"{name}=")]
        env.write_text("\n".join([*kept, f"{name}={value}"]) + "\n")


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    (tmp_path / "docker.py").write_text(DOCKER)
    engine = f"{sys.executable} {tmp_path / 'docker.py'}"
    folder = tmp_path / "parley"
    folder.mkdir()
    return Installation(folder, tmp_path / "notes", engine)


@pytest.fixture
def installed(empty: Installation) -> Installation:
    code, said = empty.run("init", TELEGRAM_TOKEN=TOKEN, OPENROUTER_API_KEY="sk-or-v1-quiet-heron")
    assert code == 0, said
    return empty


def test_what_chance_spells_is_no_example() -> None:
    place = runpy.run_path(str(PROGRAM / "place.py"))
    assert not any(place["is_weak"](place["new_secret"]()) for _ in range(20_000))
    assert not place["is_missing"]("8123456789:AAxxXabcdefghijklmnopqrstuvwxyz_-12")
    assert place["is_missing"]("xxxxxxxx")


def kept(place: Installation) -> dict[Path, str]:
    secrets = (place.folder / "secrets").rglob("*")
    return {path: path.read_text() for path in secrets if path.is_file()}


class TestInit:
    def test_writes_what_prod_up_needs(self, installed: Installation) -> None:
        folder = installed.folder / "secrets"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        named = {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}
        assert named["telegram_token"] == TOKEN
        assert named["database_url_bot"].startswith("postgresql://parley_bot:")
        generated = [named[name] for name in ("postgres_password", "redis_password")]
        assert len(set(generated)) == 2
        assert all(len(one) >= 43 for one in generated)
        assert named["redis_password"] in named["redis_url"]

    def test_leaves_what_is_there(self, installed: Installation) -> None:
        (installed.folder / "secrets" / "keys" / "groq_api_key").write_text("gsk-quiet-heron")
        before = kept(installed)
        installed.change("HTTP_PORT", "8181")
        assert installed.run("init")[0] == 0
        assert before == kept(installed)
        assert "HTTP_PORT=8181" in (installed.folder / ".env").read_text()

    def test_does_not_invent_a_token(self, empty: Installation) -> None:
        code, said = empty.run("init")
        assert code == 1
        assert "TELEGRAM_TOKEN" in said


def no_env(place: Installation) -> None:
    (place.folder / ".env").unlink()


def example_token(place: Installation) -> None:
    path = place.folder / "secrets" / "telegram_token"
    path.unlink()
    path.write_text("your-token")


def short_password(place: Installation) -> None:
    path = place.folder / "secrets" / "postgres_password"
    path.unlink()
    path.write_text("hunter2")


def open_folder(place: Installation) -> None:
    (place.folder / "secrets").chmod(0o755)


def no_address(place: Installation) -> None:
    place.change("TELEGRAM_MODE", "webhook")


def models_elsewhere(place: Installation) -> None:
    place.change("MODELS_FILE", "/srv/models.toml")


def models_above(place: Installation) -> None:
    place.change("MODELS_FILE", "../models.toml")


def no_models(place: Installation) -> None:
    place.change("MODELS_FILE", "models.toml")


def closed_models(place: Installation) -> None:
    no_models(place)
    (place.folder / "models.toml").touch(mode=0o600)


def example_key(place: Installation) -> None:
    no_models(place)
    (place.folder / "models.toml").touch(mode=0o644)
    (place.folder / "secrets" / "keys" / "groq_api_key").write_text("your-key")


class TestUpRefuses:
    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (no_env, "Run `make init`"),
            (example_token, "secrets/telegram_token is missing, short or an example"),
            (short_password, "secrets/postgres_password is missing, short or an example"),
            (open_folder, "chmod 700 secrets"),
            (no_address, "WEBHOOK_URL is not set"),
            (models_elsewhere, "/srv/models.toml is not in this folder"),
            (models_above, "../models.toml is not in this folder"),
            (no_models, "Copy models.example.toml to models.toml"),
            (closed_models, "Run `chmod 644 models.toml`"),
            (example_key, "secrets/keys/groq_api_key"),
        ],
    )
    def test_what_is_wrong_on_this_machine(
        self, installed: Installation, spoil: Callable[[Installation], None], words: str
    ) -> None:
        spoil(installed)
        code, said = installed.run("up")
        assert code == 1
        assert words in said
        assert not installed.told("up --detach")

    def test_a_machine_without_docker(self, installed: Installation) -> None:
        code, said = installed.run("up", PARLEY_ENGINE="no-such-docker")
        assert code == 1
        assert "Install Docker" in said

    def test_a_taken_port(self, installed: Installation) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            installed.change("HTTP_PORT", str(taken.getsockname()[1]))
            (installed.folder.parent / "docker.py").write_text(
                DOCKER.replace("redis bot api frontend", "redis")
            )
            code, said = installed.run("up")
        assert code == 1
        assert "is taken" in said

    @pytest.mark.parametrize(
        ("fails", "words", "never"),
        [
            ("pull", "What runs goes on running", "up --detach"),
            ("run --rm --no-deps -T migrate", "Nothing was changed", "--scale"),
        ],
    )
    def test_and_leaves_what_runs(
        self, installed: Installation, fails: str, words: str, never: str
    ) -> None:
        code, said = installed.run("up", FAILS=fails)
        assert code == 1
        assert words in said
        assert not installed.told(never)

    def test_a_configuration_that_cannot_work(self, installed: Installation) -> None:
        code, said = installed.run("up", WRONG="yes")
        assert code == 1
        assert "telegram: said" in said
        assert "do this" in said
        assert not installed.told("migrate")


def test_up_opens_keys_to_the_programs_and_their_folder_to_nobody_else(
    installed: Installation,
) -> None:
    no_models(installed)
    (installed.folder / "models.toml").touch(mode=0o644)
    secrets = installed.folder / "secrets"
    key = secrets / "keys" / "groq_api_key"
    key.write_text("gsk-quiet-heron")
    key.chmod(0o600)
    _, said = installed.run("up", FAILS="front door")
    assert "models.toml" in said
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (secrets, secrets / "keys", key)]
    assert modes == [0o700, 0o755, 0o444]


def test_up_puts_new_containers_beside_the_old_before_it_stops_these(
    installed: Installation,
) -> None:
    _, said = installed.run("up", FAILS="front door")
    assert "Starting" in said, said
    told = installed.notes.read_text().splitlines()
    beside = next(place for place, line in enumerate(told) if "--scale bot=2 bot" in line)
    stopped = next(place for place, line in enumerate(told) if line == "stop --time 40 bot")
    assert beside < stopped


def test_rollback_needs_a_release_before(installed: Installation) -> None:
    code, said = installed.run("rollback")
    assert code == 1
    assert "no other release has been up here" in said


def test_restore_names_what_is_not_there(installed: Installation) -> None:
    code, said = installed.run("restore", "parley-of-long-ago.dump")
    assert code == 1
    assert "does not exist" in said


class TestRestore:
    def test_forgets_again_whom_the_backup_brings_back(self, installed: Installation) -> None:
        (installed.folder / "backups").mkdir(exist_ok=True)
        (installed.folder / "backups" / "parley-x.dump").touch()
        code, said = installed.run("restore", "parley-x.dump")
        assert code == 0, said
        assert "1 tombstones, 0 people erased again" in said
        notes = installed.notes.read_text()
        steps = (
            "stop bot api",
            "backup tombstones",
            "exec --interactive postgres psql",
            "backup restore parley-x.dump",
            "migrate python -m core.chat replay\ngiven a tombstone\n",
            "up --detach --no-deps bot",
        )
        places = [notes.index(step) for step in steps]
        assert places == sorted(places)

    def test_starts_nobody_while_they_are_not_forgotten(self, installed: Installation) -> None:
        (installed.folder / "backups").mkdir(exist_ok=True)
        (installed.folder / "backups" / "parley-x.dump").touch()
        code, _ = installed.run("restore", "parley-x.dump", FAILS="core.chat replay")
        assert code == 1
        assert not installed.told("up --detach --no-deps bot")


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell")
def test_a_damaged_backup_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / "parley-x.dump").write_text("cut short")
    (tmp_path / "parley-x.dump.sha256").write_text(f"{'0' * 64}  parley-x.dump\n")
    done = subprocess.run(
        ["sh", str(PROGRAM.parent / "backup" / "backup.sh"), "restore", "parley-x.dump"],
        env={"PATH": PATH, "BACKUP_FOLDER": str(tmp_path), "DATABASE_URL": "none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "damaged" in done.stderr
