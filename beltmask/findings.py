"""What a detector is asked and what it answers: the nouns from prompt to prediction."""

from __future__ import annotations

from dataclasses import dataclass

from beltmask.geometry import Box, Line, Mask
from beltmask.kinds import MaskSource, Tiling
from beltmask.messages import Message


@dataclass(frozen=True, slots=True)
class PromptClass:
    """A class as a prompt names it; ``description`` says what it looks like, "" where nobody did.

    It is a copy: a class of that name may have another one later.
    """

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One immutable version of a question.

    ``image_side`` is the longest side sent, in px, and with it the side of a tile.
    ``object_cap`` counts per request.
    ``sketch`` is what a person drew on the picture to say what is meant.
    ``classes`` are the labels wanted; of a ``closed`` list nothing else is to be reported.
    ``avoid`` is what is not to be reported. ``template`` are the words around the query, which
    goes where it says ``{query}``; "" is the query alone.
    ``repeat`` tells askings of the same question apart; it is kept with the task.
    """

    detector: str
    query: str
    model: str = ""
    temperature: float | None = None
    thinking: str = "off"
    object_cap: int = 25
    image_side: int = 1024
    tiling: Tiling = Tiling.WHOLE
    sketch: tuple[Line, ...] = ()
    repeat: int = 0
    classes: tuple[PromptClass, ...] = ()
    closed: bool = False
    avoid: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a reply that could not be read, or was repaired.

    ``kind`` is what people count and filter by; ``said`` what exactly it was.
    ``object`` counts from 1 in the reply's own order; None concerns the whole reply.
    ``span`` is the stretch of raw text (start, end) it is about, when known.
    """

    kind: str
    said: Message
    object: int | None = None
    span: tuple[int, int] | None = None

    @property
    def detail(self) -> str:
        """The English sentence."""
        return str(self.said)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the service counted them; None where it did not say."""

    prompt_tokens: int | None = None
    output_tokens: int | None = None
    thinking_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The raw answer to one request and what it cost in USD. ``latency`` is in seconds.

    ``cached``: it was kept from the same request before, and cost nothing this time.
    ``readable``: something could be read in it, be it that there is nothing.
    ``object_cap`` is how many objects were asked for at most, where that is known; ``region``
    the part of the picture it is about, None for all of it.
    """

    raw: str
    request: str = ""
    dialect: str = "none"
    finish_reason: str | None = None
    model_version: str | None = None
    usage: Usage = Usage()
    latency: float = 0.0
    cost: float | None = None
    cached: bool = False
    readable: bool = False
    object_cap: int | None = None
    region: Box | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """An object as a detector reports it, before it is stored. ``score`` lies in 0..1."""

    label: str
    box: Box
    mask: Mask | None
    mask_source: MaskSource
    score: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """A finding kept for ever. ``number`` counts from 1 within its image and run."""

    id: int
    task_id: int
    image_id: int
    number: int
    finding: Finding
