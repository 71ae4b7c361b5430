"""What stands beside a sketching pad in the browser, called as Streamlit calls it under load.

That is: anew in the same place, and the clean-up of an earlier call after the next one.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.browser.app_server import ROOT

pytestmark = pytest.mark.browser

PARTS = ROOT / "components" / "sketch"
CALLED_TWICE = """
async ([source, tells, width]) => {
  const { default: call } = await import(source);
  const parentElement = document.querySelector("#place");
  window.told = [];
  const setStateValue = (_, value) => window.told.push(value);
  const cleanUp = call({ parentElement, setStateValue });
  const turn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  while (window.told.length < tells) await turn();
  parentElement.style.width = width;
  await turn();
  window.last = call({ parentElement, setStateValue });
  cleanUp();
  await turn();
  await turn();
}
"""
LEFT = """
() => new Promise((done) => {
  document.querySelector("#place").remove();
  window.last();
  setTimeout(done);
})
"""
PAD = """
<div data-testid="stBidiComponentIsolated"></div><div id="place"></div><p id="elsewhere">Save</p>
<script>
  window.updates = 0;
  const pad = document.querySelector("div").attachShadow({ mode: "open" });
  pad.innerHTML = `<div class="dc-root">the pad</div>
    <button aria-label="Update the app with this drawing" onclick="updates += 1"></button>`;
</script>
"""
ROOM = '<div id="place" style="width: 825px"><div class="room"></div></div>'


def source_of(part: str) -> str:
    return f"data:text/javascript,{quote((PARTS / part).read_text(encoding='utf-8'))}"


def test_an_earlier_call_s_clean_up_leaves_the_pad_somebody_who_listens(page: Page) -> None:
    page.set_content(PAD)
    page.evaluate(CALLED_TWICE, [source_of("hand.js"), 0, ""])
    page.get_by_text("the pad").click()
    page.locator("#elsewhere").click()
    assert page.evaluate("updates") == 1
    page.get_by_text("the pad").click()
    page.evaluate(LEFT)
    page.locator("#elsewhere").click()
    assert page.evaluate("updates") == 1, "the pad has left the page"


def test_a_call_anew_beside_a_new_scrollbar_takes_no_pad_from_under_the_hand(page: Page) -> None:
    page.set_content(ROOM)
    page.evaluate(CALLED_TWICE, [source_of("room.js"), 1, "810px"])
    page.evaluate("document.querySelector('#place').style.width = '1025px'")
    page.wait_for_function("() => told.includes(1000)")
    assert page.evaluate("told") == [800, 1000]
