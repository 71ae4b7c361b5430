"""The objects of one reply, each decoded once, however the reply comes."""

from __future__ import annotations

from dataclasses import dataclass, field

from beltmask.detectors.replies.decode_limits import DecodeLimits
from beltmask.detectors.replies.loose_json import ObjectNode
from beltmask.detectors.replies.objects import ObjectRead, Setting, read_object
from beltmask.detectors.replies.units import Convention, Units


@dataclass(slots=True)
class DecodedObjects:
    """What was decoded while the reply came, and what the rest of it may still cost."""

    limits: DecodeLimits = field(default_factory=DecodeLimits)
    _known: dict[tuple[str, Units, Convention], ObjectRead] = field(default_factory=dict)

    def read(self, node: ObjectNode, words: str, setting: Setting) -> ObjectRead:
        """The object that stands in the reply as ``words``, from memory where it was read before.

        What the allowance left without a mask is kept so: a second try would cost another's.
        """
        if node.cut:
            return read_object(node, setting)
        key = (words, setting.units, setting.convention)
        if key not in self._known:
            self._known[key] = read_object(node, setting)
        return self._known[key]
