"""The countries that there are."""

from importlib.resources import files

from prorata.core.countries import COUNTRIES


def test_they_are_those_of_the_table_that_comes_with_the_time_zones_and_kosovo():
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8")
    listed = {line.split("\t")[0] for line in table.splitlines() if not line.startswith("#")}
    assert listed | {"XK"} == COUNTRIES
    assert len(COUNTRIES) == 249 + 1
