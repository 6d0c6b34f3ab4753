"""What the reference says of the API is what the API has."""

from prorata.clock import SystemClock
from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.api_keys import SCOPES
from prorata.web.api.v1.app import create_api
from prorata.web.api.v1.limits import A_MINUTE
from prorata.web.api.v1.problems import CODES
from support.tree import ROOT

TEXT = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
# Nothing is asked of this database: the description comes from the code alone.
DESCRIBED = create_api(Services(Database("postgresql+psycopg://nowhere/none"), SystemClock())).openapi()


def test_every_address_is_in_the_reference():
    asked = [f"{method.upper()} {path}" for path, methods in DESCRIBED["paths"].items() for method in methods]
    assert [each for each in asked if f"`{each}" not in TEXT] == []


def test_every_code_is_in_the_reference():
    assert [code for code in CODES if f"`{code}`" not in TEXT] == []


def test_every_reason_of_an_entitlement_is_in_the_reference():
    why = DESCRIBED["components"]["schemas"]["UseRead"]["properties"]["why"]
    words = {word for part in why.get("anyOf", [why]) for word in part["enum"]}
    assert len(words) == 11
    assert sorted(word for word in words if f"`{word}`" not in TEXT) == []


def test_every_scope_and_the_limit_are_in_the_reference():
    assert [scope for scope in SCOPES if f"| `{scope}` |" not in TEXT] == []
    assert f"answered {A_MINUTE} times a minute" in TEXT
