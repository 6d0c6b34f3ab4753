"""A database is a demo's or holds real data, and stays what it is."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from prorata.clock import SystemClock
from prorata.store import sellers
from prorata.store.engine import Database
from prorata.store.installation import HoldsDemo, HoldsOwnData
from prorata.usecases.act import Services
from prorata.usecases.demo_data import SELLER_NAME
from prorata.usecases.installation import use_for_demo, use_for_own
from support import databases


@pytest.fixture
def services(own_database: databases.Database) -> Iterator[Services]:
    opened = Database(own_database.owner_url, app_url=own_database.app_url)
    yield Services(opened, SystemClock())
    opened.dispose()


def sell(services: Services, name: str, *, test: bool) -> None:
    with services.database.owner() as conn:
        sellers.create(conn, name=name, address="A", country="NL", zone=ZoneInfo("Europe/Amsterdam"), test=test)


def test_what_a_demo_has_used_nobody_signs_in_to(services: Services):
    use_for_demo(services)
    use_for_demo(services)
    with pytest.raises(HoldsDemo, match=r"This database holds a demo.* Let PRORATA_DATABASE_URL name another"):
        use_for_own(services)
    use_for_demo(services)


def test_in_real_data_nobody_may_be_anybody(services: Services):
    use_for_own(services)
    use_for_own(services)
    with pytest.raises(HoldsOwnData, match=r"This database holds data of your own.* Let PRORATA_DATA_DIR name another"):
        use_for_demo(services)
    use_for_own(services)


def test_a_demo_of_before_is_known_by_its_seller(services: Services):
    sell(services, SELLER_NAME, test=True)
    with pytest.raises(HoldsDemo):
        use_for_own(services)
    use_for_demo(services)


@pytest.mark.parametrize(("name", "test"), [(SELLER_NAME, False), ("Real B.V.", True)])
def test_anybody_else_is_real(services: Services, name: str, *, test: bool):
    sell(services, name, test=test)
    with pytest.raises(HoldsOwnData):
        use_for_demo(services)
    use_for_own(services)


def test_one_real_seller_makes_all_of_it_real(services: Services):
    sell(services, SELLER_NAME, test=True)
    sell(services, "Real B.V.", test=False)
    with pytest.raises(HoldsOwnData):
        use_for_demo(services)
