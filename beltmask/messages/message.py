"""A message: a code and parameters, made a sentence only where it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from beltmask.messages.catalogue import Catalogue, english

Parameter: TypeAlias = "str | int | float | Message | tuple[Parameter, ...] | None"
"""What JSON can keep. Words of others, such as a service's own message, are text."""

AS_SAID = "errors.as_said"
FRAMED = "said"
"""The parameter of a message that only says where another one belongs."""


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """Such as ``Message("store.no_image", id=3)``. ``str()`` is its English sentence."""

    code: str
    params: Mapping[str, Parameter] = field(hash=False)

    def __init__(self, code: str, /, **params: Parameter) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "params", params)

    def __str__(self) -> str:
        return self.render(english())

    @property
    def core(self) -> Message:
        """What is said, without where it was."""
        framed = self.params.get(FRAMED)
        return framed.core if isinstance(framed, Message) else self

    def render(self, catalogue: Catalogue) -> str:
        """The sentence in a language; of a code nobody knows (any more), what there is to read."""
        count = self.params.get("count")
        template = catalogue.template(self.code, count if isinstance(count, int) else None)
        values = {name: _shown(value, catalogue) for name, value in self.params.items()}
        if template is None:
            return self._bare(values)
        try:
            return template.format_map(values)
        except (KeyError, TypeError, ValueError):  # of a version whose sentence asked for others
            return self._bare(values)

    def mapped(self, change: Callable[[str], str]) -> Message:
        """The message with every text among its parameters changed."""
        params = {name: _mapped(value, change) for name, value in self.params.items()}
        return Message(self.code, **params)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": {n: _plain(v) for n, v in self.params.items()}}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Message:
        return cls(kept["code"], **{name: _read(v) for name, v in kept["params"].items()})

    def _bare(self, values: Mapping[str, object]) -> str:
        known = ", ".join(f"{name}: {value}" for name, value in values.items())
        return f"{self.code} ({known})" if known else self.code


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is wrong and what to do next; no ``hint`` where the message says both, or nobody knows.

    ``str()`` is English: sentences on one line.
    """

    message: Message
    hint: Message | None = None

    def __str__(self) -> str:
        return self.render(english())

    def render(self, catalogue: Catalogue) -> str:
        message = " ".join(self.message.render(catalogue).split())
        if self.hint is None:
            return message
        return f"{message.rstrip('.')}. {self.hint.render(catalogue)}"

    def to_json(self) -> dict[str, Any]:
        return {
            **self.message.to_json(),
            "hint": None if self.hint is None else self.hint.to_json(),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Explanation:
        hint = kept["hint"]
        return cls(Message.from_json(kept), None if hint is None else Message.from_json(hint))


def as_said(text: str) -> Message:
    """Words that are none of ours, or were kept before there were codes."""
    return Message(AS_SAID, text=text)


class _Listed(tuple[object, ...]):
    """A list within a sentence; the sentence says what stands between its parts."""

    __slots__ = ()

    def __format__(self, between: str) -> str:
        return (between or ", ").join(map(str, self))


def _shown(value: Parameter, catalogue: Catalogue) -> object:
    if isinstance(value, Message):
        return value.render(catalogue)
    if isinstance(value, tuple):
        return _Listed(_shown(each, catalogue) for each in value)
    return value


def _mapped(value: Parameter, change: Callable[[str], str]) -> Parameter:
    if isinstance(value, Message):
        return value.mapped(change)
    if isinstance(value, tuple):
        return tuple(_mapped(each, change) for each in value)
    return change(value) if isinstance(value, str) else value


def _plain(value: Parameter) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _read(value: Any) -> Parameter:
    if isinstance(value, dict):
        return Message.from_json(value)
    if isinstance(value, list):
        return tuple(_read(each) for each in value)
    kept: str | int | float | None = value
    return kept
