"""Workers: the processes that take tasks, and whether one that took some is still there.

A process is known by the start of its machine, the namespace its number counts in, the number,
and when it began in ticks since that start. None of it moves when somebody sets the clock, and
when its number is given to another process, that one began later.
"""

from __future__ import annotations

import os
import re
import socket
import sys
from dataclasses import astuple, dataclass
from enum import Enum, auto
from pathlib import Path

import psutil

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_BEGIN = 19
"""Which field behind a program's name in ``/proc/N/stat`` is its beginning."""
_EARLIER = re.compile(r"(?P<host>.*)/(?P<pid>\d+)/(?P<begun>\d+\.\d+)")
_FINISHED = {"Z", "X"}
_A_SECOND = 1.0


class WorkerState(Enum):
    """What can be told of a worker from here."""

    ALIVE = auto()
    GONE = auto()
    UNSURE = auto()
    """It is where nobody can look from here: only its lease tells."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One process. ``boot`` names a start of its machine, or the machine where none is known."""

    host: str
    boot: str
    namespace: str
    pid: int
    begin: str

    @property
    def name(self) -> str:
        """What is kept with the tasks it takes."""
        return "/".join(map(str, astuple(self)))


def this_worker() -> Worker:
    host, pid = socket.gethostname().replace("/", "-"), os.getpid()
    if sys.platform != "linux":
        return Worker(host, host, "", pid, _begin(pid) or "")
    namespace = re.sub(r"\D", "", _NAMESPACE.readlink().name)
    return Worker(host, _BOOT_ID.read_text().strip(), namespace, pid, _begin(pid) or "")


def standing(name: str, *, one_machine: bool) -> WorkerState:
    """Whether the worker that took a task is still there.

    Args:
        name: As kept with the task, by this version or an earlier one.
        one_machine: All workers are on this machine: before its last start there is none.
    """
    here, parts = this_worker(), name.split("/")
    if name == here.name:
        return WorkerState.ALIVE
    if len(parts) != len(astuple(here)) or not parts[3].isdecimal():
        return _of_earlier_version(name)
    there = Worker(parts[0], parts[1], parts[2], int(parts[3]), parts[4])
    if (there.boot, there.namespace) == (here.boot, here.namespace):
        return _looked_up(there)
    return WorkerState.GONE if one_machine and there.boot != here.boot else WorkerState.UNSURE


def _looked_up(worker: Worker) -> WorkerState:
    begin = _begin(worker.pid)
    if begin is None and _is_hidden(worker.pid):
        return WorkerState.UNSURE
    return WorkerState.ALIVE if begin == worker.begin else WorkerState.GONE


def _begin(pid: int) -> str | None:
    """When a process began; None when it is over, or not to be seen.

    On Linux that is in ticks since the machine's start. Other systems keep the moment itself.
    """
    try:
        if sys.platform != "linux":
            return str(psutil.Process(pid).create_time())
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (OSError, psutil.Error):
        return None
    return None if fields[0] in _FINISHED else fields[_BEGIN]


def _is_hidden(pid: int) -> bool:
    """Whether there is a process that this person may not look at."""
    if sys.platform != "linux":
        return psutil.pid_exists(pid)
    try:
        os.kill(pid, 0)
    except PermissionError:
        return not Path(f"/proc/{pid}").exists()
    except (OSError, OverflowError):
        pass
    return False


def _of_earlier_version(name: str) -> WorkerState:
    """Its names end with the process's number and, by the clock of the day, its beginning."""
    found = _EARLIER.fullmatch(name)
    if found is None or found["host"] != socket.gethostname():
        return WorkerState.UNSURE
    try:
        apart = psutil.Process(int(found["pid"])).create_time() - float(found["begun"])
    except (psutil.Error, OverflowError):
        return WorkerState.GONE
    return WorkerState.ALIVE if abs(apart) < _A_SECOND else WorkerState.GONE
