"""What a browser may load into the app's pages, and who may show them in a frame."""

from __future__ import annotations

from collections.abc import Mapping

_HERE = "'self'"


def headers_for(host: str) -> Mapping[str, str]:
    """Headers of every answer to a visitor who came by ``host``, a name that is served."""
    return {
        "Content-Security-Policy": "; ".join(
            f"{kind} {' '.join(sources)}" for kind, sources in _sources(host).items()
        ),
        "X-Frame-Options": "SAMEORIGIN",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
    }


def _sources(host: str) -> Mapping[str, tuple[str, ...]]:
    """Streamlit styles in line, decodes by WebAssembly and starts components from blobs.

    Not every browser takes the websocket of a page for a part of its site.
    """
    return {
        "default-src": (_HERE,),
        "script-src": (_HERE, "'unsafe-inline'", "'wasm-unsafe-eval'", "blob:"),
        "style-src": (_HERE, "'unsafe-inline'"),
        "img-src": (_HERE, "data:", "blob:"),
        "media-src": (_HERE, "data:", "blob:"),
        "font-src": (_HERE, "data:"),
        "connect-src": (_HERE, "data:", "blob:", f"ws://{host}", f"wss://{host}"),
        "worker-src": (_HERE, "blob:"),
        "frame-src": (_HERE,),
        "object-src": ("'none'",),
        "base-uri": (_HERE,),
        "form-action": (_HERE,),
        "frame-ancestors": (_HERE,),
    }
