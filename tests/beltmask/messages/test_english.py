"""The English catalogue says what the code asks for, no less and no more."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from beltmask.messages import Message, Parameter, english
from beltmask.messages.catalogue import Entry
from components.routes.module import canvas_sentences

ROOT = Path(__file__).parents[3]
SOURCES = [
    ROOT / "app.py",
    *(
        path
        for folder in ("beltmask", "components", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ),
]
AS_SAID = "errors.as_said"
MAKER = "beltmask/messages/message.py"
"""It makes messages of any code: those that were kept, and those it was handed."""
SCRIPTS = sorted((ROOT / "components/canvas/frontend/src").rglob("*.ts"))
KEY = re.compile(r'"(canvas\.\w+)"')
NUMERIC = re.compile(r"[,.\d]*[%dfg]?")


@dataclass(frozen=True)
class Use:
    """A place of the source that makes a message."""

    where: str
    code: str
    params: frozenset[str]


def uses() -> Iterator[Use]:
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if name != MAKER and isinstance(node, ast.Call) and _called(node) == "Message":
                yield _use(node, f"{name}:{node.lineno}")


def _called(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else ""


def _use(node: ast.Call, where: str) -> Use:
    [code] = node.args
    assert isinstance(code, ast.Constant), f"{where}: a code is written where it is used"
    assert all(each.arg for each in node.keywords), f"{where}: parameters are written by name"
    return Use(where, str(code.value), frozenset(each.arg or "" for each in node.keywords))


USES = list(uses())
ENTRIES = english().entries


def test_what_the_code_says_is_in_the_catalogue_with_its_parameters() -> None:
    assert [use for use in USES if parameters_of(use.code) != use.params] == []


def test_what_the_catalogue_holds_is_said_somewhere() -> None:
    said = {use.code for use in USES} | {AS_SAID} | keys_of_scripts()
    assert set(ENTRIES) - said == set()


def test_what_the_canvas_says_is_handed_to_it() -> None:
    assert keys_of_scripts() <= canvas_sentences().keys()


def test_what_the_canvas_is_handed_it_says_with_its_parameters() -> None:
    """A sentence that is chosen by a condition, and the names of states, take the same ones."""
    wrong = [call for call in calls_of_scripts() if any(map(call.lacks, call.keys))]
    assert wrong == []


def test_the_canvas_has_no_sentences_of_its_own() -> None:
    own = re.compile(r"""(?:\b(?:say|drop|warn)\(|"aria-label": |title: )["`](?!Shift\+)""")
    assert [path.name for path in SCRIPTS if own.search(path.read_text("utf-8"))] == []


def test_the_canvas_can_fill_in_every_placeholder_it_is_handed() -> None:
    """It knows nothing of formats and lists."""
    entries = [entry for code, entry in ENTRIES.items() if code.startswith("canvas.")]
    specs = {spec for entry in entries for _, spec in fields_of(entry)}
    assert specs <= {""}


def test_every_code_makes_a_sentence_of_its_parameters() -> None:
    for code, entry in ENTRIES.items():
        for count in (1, 2) if entry.other else (None,):
            params = {**made_up(entry), **({} if count is None else {"count": count})}
            said = str(Message(code, **params))
            assert said, code
            assert code not in said, said
            assert all(value in said for value in params.values() if isinstance(value, str)), said


def test_placeholders_are_plain_names_that_a_translator_can_move() -> None:
    names = {name for entry in ENTRIES.values() for name, _ in fields_of(entry)}
    assert [name for name in names if not name.isidentifier()] == []


def fields_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """The placeholders of a sentence, one and several, each with what follows its colon."""
    for template in filter(None, (entry.one, entry.other)):
        for _, name, spec, _ in string.Formatter().parse(template):
            if name is not None:
                yield name, spec or ""


@dataclass(frozen=True)
class ScriptCall:
    """A call of ``sentence`` in the canvas's TypeScript: the keys it may say, and what it gives."""

    keys: frozenset[str]
    params: frozenset[str]

    def lacks(self, key: str) -> bool:
        return parameters_of(key) != self.params


def calls_of_scripts() -> Iterator[ScriptCall]:
    for path in SCRIPTS:
        for call in re.finditer(
            r"\bsentence\(([^()]*?)(?:, \{([^}]*)\})?\)", path.read_text("utf-8")
        ):
            given = re.findall(r"(?:^|,)\s*(\w+)", call[2] or "")
            yield ScriptCall(frozenset(KEY.findall(call[1])), frozenset(given))


def keys_of_scripts() -> set[str]:
    return {key for path in SCRIPTS for key in KEY.findall(path.read_text("utf-8"))}


def parameters_of(code: str) -> frozenset[str] | None:
    entry = ENTRIES.get(code)
    if entry is None:
        return None
    chooses = {"count"} if entry.other else set[str]()
    return frozenset({name for name, _ in fields_of(entry)} | chooses)


def made_up(entry: Entry) -> dict[str, Parameter]:
    return {name: made_up_value(name, spec) for name, spec in fields_of(entry)}


def made_up_value(name: str, spec: str) -> Parameter:
    if not spec:
        return f"<{name}>"
    return 11 if NUMERIC.fullmatch(spec) else ("one", "two")
