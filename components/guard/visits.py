"""Every request and the websocket pass here before Streamlit or a route of ours sees them."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.guard.hosts import is_loopback, is_served
from components.guard.policy import headers_for
from components.routes.addresses import with_base

_ONLY_READING = {"GET", "HEAD", "OPTIONS"}
_FOR_THIS_MACHINE = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

_OTHER_NAME = (
    "BeltMask does not answer to this name. Open it as localhost or by the IP number of its "
    "machine, or have whoever runs it add the name to BELTMASK_HOSTS."
)
_OTHER_SITE = "Another site sent this request. Open BeltMask by its own address."
_OTHER_MACHINE = "This is told only to the machine that BeltMask runs on."


class Guard:
    """Middleware that lets in whom this server is there for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        hosts = Headers(scope=scope).getlist("host")
        refusal = _refusal(scope, hosts)
        host = hosts[0] if refusal is None else "localhost"
        await (refusal or self._app)(scope, receive, _with_headers(send, host))


def _refusal(scope: Scope, hosts: list[str]) -> Response | None:
    if len(hosts) != 1 or not is_served(hosts[0]):
        return PlainTextResponse(_OTHER_NAME, 400)
    if _from_elsewhere(scope, hosts[0]):
        return PlainTextResponse(_OTHER_SITE, 403)
    if scope["path"].startswith(tuple(map(with_base, _FOR_THIS_MACHINE))):
        return None if _from_here(scope, hosts[0]) else PlainTextResponse(_OTHER_MACHINE, 403)
    return None


def _from_elsewhere(scope: Scope, host: str) -> bool:
    """Whether a page of another site asks for more than reading, which its browser keeps from it.

    Programs that are no browser name no origin.
    """
    if scope["type"] == "http" and scope["method"] in _ONLY_READING:
        return False
    origins = Headers(scope=scope).getlist("origin")
    return any(_site(origin) != host.lower() for origin in origins)


def _site(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _from_here(scope: Scope, host: str) -> bool:
    """Whether this machine asks for itself, and not for somebody behind a proxy."""
    client, headers = scope.get("client"), Headers(scope=scope)
    forwarded = any(name in headers for name in _FORWARDED)
    near = client is not None and is_loopback(client[0]) and is_loopback(host)
    return near and not forwarded


def _with_headers(send: Send, host: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers_for(host))
        await send(message)

    return sending
