"""The server: Streamlit's own, with headers that keep the page from reaching anything but this machine."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.middleware import Middleware

from geo import schema, webmap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from geo.webmap import Dress


def middleware(dress: Dress = webmap.undressed) -> list[Middleware]:
    """What stands before the page on the server: the headers that a script's `st.App` needs.

    `dress` is what the script gives to `page`: the hosts of the tiles that it adds are the only ones besides this
    server that the page may ask.

    Raises:
        OutputError: `dress` adds something that cannot be drawn.
    """
    drawn = webmap.draw(schema.empty())
    dress(drawn)
    asked = webmap.hosts(webmap.frame(drawn))
    return [Middleware(Headers, headers=headers(asked.images, asked.data))]


def headers(images: Iterable[str] = (), data: Iterable[str] = ()) -> dict[str, str]:
    """What keeps the page from reaching anything but this server, and the origins of map tiles that were asked for."""
    index = Path(st.__file__).parent / "static" / "index.html"
    hashes = inline_scripts(index.read_text(encoding="utf-8")) if index.is_file() else []
    policy = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-eval'", *hashes],  # Streamlit builds components at run time
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *images],
        "font-src": ["'self'", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'", "ws://127.0.0.1:*", "ws://localhost:*", *data],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return {
        "content-security-policy": "; ".join(" ".join([name, *values]) for name, values in policy.items()),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


def inline_scripts(page: str) -> list[str]:
    """The CSP hashes of the scripts that stand in Streamlit's own page."""
    found = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in found]


class Headers:
    """Sends `headers` with every answer."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app = app
        self.more = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.more]
            await send(message)

        await self.app(scope, receive, send_with_headers)
