"""What is said of files that are no SAM-family model."""

from __future__ import annotations

from pathlib import Path

import pytest

from beltmask.detectors.networks import NetworkError
from beltmask.detectors.sam.files import open_sam
from tests.onnx_writer import Graph
from tests.sam_graphs import decoder, decoder_2, encoder, encoder_2, written


def small_encoder() -> bytes:
    graph = Graph({"x": (1, 3, 320, 240)}, {"y": (1, 3, 20, 15)})
    graph.add("AveragePool", "x", into="y", kernel_shape=[16, 16], strides=[16, 16])
    return graph.model()


REFUSED = {
    "not ONNX": (b"<html>not found</html>", decoder(), "encoder.onnx is not a network"),
    "empty": (encoder(), b"", "decoder.onnx is not a network"),
    "cut off": (encoder(), decoder()[:700], "decoder.onnx is not a network"),
    "swapped": (decoder(), encoder(), "decoder.onnx is no SAM or SAM 2 decoder"),
    "two decoders": (decoder(), decoder(), "encoder.onnx is no SAM encoder: it takes image_emb"),
    "not square": (small_encoder(), decoder(), "encoder.onnx is no SAM encoder: it takes x 1 × 3"),
    "another size": (encoder(channels=6), decoder(), "one gives image_embeddings 1 × 6 × 64 × 64"),
    "SAM and SAM 2": (encoder(), decoder_2(), "encoder.onnx and decoder.onnx do not belong tog"),
    "SAM 2 and SAM": (encoder_2(), decoder(), "encoder.onnx and decoder.onnx do not belong tog"),
    "no low masks": (encoder(), decoder(low="small"), "decoder.onnx is no SAM or SAM 2 decoder"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_does_not_fit_is_named_in_one_sentence(kind: str, tmp_path: Path) -> None:
    first, second, words = REFUSED[kind]
    with pytest.raises(NetworkError) as refused:
        open_sam(*written(tmp_path, first, second))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("there", ["nothing", "a folder"])
def test_a_file_that_cannot_be_read_is_named(there: str, tmp_path: Path) -> None:
    paths = written(tmp_path, encoder(), decoder())
    paths[1].unlink()
    if there == "a folder":
        paths[1].mkdir()
    with pytest.raises(NetworkError, match=r"decoder\.onnx cannot be read: (No such|Is a dir)"):
        open_sam(*paths)


def test_a_model_is_named_after_its_file_and_its_bytes(tmp_path: Path) -> None:
    one = open_sam(*written(tmp_path, encoder(), decoder()))
    other = open_sam(*written(tmp_path, encoder(), decoder(like=0.8)))
    assert one.name.startswith("SAM encoder.onnx ")
    assert one.name != other.name
    assert one.name == open_sam(*written(tmp_path, encoder(), decoder())).name
