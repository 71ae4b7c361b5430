"""Something that happens between two statements of somebody else's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def meanwhile(happens: Callable[[], object], *, after: str) -> Iterator[None]:
    """``happens`` once within the block, right after the first statement with these words.

    It must have happened when the block ends.
    """
    waiting = [happens]

    def look(_connection: Any, _cursor: Any, statement: str, *_other: Any) -> None:
        if waiting and after in statement:
            waiting.pop()()

    event.listen(Engine, "after_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", look)
    assert not waiting, f"nobody said {after}"
