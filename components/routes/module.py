"""The components' code, fetched once by each browser and not sent with every run of a page."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from beltmask.errors import NotFoundError
from beltmask.messages import Message, english
from components.routes.addresses import MODULE_PATH, with_base
from components.routes.responses import kept

MODULE = Path(__file__).parents[1] / "canvas" / "canvas.js"
LOADER = Path(__file__).with_name("loader.js").read_text(encoding="utf-8")
"""The script of each component: it fetches the module and calls the part its data names."""
_YEAR = 365 * 86_400


def module_part(name: str) -> dict[str, object]:
    """What the data of a component must tell ``LOADER``: the module, and the part of it to call.

    With them go the sentences of these components, which have none of their own.

    Raises:
        NotFoundError: The module was not built.
    """
    return {"module": module_url(), "part": name, "sentences": canvas_sentences()}


@lru_cache(maxsize=1)
def canvas_sentences() -> dict[str, str | dict[str, str]]:
    """Sentences by their codes; where a number decides, one and several."""
    return {
        code: entry.one if entry.other is None else asdict(entry)
        for code, entry in english().entries.items()
        if code.startswith("canvas.")
    }


def module_url() -> str:
    """Where browsers find the module; another build has another address.

    Raises:
        NotFoundError: It was not built.
    """
    return with_base(MODULE_PATH.format(name=_name(_module())))


def send_module(request: Request) -> Response:
    """The module, as long as the address is that of this build."""
    data = _module()
    if request.path_params["name"] != _name(data):
        hint = Message("pages.reload_for_present")
        raise NotFoundError(Message("pages.old_code"), hint=hint)
    return Response(data, headers=kept(_YEAR), media_type="text/javascript")


def _module() -> bytes:
    try:
        changed = MODULE.stat().st_mtime_ns
        return _read(MODULE, changed)
    except FileNotFoundError as error:
        hint = Message("pages.build_it")
        raise NotFoundError(Message("pages.code_missing", name=MODULE.name), hint=hint) from error


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> bytes:
    return path.read_bytes()


@lru_cache(maxsize=1)
def _name(data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()[:16]}.js"
