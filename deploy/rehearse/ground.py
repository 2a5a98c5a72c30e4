"""The folder and containers of a rehearsal: an installation, and the simulator as its outside."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from engine import Engine, Failed
from place import Place

REPOSITORY = Path(__file__).resolve().parents[2]
REGISTRY = "ghcr.io/parley"
#: what is rehearsed, the release after it, and one whose migration fails
RELEASE, NEXT, BROKEN = "0.0.1", "0.0.2", "0.0.3"
_MIGRATIONS = REPOSITORY / "backend/core/src/core/migrations/versions"
_IN_IMAGE = "/app/.venv/lib/python3*/site-packages/core/migrations/versions"

_OUTSIDE = """services:
  simulator:
    image: {registry}/parley-simulator:{release}
    networks: [inside, outside]
    ports: ["127.0.0.1:{port}:8090"]
"""
_SETTINGS = """PARLEY_VERSION={release}
OPERATOR_CHAT_ID=
OPENROUTER_MODEL=parley/demo-large
OPENROUTER_FALLBACK_MODELS=parley/demo-small
TELEGRAM_API_BASE_URL=http://simulator:8090
OPENROUTER_BASE_URL=http://simulator:8090/api/v1
HTTP_PORT={http_port}
COMPOSE_PROFILES=backup
"""
#: its id in Telegram
BOT = "42"
_GIVEN = {"TELEGRAM_TOKEN": f"{BOT}:simulator-token", "OPENROUTER_API_KEY": "simulator-key"}
_EXPAND = 'op.add_column("users", sa.Column("of_the_next_release", sa.Text()))'
_BREAK = 'op.execute("SELECT 1 / 0")'
_MIGRATION = '''"""made up for a rehearsal"""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{name}", "{before}", None, None


def upgrade() -> None:
    {change}


def downgrade() -> None:
    pass
'''


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Ground:
    folder: Path
    simulator_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)

    @property
    def engine(self) -> Engine:
        os.environ.setdefault(
            "PARLEY_COMPOSE",
            "docker compose --file docker-compose.prod.yml --file rehearsal.yml",
        )
        return Engine(self.folder)

    @property
    def place(self) -> Place:
        return Place(self.folder)

    @property
    def simulator(self) -> str:
        return f"http://127.0.0.1:{self.simulator_port}"

    @property
    def front_door(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def require_nobody(self) -> None:
        """Names and volumes are those of a real installation: beside one, nothing is done."""
        volumes = self.engine.engine("volume", "ls", "--quiet").split()
        if self.engine.containers() or "parley_postgres" in volumes:
            raise Failed("Parley runs on this machine, or has data here: rehearse on another one")

    def build(self) -> None:
        """The images of all three releases, and the simulator's."""
        for program in ("bot", "api", "simulator"):
            self._build(program, RELEASE, "--file", "backend/Dockerfile", "--target", program, ".")
        self._build("frontend", RELEASE, "--file", "frontend/Dockerfile", ".")
        self._derive(NEXT, "ffff00000001", _head(), _EXPAND)
        self._derive(BROKEN, "ffff00000002", "ffff00000001", _BREAK)

    def furnish(self) -> None:
        """What a server gets: Compose file, deploy/, and what `make init` makes."""
        shutil.copytree(
            REPOSITORY / "deploy",
            self.folder / "deploy",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        for name in ("docker-compose.prod.yml", "pyproject.toml"):
            shutil.copy(REPOSITORY / name, self.folder)
        outside = _OUTSIDE.format(registry=REGISTRY, release=RELEASE, port=self.simulator_port)
        (self.folder / "rehearsal.yml").write_text(outside)
        self.folder.chmod(0o755)

    def settle(self) -> None:
        settings = _SETTINGS.format(release=RELEASE, http_port=self.http_port)
        self.place.env_file.write_text(settings)

    def operate(self, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """`python3 deploy/prod …`, as the make targets call it; its screen is kept."""
        done = subprocess.run(
            [sys.executable, "deploy/prod", *command],
            cwd=self.folder,
            env={**os.environ, **_GIVEN, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        with (self.folder / "transcript").open("a") as transcript:
            transcript.write(f"$ {' '.join(command)}\n{done.stdout}\n")
        return done

    def sql(self, statement: str) -> str:
        command = ("psql", "-U", "parley_owner", "-d", "parley", "-At", "-c", statement)
        return self.engine.inside("postgres", *command).strip()

    def crash(self, service: str) -> str:
        """SIGKILL from outside, as the kernel would: `docker kill` counts as an operator's stop."""
        container = self.engine.running(service)[0]
        pid = self.engine.engine("inspect", "--format", "{{.State.Pid}}", container.id).strip()
        sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
        subprocess.run([*sudo, "kill", "-9", pid], check=True)
        return container.id

    def keep_transcript(self) -> Path:
        kept = Path(tempfile.gettempdir()) / "parley-rehearsal.txt"
        if (said := self.folder / "transcript").is_file():
            shutil.copy(said, kept)
        return kept

    def clear(self) -> None:
        """Nothing of the rehearsal stays, but its images."""
        for container in self.engine.engine("ps", "--all", "--quiet").split():
            labels = self.engine.engine("inspect", container)
            if str(self.folder) in labels:
                self.engine.engine("rm", "--force", container)
        for volume in self.engine.engine("volume", "ls", "--quiet").split():
            if volume.startswith("parley_"):
                self.engine.engine("volume", "rm", "--force", volume)
        shutil.rmtree(self.folder, ignore_errors=True)  # dumps belong to the container's user

    def _derive(self, release: str, name: str, before: str, change: str) -> None:
        """A release that differs by one migration."""
        context = self.folder / f"release-{release}"
        context.mkdir()
        migration = _MIGRATION.format(name=name, before=before, change=change)
        (context / f"9999-{name}.py").write_text(migration)
        before_it = RELEASE if release == NEXT else NEXT
        (context / "Dockerfile").write_text(
            f"FROM {REGISTRY}/parley-bot:{before_it}\nUSER 0\nCOPY 9999-{name}.py /tmp/\n"
            f"RUN cp /tmp/9999-{name}.py {_IN_IMAGE}/\nUSER 10001:10001\n"
        )
        self._build("bot", release, str(context))
        for program in ("api", "frontend"):
            image = f"{REGISTRY}/parley-{program}"
            self.engine.engine("tag", f"{image}:{RELEASE}", f"{image}:{release}")

    def _build(self, program: str, release: str, *arguments: str) -> None:
        build = shlex.split(os.environ.get("PARLEY_BUILD", "docker build"))
        tag = f"{REGISTRY}/parley-{program}:{release}"
        done = subprocess.run(
            [*build, "--build-arg", f"VERSION={release}", "--tag", tag, *arguments],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"building {tag}: {done.stderr[-2000:] or done.stdout[-2000:]}")


def _head() -> str:
    newest = max(_MIGRATIONS.glob("*.py"))
    found = re.search(r'^revision(?:: str)? = "(\w+)"', newest.read_text(), re.MULTILINE)
    if not found:
        raise Failed(f"{newest.name} names no revision")
    return found[1]
