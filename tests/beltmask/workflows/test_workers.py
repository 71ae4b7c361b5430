"""Who is still there, told of real processes: ended, killed, in a container of their own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from beltmask.workflows.workers import WorkerState, standing, this_worker
from tests.conftest import missing

HOST = socket.gethostname()
HERE = this_worker()
SAYS_ITS_NAME = "from beltmask.workflows.workers import this_worker as w; print(w().name, flush=1)"
LOOKS = """
import sys
from beltmask.workflows.workers import standing
print(standing(sys.argv[1], one_machine=True).name)
"""


@contextmanager
def another(*before: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The name of a worker in a process of its own, which waits."""
    command = [*before, sys.executable, "-c", f"{SAYS_ITS_NAME}; input()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def needed(*command: str) -> tuple[str, ...]:
    """A command to be put before another, where it can be."""
    found = shutil.which(command[0])
    if not found or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        missing("NAMESPACES", "this machine lets nobody make namespaces")
    return command


def looked_at(name: str, *before: str) -> str:
    """What can be told of a worker in a process of its own."""
    command = [*before, sys.executable, "-c", LOOKS, name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_this_process_is_there() -> None:
    assert standing(HERE.name, one_machine=True) is WorkerState.ALIVE
    assert len(HERE.name) <= 200


@pytest.mark.parametrize("one_machine", [True, False])
def test_a_killed_process_is_gone_even_before_anybody_has_waited_for_it(one_machine: bool) -> None:
    with another() as (name, process):
        assert standing(name, one_machine=one_machine) is WorkerState.ALIVE
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert standing(name, one_machine=one_machine) is WorkerState.GONE
    assert standing(name, one_machine=one_machine) is WorkerState.GONE


def test_a_process_that_was_given_the_number_of_another_is_not_it() -> None:
    earlier = replace(HERE, begin=str(int(HERE.begin) - 1))
    assert standing(earlier.name, one_machine=False) is WorkerState.GONE


def test_a_step_of_the_clock_does_not_make_a_living_worker_gone(tmp_path: Path) -> None:
    """What the system says of its start, by the clock of the day, moves when the clock is set."""
    told = Path("/proc/stat").read_text()
    (tmp_path / "stat").write_text(re.sub(r"(?m)^btime \d+$", "btime 1000000000", told))
    steps = f"mount --bind '{tmp_path}/stat' /proc/stat && exec \"$@\""
    stepped = (*needed("unshare", "--map-root-user", "--mount"), "sh", "-c", steps, "sh")
    with another() as (name, process):
        begun = psutil.Process(process.pid).create_time()
        seen = [
            looked_at(each, *stepped) for each in (name, f"{HOST}/{process.pid}/{begun}", HERE.name)
        ]
    assert seen == ["ALIVE", "GONE", "ALIVE"]  # the second is how it was told before


def test_before_the_last_start_of_the_only_machine_there_is_nobody() -> None:
    earlier = replace(HERE, boot="0" * 36)
    assert standing(earlier.name, one_machine=True) is WorkerState.GONE
    assert standing(earlier.name, one_machine=False) is WorkerState.UNSURE


def test_containers_of_one_machine_do_not_take_each_others_numbers_for_theirs() -> None:
    """In each of them the app has the number 1."""
    contained = needed(
        *("unshare", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child")
    )
    with another(*contained) as (first, _), another(*contained) as (second, _):
        assert [name.split("/")[3] for name in (first, second)] == ["1", "1"]
        assert first != second
        assert standing(first, one_machine=True) is WorkerState.UNSURE
        assert looked_at(first, *contained) == "UNSURE"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        pytest.param(
            f"{HOST}/{os.getpid()}/1.5", WorkerState.GONE, id="an older one of its number"
        ),
        pytest.param(f"{HOST}/{2**22 + 1}/1.5", WorkerState.GONE, id="ended"),
        pytest.param(f"{HOST}/{2**80}/1.5", WorkerState.GONE, id="no number of a process"),
        pytest.param("far/away/7/1.5", WorkerState.UNSURE, id="another machine"),
        pytest.param("", WorkerState.UNSURE, id="no name"),
        pytest.param("a/b/c/d/e", WorkerState.UNSURE, id="no number"),
    ],
)
def test_names_of_earlier_versions_are_understood(name: str, wanted: WorkerState) -> None:
    assert standing(name, one_machine=True) is wanted


def test_a_worker_of_an_earlier_version_that_runs_is_there() -> None:
    with another() as (_, process):
        begun = psutil.Process(process.pid).create_time()
        assert standing(f"{HOST}/{process.pid}/{begun}", one_machine=True) is WorkerState.ALIVE
