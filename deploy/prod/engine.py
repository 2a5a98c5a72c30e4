"""Docker and Compose, as commands. PARLEY_ENGINE and PARLEY_COMPOSE may name podman's."""

import json
import os
import shlex
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Failed(Exception):
    """A command ended badly; its last words are the reason, `said` is all that it printed."""

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(reason)
        self.said = said


@dataclass(frozen=True)
class Container:
    id: str
    name: str
    service: str
    image: str
    state: str
    health: str

    @property
    def is_well(self) -> bool:
        return self.state == "running" and self.health in {"healthy", "none"}


@dataclass(frozen=True)
class Engine:
    folder: Path

    @property
    def _engine(self) -> list[str]:
        return shlex.split(os.environ.get("PARLEY_ENGINE", "docker"))

    @property
    def _compose(self) -> list[str]:
        default = "docker compose --file docker-compose.prod.yml"
        return shlex.split(os.environ.get("PARLEY_COMPOSE", default))

    def compose(self, *arguments: str, quiet: bool = True, given: str | None = None) -> str:
        """Run; returns what it printed. Raises Failed."""
        return self._run([*self._compose, *arguments], quiet=quiet, given=given)

    def engine(self, *arguments: str, given: str | None = None) -> str:
        return self._run([*self._engine, *arguments], quiet=True, given=given)

    def inside(self, service: str, *command: str, given: str | None = None) -> str:
        """Run in a container of the service that runs; after an upgrade it may be any."""
        running = self.running(service)
        if not running:
            raise Failed(f"{service} does not run")
        return self.engine("exec", "--interactive", running[0].id, *command, given=given or "")

    def containers(self) -> list[Container]:
        ids = self.engine(
            "ps", "--all", "--quiet", "--filter", "label=com.docker.compose.project=parley"
        ).split()
        if not ids:
            return []
        return [_container(one) for one in json.loads(self.engine("inspect", *ids))]

    def running(self, service: str) -> list[Container]:
        found = self.containers()
        return [one for one in found if one.service == service and one.state == "running"]

    def wait_until_well(
        self, services: Sequence[str], *, seconds: float, but: Sequence[Container] = ()
    ) -> list[Container]:
        """The containers of these services that are not well by then; `but` do not count."""
        deadline = time.monotonic() + seconds
        ignored = {one.id for one in but}
        while True:
            found = self.containers()
            mine = [one for one in found if one.service in services and one.id not in ignored]
            ill = [one for one in mine if not one.is_well]
            if len({one.service for one in mine}) == len(services) and not ill:
                return []
            if time.monotonic() > deadline:
                return ill or mine
            time.sleep(1)

    def _run(self, command: list[str], *, quiet: bool, given: str | None = None) -> str:
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                input=given,
                stdout=subprocess.PIPE if quiet else None,
                stderr=subprocess.PIPE if quiet else None,
                text=True,
                check=False,
            )
        except OSError as error:
            raise Failed(f"{command[0]}: {error.strerror}") from None
        if done.returncode:
            said = [
                line for line in (done.stderr or done.stdout or "").splitlines() if line.strip()
            ]
            reason = said[-1][:300] if said else f"{command[0]} ended with {done.returncode}"
            raise Failed(reason, (done.stdout or "") + (done.stderr or ""))
        return done.stdout or ""


def _container(inspected: dict[str, Any]) -> Container:
    labels = inspected["Config"].get("Labels") or {}
    state = inspected["State"]
    health = (state.get("Health") or state.get("Healthcheck") or {}).get("Status") or "none"
    return Container(
        id=inspected["Id"],
        name=inspected["Name"].lstrip("/"),
        service=labels.get("com.docker.compose.service", ""),
        image=inspected["Config"].get("Image", ""),
        state=state.get("Status", ""),
        health=health,
    )
