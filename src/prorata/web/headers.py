"""The headers that every answer carries."""

from typing import Final

from starlette.datastructures import MutableHeaders

CONTENT_POLICY: Final = "Content-Security-Policy"
_CONTENT_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)

SECURITY_HEADERS = {
    CONTENT_POLICY: "; ".join(_CONTENT_POLICY),
    # Not no-referrer: browsers would then send forms with the origin "null", and such writes are refused.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # Passkeys, and nothing else that a browser could lend.
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


ONLY_ENCRYPTED = "max-age=31536000"
"""For a year, and for this name alone: names beside it may be somebody else's to decide."""


def policy_with(*more: str) -> str:
    """The policy of every page, and something more that one page may do: `frame-src 'self'`."""
    return "; ".join((*_CONTENT_POLICY, *more))


def secure(headers: MutableHeaders, *, encrypted: bool = False) -> None:
    """Set what each answer carries. A page about money is kept by nobody unless its handler says otherwise,
    and may load what every page may unless its handler brings a policy of its own.

    `encrypted`: the request came by TLS, and browsers shall come in no other way from then on.
    """
    for name, value in SECURITY_HEADERS.items():
        if name != CONTENT_POLICY or name not in headers:
            headers[name] = value
    if encrypted:
        headers["Strict-Transport-Security"] = ONLY_ENCRYPTED
    headers.setdefault("Cache-Control", "private, no-store")
