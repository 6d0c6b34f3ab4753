"""Finding people in a long list, picking some or all of them, adding one, importing many."""

from collections.abc import Iterator

import httpx
import pytest

from prorata.store import members, subscriptions
from prorata.store.members import NewMember
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import boxes, field, words

PICK = "/members/pick"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    """The owner, member 1, and 119 people who can hold licences, Member 002 to Member 120; of 100 none is assigned."""
    found = shop.account(on="2026-01-15")
    new = [NewMember(f"Member {n:03}", f"m{n}@example.com", "en") for n in range(2, 121)]
    with shop.services.database.account(found.id) as conn:
        members.create_many(conn, found.id, new=new)
    found.buy(100)
    return found


def _assigned(shop: Shop, account: Account) -> int:
    with shop.services.database.account(account.id) as conn:
        return subscriptions.by_name(conn, account.id, name=NAME).assigned


def _people(shop: Shop, account: Account) -> int:
    with shop.services.database.account(account.id) as conn:
        return sum(1 for one in members.all_of(conn, account.id) if not one.left_at)


def _all(browser: httpx.Client, query: str) -> dict[str, str]:
    """The fields of a list that ask for all that are found, as its page sends them."""
    page = browser.get(f"/members?{query}")
    asked = dict(part.split("=") for part in query.split("&") if part)
    return {**asked, "all": "1", "found": field(page, "found"), "seen": field(page, "seen")}


def _upload(browser: httpx.Client, data: bytes, *, do: str = "look") -> httpx.Response:
    return browser.post("/members/import", data={"do": do}, files={"file": ("list.csv", data, "text/csv")})


def _paste(browser: httpx.Client, text: str, *, do: str = "look") -> httpx.Response:
    return browser.post("/members/import", files={"text": (None, text), "do": (None, do), "language": (None, "nl")})


def test_a_long_list_has_pages_and_is_searched(shop: Shop, account: Account) -> None:
    account.assign(3, 4)
    with shop.visitor(account) as browser:
        first = browser.get("/members")
        said = words(first)
        assert "120 people belong to this account." in said
        assert "1–50 of 120" in said
        # Who may do something stands first.
        assert said.index("Marieke de Wit") < said.index("Member 002")
        last = words(browser.get("/members?page=3"))
        assert "101–120 of 120" in last
        assert words(browser.get("/members?page=99")) == last
        found = words(browser.get("/members?q=MEMBER+m12@"))
        assert "1 person is found." in found
        assert "Member 012" in found
        assert "2 people are found." in words(browser.get(f"/members?licence=with:{NAME}"))
        assert "117 people are found." in words(browser.get(f"/members?licence=without:{NAME}&role=member"))
        assert "Nobody is found" in words(browser.get("/members?role=reader"))
        assert browser.get("/members?role=emperor&licence=x:y&page=-1").status_code == 200
        assert browser.get(f"/members?ticked=2,x,-1,{'9' * 5000}").status_code == 200


def test_licences_are_given_to_some_and_taken_from_all_of_a_filter(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        ask = {"do": "assign", "subscription": NAME}
        done = browser.post(PICK, data={**ask, "member": ["2", "3"], "q": "member"})
        assert done.headers["location"] == "/members?q=member&page=1&news=assigned"
        assert _assigned(shop, account) == 2
        everybody = {**ask, **_all(browser, f"licence=with:{NAME}")}
        assert browser.post(PICK, data={**everybody, "do": "take"}).status_code == 303
        assert _assigned(shop, account) == 0
        # Of those that were shown two are gone: nothing is done with the others.
        answer = browser.post(PICK, data={**everybody, "do": "take"})
        assert answer.status_code == 409
        history = words(browser.get(f"/products/{NAME}/history"))
        assert history.count(" lost it ") == history.count("Member 003") == 2
        assert "Member 003 lost it 15 January 2026, 12:00 by this account" in history
        # As many are found again, but one of them is somebody else.
        account.assign(3, 4)
        assert browser.post(PICK, data={**everybody, "do": "take"}).status_code == 409
        assert _assigned(shop, account) == 2


def test_too_few_licences_are_offered_with_their_price_and_the_choice_stays(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        data = {"do": "assign", "subscription": NAME, **_all(browser, ""), "member": ["2"]}
        answer = browser.post(PICK, data=data)
        assert answer.status_code == 422
        said = words(answer)
        assert "120 members need a licence, but only 100 can be assigned." in said
        # 20 × 12.50.
        assert "20 licences of Kadans Team are missing. They cost €250.00 per month." in said
        assert f'href="/products/{NAME}/licences?licences=120">Buy 20 more licences</a>' in answer.text
        assert 'name="all" value="1" checked' in answer.text
        assert 'name="member" value="2" checked' in answer.text
        assert _assigned(shop, account) == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"do": "assign", "subscription": NAME}, "Nobody is chosen."),
        ({"do": "remove"}, "Nobody is chosen."),
        ({"do": "assign", "member": ["2"]}, "Choose a subscription."),
        ({"do": "assign", "subscription": "x", "member": ["2"]}, "Choose a subscription."),
        ({"do": "assign", "subscription": NAME, "member": ["two"]}, "Choose people from the list."),
        ({"do": "assign", "subscription": NAME, "all": "1", "found": "-1"}, "Choose people from the list."),
        ({"do": "assign", "subscription": NAME, "member": ["999"]}, "from the list."),
        ({"do": "remove", "member": ["999"]}, "from the list."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    shop: Shop, account: Account, data: dict[str, str | list[str]], said: str
) -> None:
    with shop.visitor(account) as browser:
        answer = browser.post(PICK, data=data)
    assert answer.status_code == 422
    assert said in words(answer)
    assert (_assigned(shop, account), _people(shop, account)) == (0, 120)


