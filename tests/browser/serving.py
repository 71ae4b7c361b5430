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


@contextmanager
def running(script: Path, *, data: Path, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """``script`` on a free port, its data in the folder ``data``; gives the URL."""
    port = _free_port()
    log = data / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            _command(script, port),
            cwd=ROOT,
            env=_environment(data, env or {}),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(server, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(server)


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
