"""Rules about the shape of the code. A rule nobody checks is soon untrue."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.detectors.offline import OfflineDetector
from beltmask.detectors.openai_compatible.client import OpenAICompatibleDetector
from beltmask.detectors.replay import ReplayDetector
from beltmask.settings import Settings

ROOT = Path(__file__).parents[1]
SOURCES = [
    ROOT / "app.py",
    *(
        path
        for folder in ("beltmask", "components", "pages", "api")
        for path in sorted((ROOT / folder).rglob("*.py"))
    ),
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCRIPTS = [
    *sorted((ROOT / "components/canvas/frontend/src").rglob("*.ts")),
    *sorted((ROOT / "components/canvas/frontend/tests").rglob("*.ts")),
    *(path for path in sorted((ROOT / "components").glob("*/*.js")) if path.name != "canvas.js"),
]
Node = TypeVar("Node", bound=ast.AST)
LONGEST = 300
MAY_TOUCH_SESSION_STATE = ("components/state.py", "components/canvas/")
MAY_CACHE = ("components/services.py", "components/cached.py")
CACHES = {"cache_data", "cache_resource"}
DETECTOR_NAMES = {
    each.name
    for each in (GeminiDetector, OfflineDetector, OpenAICompatibleDetector, ReplayDetector)
}
TOO_BROAD = {"Exception", "BaseException"}
OWN_TERMS = {
    "cached": "what Streamlit calls a function whose answer it keeps",
    "decoding": "of pictures: bytes to pixels",
    "matching": "what detection benchmarks call pairing predictions with truth",
    "scoring": "of predictions",
    "streaming": "of replies",
    "tiling": "of large pictures",
}
"""The field's own terms that end as gerunds and participles do."""
PARTICIPLES = {
    "begun", "brought", "built", "caught", "done", "drawn", "found", "given", "gone", "grown",
    "held", "hidden", "kept", "known", "laid", "left", "lost", "made", "met", "paid", "said",
    "seen", "sent", "shown", "taken", "taught", "thought", "thrown", "told", "understood",
    "won", "written",
}  # fmt: skip
"""Those that do not end in -ed."""


def test_no_page_sits_directly_in_pages() -> None:
    """Streamlit would serve it by itself, without app.py and so without the frame."""
    assert list((ROOT / "pages").glob("*.py")) == []


def test_files_are_short_enough_to_read_in_one_sitting() -> None:
    assert where(lambda path: line_count(path) > LONGEST) == []


def test_tests_are_short_enough_to_read_in_one_sitting() -> None:
    assert where(lambda path: line_count(path) > LONGEST, among=TESTS) == []


def test_scripts_of_the_browser_are_short_enough_to_read_in_one_sitting() -> None:
    """All but the built module, which nobody reads."""
    assert where(lambda path: line_count(path) > LONGEST, among=SCRIPTS) == []


def test_session_state_keys_are_spelled_in_one_place() -> None:
    touching = where(lambda path: "session_state" in names_in(path))
    assert [name for name in touching if not name.startswith(MAY_TOUCH_SESSION_STATE)] == []


def test_shared_objects_and_caches_live_in_two_files() -> None:
    caching = where(lambda path: not CACHES.isdisjoint(names_in(path)))
    assert [name for name in caching if name not in MAY_CACHE] == []


def test_errors_are_swallowed_by_name_only() -> None:
    """What catches everything must raise: nothing unexpected is ever swallowed."""
    assert where(lambda path: any(map(swallows_all, nodes_of(path, ast.ExceptHandler)))) == []


def test_the_engine_knows_no_user_interface() -> None:
    knowing = where(lambda path: "streamlit" in imports_of(path))
    assert [name for name in knowing if name.startswith("beltmask/")] == []


def test_only_a_detector_spells_its_name() -> None:
    """Workflows, pages and the command line ask for its traits; ``services`` has it built."""
    named = where(lambda path: not DETECTOR_NAMES.isdisjoint(texts_in(path)))
    assert [name for name in named if not name.startswith("beltmask/detectors/")] == []