def test_many_are_removed_after_it_is_said_what_is_free_by_it(shop: Shop, account: Account) -> None:
    account.assign(*range(2, 32))
    with shop.visitor(account) as browser:
        asked = browser.post(PICK, data={"do": "remove", **_all(browser, f"licence=with:{NAME}")})
        said = words(asked)
        assert "Remove 30 people" in said
        assert "Member 010, Member 011 and 20 more" in said
        assert "30 licences of Kadans Team: free at once." in said
        kept = {name: field(asked, name) for name in ("all", "found", "seen", "licence")}
        done = browser.post("/members/remove", data=kept)
        assert done.headers["location"] == "/members?news=removed"
        assert (_assigned(shop, account), _people(shop, account)) == (0, 90)
        assert "Member 002" in words(browser.get("/members?role=left"))
        # The owner cannot be among them.
        asked = browser.post("/members/remove", data={"member": ["1", "40"]})
        assert asked.status_code == 422
        assert "is the only owner of this account." in words(asked)
        assert _people(shop, account) == 90


def test_a_licence_admin_removes_who_only_holds_licences(shop: Shop, account: Account) -> None:
    admin = account.add("Dirk de Boer", "licence_admin")
    with shop.visitor(account, member=admin) as browser:
        assert browser.post("/members/2/end").status_code == 303
        assert browser.post("/members/1/end").status_code == 403
        assert browser.post("/members/remove", data={"member": ["1", "3"]}).status_code == 403
        assert browser.post("/members/remove", data={"member": ["3"]}).status_code == 303
    assert _people(shop, account) == 119
    reader = account.add("Rik", "invoice_manager")
    with shop.visitor(account, member=reader) as browser:
        for page in ("/members", "/members/add", "/members/import"):
            assert browser.get(page).status_code == 403
        assert browser.post("/members/remove", data={"member": ["4"]}).status_code == 403


def test_boxes_of_one_subscription_have_pages_and_save_page_by_page(shop: Shop, account: Account) -> None:
    page = f"/products/{NAME}/members"
    account.assign(2)
    with shop.visitor(account) as browser:
        # By name: the owner, and Member 002 to Member 050 on the first page.
        assert len(boxes(browser.get(page), "member")) == 50
        second = browser.get(f"{page}?page=2")
        assert not any(boxes(second, "member").values())
        done = browser.post(page, data={"member": ["51", "52"], "page": "2"})
        assert done.headers["location"] == f"{page}?page=2&news=saved"
        assert _assigned(shop, account) == 3
        assert list(boxes(browser.get(f"{page}?who=with"), "member")) == ["Member 002", "Member 051", "Member 052"]
        assert list(boxes(browser.get(f"{page}?q=012"), "member")) == ["Member 012"]


