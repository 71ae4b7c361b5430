from __future__ import annotations

import numpy as np
from hypothesis import given

from beltmask import masks
from beltmask.scoring import ScoredObject, match, score
from tests.beltmask.scoring.blocks import SIZE, block, blocks
from tests.frames import frame_of


def test_masks_are_compared_not_their_boxes() -> None:
    ring = np.ones((10, 10), dtype=np.bool_)
    ring[1:9, 1:9] = False
    hollow = masks.mask_from_frame(ring)
    assert hollow is not None
    assert score([ScoredObject(hollow.box, hollow)], [block(0, 0)]).true_positive == 0
    assert score([ScoredObject(hollow.box, None)], [block(0, 0)]).true_positive == 1
    assert score([ScoredObject(hollow.box)], [ScoredObject(hollow.box, hollow)]).mean_iou == 1.0
    assert score([ScoredObject(hollow.box, hollow)], [ScoredObject(hollow.box)]).mean_iou == 1.0


@given(blocks(), blocks())
def test_iou_is_that_of_full_frames(
    predictions: list[ScoredObject], truth: list[ScoredObject]
) -> None:
    for pair in match(predictions, truth, iou=0.01).pairs:
        one, other = (
            frame_of(region.mask, SIZE)
            for region in (predictions[pair.prediction], truth[pair.truth])
            if region.mask is not None
        )
        assert pair.iou == (one & other).sum() / (one | other).sum()
