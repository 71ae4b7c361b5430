"""The command line as a process of its own: streams, codes and what goes through a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.beltmask.conftest import REPLY

ROOT = Path(__file__).parents[2]


def in_a_process(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "beltmask", *map(str, arguments)],
        input=given,
        capture_output=True,
        check=False,
        cwd=ROOT,
    )


def test_a_reply_comes_through_standard_input_whatever_its_bytes() -> None:
    given = REPLY.encode().replace(b"can", b"c\xe9n")
    said = in_a_process("parse", "-", "--size", "100x100", given=given)
    assert (said.returncode, said.stderr) == (0, b"")
    assert json.loads(said.stdout)["objects"][0]["label"] == "c\ufffdn"


def test_a_real_process_adds_and_detects(folder: Path) -> None:
    added = in_a_process("add", folder / "a.png", "--project", "Belt 3")
    assert (added.returncode, added.stdout, added.stderr) == (0, b"1 added\n", b"")
    detected = in_a_process("detect", folder / "a.png", "--out", folder / "out")
    assert (detected.returncode, detected.stderr) == (0, b"")
    assert (folder / "out" / "annotations.json").is_file()


def test_a_real_process_ends_with_its_code_and_without_a_traceback(folder: Path) -> None:
    said = in_a_process("export", "--project", "nowhere", "--out", folder / "out")
    assert (said.returncode, said.stdout) == (2, b"")
    assert said.stderr.count(b"\n") == 1
    assert said.stderr.startswith(b'there is no project "nowhere".')
    assert b"Go back" not in said.stderr, "there is no list on a command line"


def test_a_reader_that_has_seen_enough_is_no_reason_to_complain(folder: Path) -> None:
    arguments = ["parse", str(folder / "reply.json"), "--size", "10x10"]
    reading, writing = os.pipe()
    os.close(reading)
    said = subprocess.run(
        [sys.executable, "-m", "beltmask", *arguments],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        cwd=ROOT,
    )
    os.close(writing)
    assert (said.returncode, said.stderr) == (1, b"")
