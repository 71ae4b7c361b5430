"""What the pages of the menu's first part may ask for."""

from __future__ import annotations

import pytest

from tests.pages.label.canvas_end import CanvasEnd


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> CanvasEnd:
    stand_in = CanvasEnd()
    monkeypatch.setattr("components.canvas._mount", stand_in)
    return stand_in
