"""The real app in a process of its own, on a small disk, with a database that can break down."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from beltmask.model import Image, TaskState
from beltmask.settings import Settings
from beltmask.workflows.services import Services
from tests.browser.app_server import ROOT, AppServer
from tests.gemini_server import GeminiServer
from tests.postgres import break_down, fresh_database, server_programs, throw_away_server

_SIZE = "size=200m,mode=0700"
_OVER = {TaskState.DONE, TaskState.FAILED}


@dataclass(frozen=True, slots=True)
class Disk:
    """Where the data lies. ``own`` is whether it is a file system for itself, which may be full.

    Otherwise a limit on the size of the server's files stands for a full disk.
    """

    folder: Path
    own: bool

    def fill(self, server: int) -> None:
        if not self.own:
            _limit(server, 1)
            return
        with (self.folder / "filler").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(1 << 16))

    def free(self, server: int) -> None:
        if not self.own:
            _limit(server, resource.RLIM_INFINITY)
        (self.folder / "filler").unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Installation:
    """``services`` look at the same store as the server, from outside."""

    kind: str
    disk: Disk
    server: AppServer
    services: Services
    postgres: str = ""

    def break_database_down(self) -> None:
        break_down(self.postgres)

    def open_tasks(self, images: Sequence[Image]) -> int:
        with self.services.store.read() as records:
            newest = [records.runs.latest_task(image.id) for image in images]
        return sum(task is None or task.state not in _OVER for task in newest)


@contextmanager
def installed(kind: str, *, gemini: GeminiServer) -> Iterator[Installation]:
    with ExitStack() as stack:
        disk = stack.enter_context(_small_disk())
        data = disk.folder / "data"
        env = {
            "GEMINI_API_KEY": "a key",
            "BELTMASK_GEMINI_BASE_URL": gemini.url,
            "BELTMASK_ACTOR": "soak",
        }
        postgres, url = "", None
        if kind == "postgresql":
            programs = server_programs()
            if programs is None:
                raise SystemExit("PostgreSQL is not installed. Choose --database sqlite.")
            postgres = stack.enter_context(throw_away_server(programs))
            url = stack.enter_context(fresh_database(postgres))
            env["BELTMASK_DATABASE_URL"] = url
        secret = None if url is None else SecretStr(url)
        services = Services.open(Settings(data=data, database_url=secret))
        stack.callback(services.close)
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = AppServer(ROOT / "app.py", data=logs, env={**env, "BELTMASK_DATA": str(data)})
        stack.callback(server.stop)
        yield Installation(kind, disk, server, services, postgres)


@contextmanager
def _small_disk() -> Iterator[Disk]:
    folder = Path(tempfile.mkdtemp(prefix="bm-soak-"))
    mount = ["mount", "-t", "tmpfs", "-o", _SIZE, "beltmask-soak", str(folder)]
    own = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    try:
        yield Disk(folder, own)
    finally:
        if own:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def _limit(process: int, size: int) -> None:
    with suppress(ProcessLookupError):
        _, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, most))