def test_somebody_is_added_with_a_licence(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        typed = {"name": "Anna Vos", "email": "anna@example.com", "language": "nl", "licence": [NAME]}
        assert boxes(browser.get("/members/add"), "licence") == {"Kadans Team": False}
        assert browser.post("/members/add", data=typed).headers["location"] == "/members?news=added"
        assert _assigned(shop, account) == 1
        again = browser.post("/members/add", data=typed)
        assert again.status_code == 422
        assert "anna@example.com belongs to somebody else in this account." in words(again)
        assert 'value="Anna Vos"' in again.text
        account.assign(*range(2, 101))
        full = browser.post("/members/add", data={**typed, "email": "bram@example.com"})
        assert full.status_code == 422
        assert "1 licence of Kadans Team is missing. They cost €12.50 per month." in words(full)
        assert f'href="/products/{NAME}/licences?licences=101"' in full.text
        assert 'value="bram@example.com"' in full.text


LIST = """naam;e-mail;licentie;kamer
Zoë Çelik;zoe@example.com;business;12
=1+1;formula;;
"""


def test_a_list_is_looked_at_and_then_imported(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        looked = _upload(browser, LIST.encode("utf-16"))
        said = words(looked)
        assert "1 person can be added. Nothing has happened yet." in said
        assert "1 gets a licence of Kadans Team." in said
        assert "These columns are not looked at: kamer." in said
        assert "1 row is not taken" in said
        assert "3 =1+1, formula This is not a mail address." in said
        assert _people(shop, account) == 120
        assert LIST.strip() in looked.text
        file = _paste(browser, LIST, do="report")
        assert file.headers["content-type"] == "text/csv; charset=utf-8"
        assert file.headers["content-disposition"] == 'attachment; filename="refused-rows.csv"'
        # What a spreadsheet would take for a formula is told as text.
        assert file.content.decode("utf-8-sig").splitlines()[1].startswith('3,"\'=1+1, formula",')
        done = _paste(browser, LIST, do="import")
        assert "1 person is added." in words(done)
        assert "1 has a licence of Kadans Team." in words(done)
    assert (_people(shop, account), _assigned(shop, account)) == (121, 1)


def test_an_import_that_runs_out_of_licences_says_how_many_to_buy(shop: Shop, account: Account) -> None:
    account.assign(*range(2, 101))
    rows = "".join(f"New {n},new{n}@example.com,business\n" for n in range(4))
    with shop.visitor(account) as browser:
        done = _paste(browser, f"name,email,licence\n{rows}", do="import")
        said = words(done)
        assert "4 people are added." in said
        assert "For 3 there is no licence of Kadans Team: they are added without one." in said
        # 3 × 12.50.
        assert "3 licences of Kadans Team are missing. They cost €37.50 per month." in said
        assert f'href="/products/{NAME}/licences?licences=103">Buy 3 more licences</a>' in done.text
    assert (_people(shop, account), _assigned(shop, account)) == (124, 100)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Nobody stands in this list."),
        ("name,email\nZoë,zoe@example.com\n".encode("latin-1"), "Line 2 cannot be read. Save the list as UTF-8"),
        (b"Anna,anna@example.com\n", "The first row must name the columns"),
        (b'name,email\n"Anna,anna@example.com\n', "In line 2 a quotation mark opens that nothing closes."),
        (b"name,email\n" + b"A,a@example.com\n" * 10_001, "There are more than 10,000 rows."),
        (b"name,email\n" + b"x" * 2_100_000, "This list is larger than 2 megabytes."),
    ],
)
def test_a_file_that_is_no_list_gets_one_sentence_beside_the_field(
    shop: Shop, account: Account, data: bytes, said: str
) -> None:
    with shop.visitor(account) as browser:
        answer = _upload(browser, data)
    assert answer.status_code == 422
    assert said in words(answer)
    assert _people(shop, account) == 120


def test_what_is_far_too_large_or_no_form_is_refused_at_once(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        assert _upload(browser, b"x" * 5_100_000).status_code == 413
        for kind, body in (
            ("application/json", b"{}"),
            ("multipart/form-data", b"x"),
            ("multipart/form-data; boundary=b", b"--b\r\nbroken"),
        ):
            answer = browser.post("/members/import", content=body, headers={"content-type": kind})
            assert answer.status_code in {400, 415, 422}
        # One that Python knows and nothing is written in, and one that it reads longer the more it reads of it.
        part = b'--b\r\ncontent-disposition: form-data; name="text"\r\n\r\nname,email\r\n--b--\r\n'
        for encoding in ("charset=undefined", "Charset=punycode", "charset*=utf-8''punycode"):
            kind = f"multipart/form-data; boundary=b; {encoding}"
            assert browser.post("/members/import", content=part, headers={"content-type": kind}).status_code == 415
        # Elsewhere the bound is what it was.
        assert browser.post("/members/add", content=b"name=" + b"x" * 1_100_000).status_code == 413


def test_of_many_columns_that_are_not_looked_at_the_first_are_named(shop: Shop, account: Account) -> None:
    columns = ",".join(f"c{place}" for place in range(1, 5_003))
    with shop.visitor(account) as browser:
        said = words(_upload(browser, f"name,email,{columns}\nAnna,anna@example.com\n".encode()))
    # 5,002 of them; twenty are named.
    assert "These columns are not looked at: c1, c2, c3," in said
    assert "c19, c20 and 4,982 more." in said


def test_pasted_rows_stay_when_they_are_refused(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        answer = _paste(browser, "Anna;anna@example.com\n")
    assert answer.status_code == 422
    assert "Anna;anna@example.com</textarea>" in answer.text or "Anna;anna@example.com\n</textarea>" in answer.text
