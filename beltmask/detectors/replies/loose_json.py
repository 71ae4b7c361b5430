"""Text -> the JSON-like values in it, however damaged. Never raises, linear in the text.

It forgives what models really write: prose around the JSON, fences, trailing commas, newlines
in strings, missing or doubled brackets, bare words, an end at any byte. Nothing is dropped in
silence: what the end of the text cut short is marked, and bare words stay in their place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from beltmask.detectors.replies.number_lists import number_list_at

MAX_DEPTH = 48
MAX_TOKENS = 500_000
MAX_VALUES = 50_000
_LITERALS = {"true": True, "True": True, "false": False, "False": False}
_NOTHING = {"null", "None"}
_TOKEN = re.compile(
    r"""[\s,;]*+(?:
        (?P<stray>"(?=\s*+[:,}\]][\s,:\[\]{}\d.-]*+"))
      | (?P<text>"[^"\\]*+(?:\\.[^"\\]*+)*+(?P<whole>")?)
      | (?P<quoted>'[^'\\]*+(?:\\.[^'\\]*+)*+')
      | (?P<number>[-+]?+(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][-+]?+\d++)?+(?=[\s,;\]}:]|\Z))
      | (?P<sign>[\[\]{}:])
      | (?P<bare>data:image/[a-z]+;base64,[\w+/=-]*+|[^\s,;:\[\]{}"]++|"|')
    )""",
    re.VERBOSE | re.DOTALL,
)
_OPENING = re.compile(r"[\[{]")


class ListNode(list["Value"]):
    """``cut`` says that the text ended inside it; ``span`` is its stretch of the text."""

    cut = False
    span = (0, 0)


class ObjectNode(dict[str, "Value"]):
    """Keys are in lower case; ``names`` has those that were written otherwise.

    ``span`` is its stretch of the text, ``beside`` what was said of it elsewhere.
    """

    cut = False
    span = (0, 0)
    beside = ""
    names: dict[str, str] | None = None

    def name_of(self, key: str) -> str:
        """A key as it was written."""
        return key if self.names is None else self.names.get(key, key)


class CutText(str):
    """A string whose end is missing."""

    __slots__ = ()


class Bareword(str):
    """A word that stood outside quotes."""

    __slots__ = ()


Value = ListNode | ObjectNode | str | int | float | bool | None


@dataclass(slots=True)
class _OpenNode:
    """A container still open, and what its next value belongs to."""

    node: ListNode | ObjectNode
    start: int
    key: str | None = None
    name: str = ""
    key_at: int = 0
    last_key: str | None = None
    siblings: list[ObjectNode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TopValue:
    """A list or object that stands in no other; ``span`` is its stretch of the text."""

    node: Value
    span: tuple[int, int]
    cut: bool
    too_long: bool = False
    """Whether a limit ended the reading in it or right after it."""


def read_values(text: str) -> list[TopValue]:
    """Every outermost list or object of ``text``, in order."""
    values: list[TopValue] = []
    reader = _Reader(text)
    opening = _OPENING.search(text)
    while opening is not None and len(values) < MAX_VALUES:
        values.append(reader.read(opening.start()))
        opening = _OPENING.search(text, values[-1].span[1])
    if opening is not None:
        values[-1] = replace(values[-1], too_long=True)
    return values


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[_OpenNode] = []
        self.tokens_left = MAX_TOKENS
        self.too_deep = 0
        self.at = 0
        self.end = 0

    def read(self, start: int) -> TopValue:
        """The value whose bracket stands at ``start``."""
        self.too_deep, self.end, done = 0, start, None
        while done is None:
            token = _TOKEN.match(self.text, self.end)
            if token is None or self.tokens_left <= 0:
                too_long = token is not None
                node = self._close_all(self.end if too_long else len(self.text))
                return TopValue(node, (start, len(self.text)), cut=True, too_long=too_long)
            self.tokens_left -= 1
            self.end = token.end()
            done = self._take(token)
        return TopValue(done, (start, self.end), cut=False)

    def _take(self, token: re.Match[str]) -> Value:
        """Work one token in; gives the outermost value once it is closed.

        A quote with only punctuation up to the next one closes a string nobody opened, or
        opens one somebody closed: without it, what follows falls into place again.
        """
        kind = token.lastgroup
        if kind == "sign":
            return self._sign(token["sign"])
        if kind != "stray":
            self.at = token.start(kind or 0)
            self._put(_scalar(token, kind or ""))
        return None

    def _sign(self, sign: str) -> Value:
        if sign == "[" and (numbers := self._numbers()) is not None:
            if not self.stack:
                return numbers
            self._put(numbers)
        elif sign in "[{":
            self._open(sign, self.end - 1)
        elif sign == ":":
            self._colon()
        else:
            return self._shut(ListNode if sign == "]" else ObjectNode, self.end)
        return None

    def _numbers(self) -> ListNode | None:
        """The whole list that opens here, when it is plain numbers and within the limits."""
        found = number_list_at(self.text, self.end - 1)
        if found is None or found.tokens > self.tokens_left or len(self.stack) + 2 > MAX_DEPTH:
            return None
        self.tokens_left -= found.tokens - 1
        start, self.end = found.span
        if not found.inner:
            return _spanning(found.values, found.span)
        inner = zip(found.values, found.inner, strict=True)
        return _spanning([_spanning(values, span) for values, span in inner], (start, self.end))

    def _open(self, sign: str, start: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.too_deep += 1
            return
        self.stack.append(_OpenNode(ListNode() if sign == "[" else ObjectNode(), start))

    def _shut(self, kind: type[ListNode | ObjectNode], end: int) -> Value:
        """Close up to the nearest open bracket of this kind; a bracket too many is ignored."""
        if self.too_deep:
            self.too_deep -= 1
            return None
        if not isinstance(self.stack[-1].node, kind) and not any(
            isinstance(frame.node, kind) for frame in self.stack
        ):
            return None
        while True:
            closed = self.stack[-1].node
            value = self._pop(end)
            if isinstance(closed, kind):
                return value if not self.stack else None

    def _pop(self, end: int) -> Value:
        frame = self.stack.pop()
        value: Value = frame.node
        frame.node.span = (frame.start, end)
        if isinstance(frame.node, ObjectNode):
            value = _without_doubled_braces(frame.node)
        if frame.siblings:
            value = ListNode([*frame.siblings, frame.node])
        if self.stack:
            self._put(value)
        return value

    def _close_all(self, end: int) -> Value:
        value: Value = None
        while self.stack:
            self.stack[-1].node.cut = True
            value = self._pop(end)
        return value

    def _put(self, value: Value) -> None:
        frame = self.stack[-1]
        if isinstance(frame.node, ListNode):
            frame.node.append(value)
        elif frame.key is not None:
            self._assign(frame, frame.key, value)
        elif isinstance(value, str):
            frame.name, frame.key_at = value.strip(), self.at
            frame.key = frame.name.lower()
        elif isinstance(value, ListNode | ObjectNode):
            self._assign(frame, f"#{len(frame.node)}", value)

    def _assign(self, frame: _OpenNode, key: str, value: Value) -> None:
        if not isinstance(frame.node, ObjectNode):
            return
        if key in frame.node:  # two objects run together: the brackets between them are missing
            frame.node.span = (frame.start, frame.key_at)
            frame.siblings.append(frame.node)
            frame.node, frame.start = ObjectNode(), frame.key_at
        frame.node[key] = value
        if frame.key is not None and key != frame.name:
            frame.node.names = frame.node.names or {}
            frame.node.names[key] = frame.name
        frame.key, frame.last_key = None, key

    def _colon(self) -> None:
        """After a value: the value is missing, and what stands there is the next key."""
        frame = self.stack[-1]
        if not isinstance(frame.node, ObjectNode) or frame.key is not None:
            return
        word = frame.node.get(frame.last_key or "")
        if isinstance(word, str):
            del frame.node[frame.last_key or ""]
            frame.name = word.strip()
            frame.key = frame.name.lower()


def _spanning(values: Iterable[Value], span: tuple[int, int]) -> ListNode:
    node = ListNode(values)
    node.span = span
    return node


def _without_doubled_braces(node: ObjectNode) -> ObjectNode:
    inner = node.get("#0") if len(node) == 1 else None
    return inner if isinstance(inner, ObjectNode) else node


def _scalar(token: re.Match[str], kind: str) -> Value:
    word = token[kind]
    if kind == "text":
        return _unescaped(word[1:-1]) if token["whole"] else CutText(word[1:])
    if kind == "quoted":
        return _unescaped(_double_quoted(word[1:-1]))
    if token.end() == len(token.string):
        return CutText(word)
    return _number(word) if kind == "number" else _word(word)


def _number(word: str) -> int | float:
    return int(word) if len(word) < 16 and word.lstrip("+-").isdecimal() else float(word)


def _word(word: str) -> Value:
    if word in _NOTHING:
        return None
    return _LITERALS.get(word, Bareword(word))


def _double_quoted(body: str) -> str:
    """The inside of a string in single quotes as JSON would have written it."""
    return body.replace("\\'", "'").replace('"', '\\"') if "\\" in body else body


def _unescaped(body: str) -> str:
    if "\\" not in body:
        return body
    try:
        return str(json.loads(f'"{body}"', strict=False))
    except ValueError:
        return body
