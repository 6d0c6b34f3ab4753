"""What a directory answers is believed only where every part of it fits."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from adapters.asking import AT, OIDC, QUESTION, answered, client, fields, refused
from prorata.clock import SystemClock
from prorata.core.errors import DomainError
from prorata.usecases.vouching import (
    AnswerTooOld,
    AnswerUnreadable,
    Client,
    DirectoryRefusedUs,
    Vouched,
    WrongAlgorithm,
    WrongAudience,
    WrongIssuer,
    WrongNonce,
    WrongSignature,
)
from support.provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    Provider,
    ec_key,
    ed_key,
    real_provider,
    rsa_key,
    says,
)

# ------------------------------------------------------------------------------------------ as it should be


def test_a_real_directory_vouches_for_its_person() -> None:
    anna = {"sub": "anna", "email": "anna@bakery.example", "email_verified": True, "name": "Anna Bakker"}
    with real_provider(anna) as issuer:
        there = Client(issuer, CLIENT_ID, CLIENT_SECRET)
        OIDC.reach(there)
        way = OIDC.way_there(there, QUESTION)
        came = httpx.post(way, data={"sub": "anna"}).headers["location"]
        assert came.startswith(QUESTION.redirect)
        assert fields(came)["state"] == QUESTION.state
        vouched = OIDC.answer(there, QUESTION, code=fields(came)["code"], at=SystemClock().now())
        with pytest.raises(DirectoryRefusedUs) as again:
            OIDC.answer(there, QUESTION, code=fields(came)["code"], at=SystemClock().now())
    assert vouched == Vouched(subject="anna", email="anna@bakery.example", name="Anna Bakker")
    assert again.value.parameters == {"issuer": issuer}


def test_the_way_there_asks_for_a_code_with_a_challenge(directory: Provider) -> None:
    directory.document = {"authorization_endpoint": f"{directory.issuer}/authorize?tenant=7"}
    asked = fields(OIDC.way_there(client(directory), replace(QUESTION, verifier="v" * 43)))
    assert asked == {
        "tenant": "7",
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": QUESTION.redirect,
        "scope": "openid email profile",
        "state": "a state",
        "nonce": "a nonce",
        # The SHA-256 of 43 times v, as base64 for addresses.
        "code_challenge": "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM",
        "code_challenge_method": "S256",
    }


def test_a_code_is_redeemed_with_its_verifier_and_the_secret(directory: Provider) -> None:
    assert answered(directory) == Vouched(subject="f3a1", email="anna@bakery.example", name="Anna Bakker")
    [(_, form, header)] = [asked for asked in directory.asked if asked[0] == "/token"]
    assert form == {
        "grant_type": "authorization_code",
        "code": "a code",
        "redirect_uri": QUESTION.redirect,
        "code_verifier": QUESTION.verifier,
    }
    # `prorata%20at%20the%20bakery:flour%20%26%20water%3A%20100%25` in base64.
    assert header == ("Basic cHJvcmF0YSUyMGF0JTIwdGhlJTIwYmFrZXJ5OmZsb3VyJTIwJTI2JTIwd2F0ZXIlM0ElMjAxMDAlMjU=")


def test_the_secret_stands_in_the_form_where_the_directory_wants_it_there(directory: Provider) -> None:
    directory.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    answered(directory)
    [(_, form, header)] = [asked for asked in directory.asked if asked[0] == "/token"]
    assert (form["client_id"], form["client_secret"], header) == (CLIENT_ID, CLIENT_SECRET, "")


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"])
def test_answers_signed_with_a_key_of_two_halves_count(directory: Provider, algorithm: str) -> None:
    key = {"ES256": ec_key(), "EdDSA": ed_key(), "Ed25519": ed_key()}.get(algorithm, rsa_key("one"))
    directory.algorithm, directory.shown = algorithm, [key]
    assert answered(directory).subject == "f3a1"


def test_a_new_key_counts_at_once_and_the_old_one_no_more(directory: Provider) -> None:
    assert answered(directory).subject == "f3a1"
    directory.shown = [rsa_key("two")]
    assert answered(directory).subject == "f3a1"
    directory.signed_by = rsa_key("one")
    assert refused(directory) is WrongSignature


def test_keys_that_cannot_be_read_do_not_hide_the_one_that_signed(directory: Provider) -> None:
    keys = [{"kty": "RSA", "n": "!", "e": "AQAB"}, {"kty": "new"}, {}, rsa_key("one").as_dict(private=False)]
    directory.answers["/keys"] = says(json.dumps({"keys": [*keys, "no key", None]}).encode())
    assert answered(directory).subject == "f3a1"


def test_an_address_is_asked_for_where_the_signed_answer_has_none(directory: Provider) -> None:
    directory.claims = {"email": None, "email_verified": None, "name": None}
    directory.told = {"sub": "f3a1", "email": "anna@bakery.example", "email_verified": True, "name": "Anna Bakker"}
    assert answered(directory) == Vouched(subject="f3a1", email="anna@bakery.example", name="Anna Bakker")
    assert directory.asked[-1] == ("/me", {}, "Bearer an access token")


def test_what_is_told_of_somebody_else_counts_for_nothing(directory: Provider) -> None:
    directory.claims = {"email": None}
    directory.told = {"sub": "another", "email": "director@bakery.example", "email_verified": True}
    assert answered(directory).email is None


@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_an_address_that_was_not_checked_is_none(directory: Provider, verified: object) -> None:
    directory.claims = {"email_verified": verified}
    assert answered(directory).email is None


# ------------------------------------------------------------------------------------------ the signed answer


@pytest.mark.parametrize(
    ("claims", "kind"),
    [
        ({"nonce": "another"}, WrongNonce),
        ({"nonce": None}, WrongNonce),
        ({"nonce": 5}, WrongNonce),
        ({"iss": "https://elsewhere.example"}, WrongIssuer),
        ({"iss": None}, WrongIssuer),
        ({"aud": "another application"}, WrongAudience),
        ({"aud": None}, WrongAudience),
        ({"aud": []}, WrongAudience),
        ({"aud": [CLIENT_ID, "another"]}, WrongAudience),
        ({"aud": [CLIENT_ID, "another"], "azp": "another"}, WrongAudience),
        ({"azp": "another"}, WrongAudience),
        ({"exp": int(AT.timestamp()) - 61}, AnswerTooOld),
        ({"exp": None}, AnswerTooOld),
        ({"exp": "tomorrow"}, AnswerTooOld),
        ({"exp": True}, AnswerTooOld),
        ({"iat": int(AT.timestamp()) + 61}, AnswerTooOld),
        ({"iat": int(AT.timestamp()) - 661}, AnswerTooOld),
        ({"iat": None}, AnswerTooOld),
        ({"sub": None}, AnswerUnreadable),
        ({"sub": ""}, AnswerUnreadable),
        ({"sub": 7}, AnswerUnreadable),
        ({"sub": "a\0b"}, AnswerUnreadable),
        ({"sub": "x" * 256}, AnswerUnreadable),
    ],
)
def test_an_answer_that_is_not_about_this_sign_in_is_refused(
    directory: Provider, claims: dict[str, Any], kind: type[DomainError]
) -> None:
    directory.claims = claims
    assert refused(directory) is kind


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT_ID]},
        {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID},
        {"exp": int(AT.timestamp()) - 59},
        {"iat": int(AT.timestamp()) + 59},
    ],
)
def test_clocks_that_differ_by_less_than_a_minute_and_lists_of_one_are_let_through(
    directory: Provider, claims: dict[str, Any]
) -> None:
    directory.claims = claims
    assert answered(directory).subject == "f3a1"


def test_an_answer_that_is_not_signed_is_refused(directory: Provider) -> None:
    directory.algorithm = "none"
    assert refused(directory) is WrongAlgorithm


def test_an_answer_signed_with_the_public_key_as_a_shared_secret_is_refused(directory: Provider) -> None:
    public = rsa_key("one").as_dict(private=False)
    directory.algorithm = "HS256"
    directory.signed_by = OctKey.import_key(json.dumps(public).encode(), {"kid": "one"})
    assert refused(directory) is WrongAlgorithm


@pytest.mark.parametrize("algorithm", ["RS512", "ES384"])
def test_algorithms_that_were_not_agreed_are_refused(directory: Provider, algorithm: str) -> None:
    header, rest = directory.token().split(".", maxsplit=1)
    del header
    directory.answers["/token"] = says(json.dumps({"id_token": f"{_header(algorithm)}.{rest}"}).encode())
    assert refused(directory) is WrongAlgorithm


def _header(algorithm: str) -> str:
    return {"RS512": "eyJhbGciOiJSUzUxMiJ9", "ES384": "eyJhbGciOiJFUzM4NCJ9"}[algorithm]


def test_a_key_that_is_not_shown_signs_nothing(directory: Provider) -> None:
    directory.signed_by = rsa_key("two")
    assert refused(directory) is WrongSignature


def test_another_key_of_the_same_name_signs_nothing(directory: Provider) -> None:
    directory.shown = [RSAKey.import_key(rsa_key("two").as_dict(private=False) | {"kid": "one"})]
    directory.signed_by = rsa_key("one")
    assert refused(directory) is WrongSignature


@pytest.mark.parametrize("changed", [{"use": "enc"}, {"alg": "PS256"}])
def test_a_key_that_is_for_something_else_signs_nothing(directory: Provider, changed: dict[str, str]) -> None:
    key = rsa_key("one").as_dict(private=False) | changed
    directory.answers["/keys"] = says(json.dumps({"keys": [key]}).encode())
    assert refused(directory) is WrongSignature


def test_a_changed_answer_is_refused(directory: Provider) -> None:
    header, body, signature = directory.token().split(".")
    other = f"{header}.{body[:-4]}AAAA.{signature}"
    directory.answers["/token"] = says(json.dumps({"id_token": other}).encode())
    assert refused(directory) in {WrongSignature, AnswerUnreadable}


@pytest.mark.parametrize("token", [None, 7, "", "a.b", "a.b.c", "bm9uZQ..", "e30.e30.e30", "é.é.é", ["x"]])
def test_what_is_no_signed_answer_is_refused(directory: Provider, token: object) -> None:
    directory.answers["/token"] = says(json.dumps({"id_token": token}).encode())
    assert refused(directory) in {AnswerUnreadable, WrongAlgorithm}
