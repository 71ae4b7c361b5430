"""Small networks with the inputs and outputs of SAM's exports, which really look at a picture.

The encoder keeps the mean colour of every 16 px of its square. The decoder marks what has the
colour at the point it is asked about, the middle of a box, and is as sure as it is told to be.
So a mask is right to the pixel only if the picture, the points and the mask are all taken to
the square and back as SAM's exports expect them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.onnx_writer import Graph, Shape, floats, ints

SIDE, CELL = 1024, 16
CELLS = SIDE // CELL
EMBEDDED: Shape = (1, 3, CELLS, CELLS)
MEAN, DEVIATION = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
PROMPT: dict[str, Shape] = {
    "point_coords": (1, "points", 2),
    "point_labels": (1, "points"),
    "mask_input": (1, 1, 256, 256),
    "has_mask_input": (1,),
}
SCORES = {"unlike": 0.4, "like": 0.9, "everything": 0.2}
LIKE = 0.05
"""How far colours may lie apart, squared, in normalised units."""


def encoder(*, plain: bool = False, channels: int = 3) -> bytes:
    """An encoder of normalised squares, or of pictures that it normalises and pads itself."""
    shape: Shape = ("rows", "columns", 3) if plain else (1, 3, SIDE, SIDE)
    graph = Graph({"input_image": shape}, {"image_embeddings": (1, channels, CELLS, CELLS)})
    square = _own_square(graph) if plain else "input_image"
    _means(graph, square, to="image_embeddings" if channels == 3 else "three")
    if channels != 3:
        graph.add("Concat", *["three"] * (channels // 3), into="image_embeddings", axis=1)
    return graph.model()


def decoder(*, low: str = "low_res_masks", **scores: float) -> bytes:
    """A decoder of as many masks as it has scores: of what is "like" the point, of what is
    "unlike" it, of "everything". ``low`` is its name for them.
    """
    scores = scores or SCORES
    taken = {"image_embeddings": EMBEDDED, **PROMPT, "orig_im_size": (2,)}
    given: dict[str, Shape] = {
        "masks": (1, len(scores), 256, 256),
        "iou_predictions": (1, len(scores)),
        low: (1, len(scores), 256, 256),
    }
    graph = Graph(taken, given)
    _decide(graph, "image_embeddings", scores, to=low)
    graph.add("Identity", low, into="masks")
    return graph.model()


def encoder_2() -> bytes:
    """SAM 2's: three outputs, of which the coarse one is what the decoder looks at."""
    given = {
        "high_res_feats_0": (1, 3, 256, 256),
        "high_res_feats_1": (1, 3, 128, 128),
        "image_embed": EMBEDDED,
    }
    graph = Graph({"image": (1, 3, SIDE, SIDE)}, given)
    for name, cell in zip(given, (4, 8, 16), strict=True):
        _means(graph, "image", to=name, cell=cell)
    return graph.model()


def decoder_2() -> bytes:
    taken = {
        "image_embed": EMBEDDED,
        "high_res_feats_0": (1, 3, 256, 256),
        "high_res_feats_1": (1, 3, 128, 128),
        **PROMPT,
    }
    graph = Graph(taken, {"masks": (1, 3, 256, 256), "iou_predictions": (1, 3)})
    _decide(graph, "image_embed", SCORES, to="masks")
    return graph.model()


def written(folder: Path, encoder: bytes, decoder: bytes) -> tuple[Path, Path]:
    paths = (folder / "encoder.onnx", folder / "decoder.onnx")
    for path, model in zip(paths, (encoder, decoder), strict=True):
        path.write_bytes(model)
    return paths


def _own_square(graph: Graph) -> str:
    graph.add("Sub", "input_image", floats(*MEAN), into="centred")
    graph.add("Div", "centred", floats(*DEVIATION), into="normal")
    graph.add("Transpose", "normal", into="planes", perm=[2, 0, 1])
    graph.add("Shape", "planes", into="size")
    graph.add("Sub", ints(3, SIDE, SIDE), "size", into="missing")
    graph.add("Concat", ints(0, 0, 0), "missing", into="pads", axis=0)
    graph.add("Pad", "planes", "pads", into="padded")
    return graph.add("Unsqueeze", "padded", ints(0), into="square")


def _means(graph: Graph, square: str, *, to: str, cell: int = CELL) -> None:
    graph.add("AveragePool", square, into=to, kernel_shape=[cell, cell], strides=[cell, cell])


def _decide(graph: Graph, seen: str, scores: Mapping[str, float], *, to: str) -> None:
    _colour(graph, seen)
    graph.add("Sub", seen, "colour", into="apart")
    graph.add("Mul", "apart", "apart", into="squared")
    graph.add("ReduceSum", "squared", ints(1), into="far")
    graph.add("Less", "far", floats(LIKE), into="is like")
    graph.add("Where", "is like", floats(8), floats(-8), into="like")
    graph.add("Neg", "like", into="unlike")
    graph.add("Abs", "like", into="everything")
    graph.add("Concat", *scores, into="coarse", axis=1)
    scale = floats(1, 1, 256 / CELLS, 256 / CELLS)
    graph.add("Resize", "coarse", "", scale, into=to, mode="nearest", nearest_mode="floor",
              coordinate_transformation_mode="asymmetric")  # fmt: skip
    graph.add("Identity", floats(*scores.values()).reshape(1, -1), into="iou_predictions")


def _colour(graph: Graph, seen: str) -> None:
    """The embedding where the mean of the points lies; half a pixel is added, as SAM does."""
    graph.add("GreaterOrEqual", "point_labels", floats(0), into="counts")
    graph.add("Cast", "counts", into="weight", to=1)
    graph.add("Unsqueeze", "weight", ints(2), into="weights")
    graph.add("Mul", "point_coords", "weights", into="weighted")
    graph.add("ReduceSum", "weighted", ints(1), into="sum", keepdims=0)
    graph.add("ReduceSum", "weights", ints(1), into="count", keepdims=0)
    graph.add("Div", "sum", "count", into="mean")
    graph.add("Add", "mean", floats(0.5), into="centre")
    graph.add("Div", "centre", floats(CELL), into="in cells")
    graph.add("Cast", "in cells", into="cell", to=7)
    graph.add("Gather", "cell", ints(1, 0), into="row and column", axis=1)
    graph.add("Transpose", seen, into="by place", perm=[2, 3, 1, 0])
    graph.add("GatherND", "by place", "row and column", into="there")
    graph.add("Reshape", "there", ints(1, 3, 1, 1), into="colour")
