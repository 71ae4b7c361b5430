"""Drawing by hand over a picture: strokes and outlines, in fractions of the picture."""

from components.sketch.pad import Pen, drawing_pad, pad_size
from components.sketch.room import room_for_pad
from components.sketch.shapes import DrawnShape

__all__ = ["DrawnShape", "Pen", "drawing_pad", "pad_size", "room_for_pad"]
