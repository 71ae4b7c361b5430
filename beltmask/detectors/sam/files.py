"""Two ONNX files -> a SAM-family model, if that is what they are.

Known by the names of the graphs' inputs: SAM and its relatives (MobileSAM, ...) as the official
export of the decoder has them, with an encoder that takes either normalised squares or plain
pictures, and SAM 2 as samexporter and AnyLabeling write it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from beltmask.detectors.networks import Network, NetworkError, Port

SIDE = 1024
_PROMPT = frozenset({"point_coords", "point_labels", "mask_input", "has_mask_input"})
_FINE = ("high_res_feats_0", "high_res_feats_1")
SAM_TAKES = _PROMPT | {"image_embeddings", "orig_im_size"}
SAM_2_TAKES = _PROMPT | {"image_embed", *_FINE}
_SCORES = "iou_predictions"
_LARGEST_SIDE = 2048


@dataclass(frozen=True, slots=True, eq=False)
class SamNetworks:
    """An encoder and the decoder that understands it.

    ``side`` is the length of the square they work in. A ``plain`` encoder takes RGB as it is
    and pads it itself; ``stretches`` says that the picture fills the square. ``embeds`` are
    the decoder's names for what the encoder gives as ``given``.
    """

    name: str
    encoder: Network
    decoder: Network
    side: int
    plain: bool
    stretches: bool
    given: tuple[str, ...]
    embeds: tuple[str, ...]
    masks: str

    @property
    def wanted(self) -> tuple[str, str]:
        """The decoder's outputs: masks in the square, and how good it thinks they are."""
        return (self.masks, _SCORES)


def open_sam(encoder: Path, decoder: Path) -> SamNetworks:
    """The model in two files.

    Raises:
        NetworkError: One cannot be read or used, or they do not fit each other. The message
            names the file.
    """
    first, first_digest = _opened(encoder)
    second, second_digest = _opened(decoder)
    embeds, masks = _read_decoder(second, decoder.name)
    taken = _read_encoder(first, encoder.name)
    stretches = len(embeds) > 1
    given = _given(first, second, embeds, f"{encoder.name} and {decoder.name}")
    plain = len(taken.shape) == 3
    side = SIDE if plain else taken.shape[2] or SIDE
    digest = hashlib.sha256(first_digest + second_digest).hexdigest()[:12]
    name = f"SAM {encoder.name} {digest}"  # tells files apart whatever they are called
    return SamNetworks(name, first, second, side, plain, stretches, given, embeds, masks)


def _opened(path: Path) -> tuple[Network, bytes]:
    """The network, and the SHA-256 of its file."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        return Network(path), digest
    except OSError as error:
        raise NetworkError(f"{path} cannot be read: {error.strerror}") from error
    except NetworkError as error:
        raise NetworkError(f"{path.name} is {error}") from error


def _read_decoder(network: Network, name: str) -> tuple[tuple[str, ...], str]:
    """Its names for the embeddings, and for the masks."""
    taken, given = network.inputs.keys(), network.outputs.keys()
    if taken == SAM_TAKES and given >= {"low_res_masks", _SCORES}:
        return ("image_embeddings",), "low_res_masks"
    if taken == SAM_2_TAKES and given >= {"masks", _SCORES}:
        return ("image_embed", *_FINE), "masks"
    raise NetworkError(
        f"{name} is no SAM or SAM 2 decoder as samexporter writes them: it takes "
        f"{_listed(taken)} and gives {_listed(given)}"
    )


def _read_encoder(network: Network, name: str) -> Port:
    """Where it takes the picture: RGB of (rows, columns, 3), or normalised (1, 3, side, side)."""
    taken = next(iter(network.inputs.values()))
    if len(network.inputs) == 1 and taken.type in ("tensor(float)", "tensor(uint8)"):
        match taken.shape:
            case (None, None, 3):
                return taken
            case (1 | None, 3, rows, columns) if _is_square(rows, columns):
                if taken.type == "tensor(float)":
                    return taken
    shapes = (f"{port.name} {_sized(port)}" for port in network.inputs.values())
    raise NetworkError(
        f"{name} is no SAM encoder: it takes {', '.join(shapes)}, and not one RGB picture of "
        f"any size or one square of 1 × 3 × {SIDE} × {SIDE}"
    )


def _is_square(rows: int | None, columns: int | None) -> bool:
    return rows == columns and (rows is None or 4 <= rows <= _LARGEST_SIDE)


def _given(
    encoder: Network, decoder: Network, embeds: tuple[str, ...], names: str
) -> tuple[str, ...]:
    """The encoder's outputs the decoder takes: by their names, or the only one there is."""
    outputs = encoder.outputs
    alone = len(embeds) == 1 and len(outputs) == 1
    given = tuple(outputs) if alone else tuple(each for each in embeds if each in outputs)
    pairs = zip(given, embeds, strict=False)
    if len(given) == len(embeds) and all(
        _agree(outputs[left], decoder.inputs[right]) for left, right in pairs
    ):
        return given
    gives = ", ".join(f"{port.name} {_sized(port)}" for port in outputs.values())
    takes = ", ".join(f"{each} {_sized(decoder.inputs[each])}" for each in embeds)
    raise NetworkError(f"{names} do not belong together: one gives {gives}, one takes {takes}")


def _agree(given: Port, taken: Port) -> bool:
    sides = zip(given.shape, taken.shape, strict=False)
    same = all(None in (left, right) or left == right for left, right in sides)
    return same and len(given.shape) == len(taken.shape)


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _sized(port: Port) -> str:
    return " × ".join("?" if side is None else str(side) for side in port.shape)
