"""Where Gemini runs on Google Cloud instead of the public API."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VertexPlace:
    """A Google Cloud project and a region of Vertex AI, such as "europe-west4" or "global".

    Who asks is told by Google's application default credentials, not by a key.
    """

    project: str
    location: str = "global"
