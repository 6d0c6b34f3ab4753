"""One question to a directory, and what comes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from prorata.adapters.oidc.client import OpenIdConnect
from prorata.core.errors import DomainError
from prorata.usecases.vouching import Client, Question, Vouched
from support.provider import CLIENT_ID, CLIENT_SECRET, Provider

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
DESCRIPTION = "/.well-known/openid-configuration"
OIDC = OpenIdConnect(loopback=True)
QUESTION = Question(redirect="http://localhost:8000/back", state="a state", nonce="a nonce", verifier="v" * 43)


def client(directory: Provider) -> Client:
    return Client(directory.issuer, CLIENT_ID, CLIENT_SECRET)


def answered(directory: Provider) -> Vouched:
    return OIDC.answer(client(directory), QUESTION, code="a code", at=AT)


def refused(directory: Provider) -> type[DomainError]:
    with pytest.raises(DomainError) as caught:
        answered(directory)
    return caught.type


def fields(address: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}
