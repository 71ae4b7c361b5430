"""Serves a Streamlit script as its own process and waits for what it says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 10.0

AppRunner = Callable[..., AbstractContextManager[str]]


class AppServer:
    """A script on a port of its own; it may be killed and started again."""

    def __init__(self, script: Path, *, data: Path, env: Mapping[str, str]) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = _command(script, self.port)
        self._env = _environment(data, env)
        self._log = data / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        _wait_until_healthy(self._process, self.port, self._log)

    def kill(self) -> None:
        """Without a word of warning, as the power goes."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        if self._process is not None:
            _stop(self._process)


@contextmanager
def serving(
    script: Path, *, data: Path, env: Mapping[str, str] | None = None
) -> Iterator[AppServer]:
    """``script`` on a free port, its data in the folder ``data``."""
    server = AppServer(script, data=data, env=env or {})
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def running(script: Path, *, data: Path, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """The same for whoever needs no more than its URL."""
    with serving(script, data=data, env=env) as server:
        yield server.url


def _command(script: Path, port: int) -> list[str]:
    options = {
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(script), *flags]


def _environment(data: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """The developer's own settings must not reach the app, nor the app their data."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("BELTMASK_", "STREAMLIT_"))}
    ours = {"BELTMASK_DATA": str(data), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return {**plain, **ours, **extra}


def _wait_until_healthy(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = monotonic() + START_SECONDS
    while not _healthy(port):
        if server.poll() is not None or monotonic() > deadline:
            raise AssertionError(f"the app did not start:\n{log.read_text(errors='replace')}")
        sleep(0.1)


def _healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
