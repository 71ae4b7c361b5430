"""Decoding takes its turn in one budget of memory, and gives back what it took."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from beltmask.decoding.memory import DecodeMemory, memory_of_machine
from beltmask.errors import ImageRefusedError
from beltmask.images import DECODE_MEMORY, encode_png, opened_image, read_image
from beltmask.settings import Settings
from beltmask.workflows.services import Services

PATIENCE = 20
PICTURE = encode_png(np.zeros((100, 200, 3), np.uint8))


class Holder:
    """A thread that takes room and keeps it until it is told."""

    def __init__(self, memory: DecodeMemory, needed: int, pool: ThreadPoolExecutor) -> None:
        self.has, self.enough = threading.Event(), threading.Event()
        self.done: Future[None] = pool.submit(self._hold, memory, needed)

    def _hold(self, memory: DecodeMemory, needed: int) -> None:
        with memory.room(needed, name="belt"):
            self.has.set()
            assert self.enough.wait(PATIENCE)

    def leave(self) -> None:
        self.enough.set()
        self.done.result(PATIENCE)


def queued(memory: DecodeMemory, count: int) -> None:
    """Wait until so many stand in the queue."""
    give_up = time.monotonic() + PATIENCE
    while memory.waiting < count:
        assert time.monotonic() < give_up
        threading.Event().wait(0.001)


def test_who_does_not_fit_waits_and_who_came_first_is_served_first() -> None:
    memory = DecodeMemory(100)
    with ThreadPoolExecutor(3) as pool:
        first = Holder(memory, 60, pool)
        assert first.has.wait(PATIENCE)
        large = Holder(memory, 90, pool)
        queued(memory, 1)
        small = Holder(memory, 10, pool)
        queued(memory, 2)
        assert not large.has.is_set()
        assert not small.has.is_set()  # it would fit, and the large one would wait for ever
        first.leave()
        assert large.has.wait(PATIENCE)
        assert small.has.wait(PATIENCE)
        large.leave()
        small.leave()


def test_a_thread_that_has_room_does_not_wait_for_itself() -> None:
    memory = DecodeMemory(100)
    with memory.room(80, name="export"), memory.room(80, name="its samples"):
        pass
    with memory.room(100, name="again"):
        pass


def test_a_failure_gives_back_what_it_took() -> None:
    memory = DecodeMemory(100)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), memory.room(100, name="belt"):
            raise ValueError("broken")
    with memory.room(100, name="belt"):
        pass


def test_what_can_never_fit_is_refused_by_name() -> None:
    memory = DecodeMemory(1_000_000)
    with pytest.raises(ImageRefusedError) as refused, memory.room(1_000_001, name="belt.tif"):
        pass
    assert refused.value.explanation.startswith(
        "belt.tif needs 2 MB of memory to be decoded; the limit is 1 MB. Make it smaller"
    )
    assert "BELTMASK_DECODE_MEMORY" in refused.value.hint


def test_who_waits_when_the_limit_sinks_below_it_is_refused() -> None:
    memory = DecodeMemory(100)
    with ThreadPoolExecutor(2) as pool:
        first = Holder(memory, 60, pool)
        assert first.has.wait(PATIENCE)
        second = Holder(memory, 90, pool)
        queued(memory, 1)
        memory.limit_to(50)
        with pytest.raises(ImageRefusedError):
            second.done.result(PATIENCE)
        first.leave()


def test_by_default_a_quarter_of_the_machine_may_be_taken() -> None:
    memory = DecodeMemory(1)
    memory.limit_to(None)
    assert memory.limit == memory_of_machine() // 4


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> DecodeMemory:
    memory = DecodeMemory(400_000)
    monkeypatch.setattr("beltmask.decoding.pictures.DECODE_MEMORY", memory)
    return memory


def test_pictures_are_decoded_within_the_budget(little_memory: DecodeMemory) -> None:
    assert read_image(PICTURE, name="belt.png").facts.size == (200, 100)
    little_memory.limit_to(100_000)
    with pytest.raises(ImageRefusedError, match=r"belt\.png needs 1 MB of memory"):
        read_image(PICTURE, name="belt.png")


def test_a_picture_that_is_worked_on_keeps_its_room_and_others_wait(
    little_memory: DecodeMemory,
) -> None:
    with ThreadPoolExecutor(1) as pool, ExitStack() as stack:
        stack.enter_context(opened_image(PICTURE, name="first"))
        stack.enter_context(opened_image(PICTURE, name="two more in"))
        other = Holder(little_memory, 300_000, pool)
        queued(little_memory, 1)
        assert not other.has.is_set()
        stack.close()
        assert other.has.wait(PATIENCE)
        other.leave()


def test_damage_gives_back_what_it_took(little_memory: DecodeMemory) -> None:
    broken = PICTURE[:60] + bytes(10) + PICTURE[70:]
    for _ in range(5):
        with pytest.raises(ImageRefusedError, match="damaged"):
            read_image(broken, name="belt.png")
    assert read_image(PICTURE, name="belt.png").facts.size == (200, 100)
    assert little_memory.limit == 400_000


def test_the_setting_limits_the_whole_process(tmp_path: Path) -> None:
    before = DECODE_MEMORY.limit
    try:
        Services.open(Settings(data=tmp_path, decode_memory=123_456_789)).close()
        assert DECODE_MEMORY.limit == 123_456_789
    finally:
        DECODE_MEMORY.limit_to(before)
