"""Predictions against truth. Pure: no files, no network, no clock.

Conventions, all of them visible in the figures, so they are fixed here:

* A pair counts when its IoU reaches the threshold (``>=``, as COCOeval does).
* One to one, best IoU first. This greedy choice is the field's norm; where objects of one
  side do not overlap each other and the threshold is above 0.5 it is also the only choice
  (Kirillov et al., *Panoptic Segmentation*, 2019). Scores play no part: Gemini gives none.
* A figure that divides by nothing is None, never 0 or 1: precision without predictions,
  recall without truth, mean IoU without a match, F1 with nothing to find and nothing found
  (COCOeval leaves such cases out of its means in the same way). Something to find and
  nothing found is recall 0 and F1 0.
* Over several images the counts are added up first and divided once (micro average), so an
  empty belt neither helps nor hurts unless something was found on it.
"""

from beltmask.scoring.figures import Score, ScoreReport, disagreement, score, score_images
from beltmask.scoring.matching import Matches, Pair, match
from beltmask.scoring.overlaps import ScoredObject

__all__ = [
    "Matches",
    "Pair",
    "Score",
    "ScoreReport",
    "ScoredObject",
    "disagreement",
    "match",
    "score",
    "score_images",
]
