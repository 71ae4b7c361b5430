"""What a page has asked of its server, heard on its own wire: whether an answer is still to come.

The state the page shows lags behind: between a click and the first word of the run it causes, it
still says that nothing runs.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

CALM_MS = 60
"""A page at rest this long has sent what its last click or frame made it send."""
STEP_MS = 20
PATIENCE_SECONDS = 60.0


class ScriptRuns:
    """Listens to a page from before it is opened.

    A run that ends may be an earlier one than the run that was asked for last: that one has first
    to begin. What a timer of the page asks for is heard when it begins; to a fragment that is gone
    meanwhile the server gives no answer.
    """

    def __init__(self, page: Page) -> None:
        self._asked = self._running = False
        page.on("websocket", self._listen)

    @property
    def idle(self) -> bool:
        return not (self._asked or self._running)

    def _listen(self, wire: WebSocket) -> None:
        self._asked = self._running = False
        wire.on("framesent", self._sent)
        wire.on("framereceived", self._received)

    def _sent(self, frame: bytes | str) -> None:
        if not isinstance(frame, bytes):
            return
        told = BackMsg.FromString(frame)
        if told.HasField("rerun_script") and not told.rerun_script.is_auto_rerun:
            self._asked = True

    def _received(self, frame: bytes | str) -> None:
        if not isinstance(frame, bytes):
            return
        told = ForwardMsg.FromString(frame)
        if told.HasField("new_session"):
            self._asked, self._running = False, True
        if told.HasField("script_finished"):
            self._running = told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN


_PAGES: WeakKeyDictionary[Page, ScriptRuns] = WeakKeyDictionary()


def runs_of(page: Page) -> ScriptRuns:
    """The runs of a page; ask first before the page is opened."""
    if page not in _PAGES:
        _PAGES[page] = ScriptRuns(page)
    return _PAGES[page]


def settled(page: Page) -> None:
    """Wait until the page's script has run to its end, and nothing more is asked of it."""
    runs, calm, until = runs_of(page), 0, monotonic() + PATIENCE_SECONDS
    app = page.get_by_test_id("stApp")
    while calm < CALM_MS:
        assert monotonic() < until, "the page's script did not come to rest"
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        page.wait_for_timeout(STEP_MS)
        calm = calm + STEP_MS if runs.idle else 0


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Look again and again, at what no locator can tell of."""
    end = monotonic() + PATIENCE_SECONDS
    while not condition():
        assert monotonic() < end, "what was waited for did not come"
        page.wait_for_timeout(STEP_MS)