def test_every_module_says_what_it_is_for() -> None:
    assert (
        where(lambda path: bool(path.read_bytes()) and not ast.get_docstring(module_of(path))) == []
    )


def test_no_module_is_named_by_what_is_done_or_was_done() -> None:
    """A noun tells what lives there: ``export``, not ``exporting``; ``problems``, not ``told``."""
    words = {
        word: path.relative_to(ROOT).as_posix()
        for path in (*SOURCES, *TESTS, *SCRIPTS)
        for word in map(last_word, path.relative_to(ROOT).parts)
    }
    named = {word for word in words if word.endswith(("ing", "ed")) or word in PARTICIPLES}
    assert {word: words[word] for word in named - OWN_TERMS.keys()} == {}
    assert OWN_TERMS.keys() - named == set()


def test_a_class_name_has_one_meaning_in_the_whole_repository() -> None:
    """With or without the underscore of what is private; tests count."""
    places: dict[str, list[str]] = {}
    for path in (*SOURCES, *TESTS):
        for node in nodes_of(path, ast.ClassDef):
            place = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
            places.setdefault(node.name.lstrip("_"), []).append(place)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    readme = ROOT / "README.md"
    if not readme.is_file():
        pytest.skip("there is no README.md yet")
    alias = Settings.model_fields[name].validation_alias
    variable = alias if isinstance(alias, str) else f"BELTMASK_{name.upper()}"
    assert re.search(rf"\b{variable}\b", readme.read_text(encoding="utf-8"))


def test_every_decision_has_a_number_of_its_own() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("*.md"))
    titles = [path.read_text(encoding="utf-8").partition(". ")[0] for path in decisions]
    assert [f"# {number}" for number in range(1, len(decisions) + 1)] == titles
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))


def test_the_map_for_newcomers_names_what_exists() -> None:
    """A module by its path, and after a colon a name that it defines."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.(?:py|ts))(?:: (\w+))?`", text)
    assert len(named) > 30
    assert [each for each in named if not stands(*each)] == []


def stands(path: str, name: str) -> bool:
    """Whether there is such a file, and whether it defines ``name``, if that is not empty."""
    if not (ROOT / path).is_file():
        return False
    source = (ROOT / path).read_text(encoding="utf-8")
    defined = rf"^(?:export )?(?:class|def|function) {name}\b"
    return not name or re.search(defined, source, re.MULTILINE) is not None


def where(broken: Callable[[Path], bool], *, among: Sequence[Path] = SOURCES) -> list[str]:
    """Names of the files that break a rule."""
    return [path.relative_to(ROOT).as_posix() for path in among if broken(path)]


def last_word(part: str) -> str:
    """Of a module's or folder's name: what it is, after all that says which."""
    return part.partition(".")[0].removeprefix("test_").rpartition("_")[2]


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@cache
def nodes_in(path: Path) -> Sequence[ast.AST]:
    """All nodes of a file, read once for all rules."""
    return list(ast.walk(module_of(path)))


def module_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes_of(path: Path, kind: type[Node]) -> Iterator[Node]:
    return (node for node in nodes_in(path) if isinstance(node, kind))


def names_in(path: Path) -> set[str]:
    """Names and attributes the code uses; words in comments and docstrings do not count."""
    names = {node.id for node in nodes_of(path, ast.Name)}
    return names | {node.attr for node in nodes_of(path, ast.Attribute)}


def texts_in(path: Path) -> set[str]:
    values = (node.value for node in nodes_of(path, ast.Constant))
    return {value for value in values if isinstance(value, str)}


def imports_of(path: Path) -> set[str]:
    """The top-level packages a file imports."""
    names = {alias.name for node in nodes_of(path, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes_of(path, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def swallows_all(handler: ast.ExceptHandler) -> bool:
    if isinstance(handler.body[-1], ast.Raise):
        return False
    caught = [] if handler.type is None else list(ast.walk(handler.type))
    names = {node.id for node in caught if isinstance(node, ast.Name)}
    return handler.type is None or not TOO_BROAD.isdisjoint(names)
