"""Settings: what the environment may say, and the one sentence for what it may not."""

import os
from datetime import UTC, time, timedelta
from pathlib import Path

import pytest

from prorata.clock import SystemClock
from prorata.settings import SettingError, Settings, default_data_dir

_OWNER = "postgresql://owner:secret@db.example:5432/prorata"
_APP = "postgresql://app:secret@db.example:5432/prorata"


def test_nothing_need_be_set() -> None:
    settings = Settings.from_environment({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.data_dir == default_data_dir({}, root=os.geteuid() == 0)
    assert settings.database_url is None
    assert settings.app_database_url is None
    assert (settings.scheduled, settings.run_every, settings.verify_at) == (True, 10, time(3, 30))
    assert (settings.workers, settings.batch_size) == (2, 1000)


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "PRORATA_DATA_DIR": str(tmp_path),
            "PRORATA_HOST": "0.0.0.0",  # noqa: S104 - only read here
            "PRORATA_PORT": "8443",
            "PRORATA_DATABASE_URL": _OWNER,
            "PRORATA_APP_DATABASE_URL": _APP,
            "PRORATA_SCHEDULE": "off",
            "PRORATA_RUN_EVERY": "60",
            "PRORATA_VERIFY_AT": "23:59",
            "PRORATA_WORKERS": "16",
            "PRORATA_BATCH_SIZE": "10000",
            "HOME": "not looked at",
        }
    )
    assert settings == Settings(
        data_dir=tmp_path,
        host="0.0.0.0",  # noqa: S104 - only read here
        port=8443,
        database_url="postgresql+psycopg://owner:secret@db.example:5432/prorata",
        app_database_url="postgresql+psycopg://app:secret@db.example:5432/prorata",
        scheduled=False,
        run_every=60,
        verify_at=time(23, 59),
        workers=16,
        batch_size=10000,
    )


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    empty = {"PRORATA_PORT": "", "PRORATA_HOST": "", "PRORATA_DATA_DIR": "", "PRORATA_DATABASE_URL": ""}
    assert Settings.from_environment(empty) == Settings.from_environment({})


def test_data_lie_where_the_user_keeps_data(tmp_path: Path) -> None:
    assert default_data_dir({}, root=False) == Path.home() / ".local" / "share" / "prorata"
    assert default_data_dir({"XDG_DATA_HOME": str(tmp_path)}, root=False) == tmp_path / "prorata"
    assert default_data_dir({"XDG_DATA_HOME": "relative"}, root=False) == Path.home() / ".local" / "share" / "prorata"


def test_roots_data_lie_where_the_database_can_reach_them() -> None:
    assert default_data_dir({}, root=True) == Path("/var/lib/prorata")


@pytest.mark.parametrize("port", ["0", "65536", "8000000000", "-1", "80.0", "http", "٨٠", " 80"])
def test_a_port_is_a_number_from_1_to_65535(port: str) -> None:
    with pytest.raises(SettingError, match="PRORATA_PORT must be a whole number from 1 to 65535") as caught:
        Settings.from_environment({"PRORATA_PORT": port})
    assert caught.value.variable == "PRORATA_PORT"


def test_the_lowest_and_the_highest_port_are_taken() -> None:
    assert Settings.from_environment({"PRORATA_PORT": "1"}).port == 1
    assert Settings.from_environment({"PRORATA_PORT": "65535"}).port == 65535


@pytest.mark.parametrize(
    ("variable", "text", "says"),
    [
        ("PRORATA_SCHEDULE", "daily", "must be on or off, not 'daily'."),
        ("PRORATA_RUN_EVERY", "7", "must be a number of minutes that divides the hour: 1, 2, 3, 4, 5, 6, 10,"),
        ("PRORATA_RUN_EVERY", "0", "must be a number of minutes"),
        ("PRORATA_RUN_EVERY", "010", "must be a number of minutes"),
        ("PRORATA_VERIFY_AT", "24:00", "must be a time of day in UTC, such as 03:30, not '24:00'."),
        ("PRORATA_VERIFY_AT", "3:30", "must be a time of day in UTC"),
        ("PRORATA_VERIFY_AT", "03:30:00", "must be a time of day in UTC"),
        ("PRORATA_WORKERS", "0", "must be a whole number from 1 to 16, not '0'."),
        ("PRORATA_WORKERS", "17", "must be a whole number from 1 to 16"),
        ("PRORATA_BATCH_SIZE", "0", "must be a whole number from 1 to 10000, not '0'."),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_by_name(variable: str, text: str, says: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_environment({variable: text})
    assert str(caught.value).startswith(f"{variable} {says}")


@pytest.mark.parametrize("url", ["mysql://a:secret@b/c", "db.example", "postgresql://a:secret@b", "postgresql://b:x/c"])
def test_a_database_url_that_is_none_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(SettingError, match="PRORATA_DATABASE_URL must look like postgresql://") as caught:
        Settings.from_environment({"PRORATA_DATABASE_URL": url, "PRORATA_APP_DATABASE_URL": _APP})
    assert "secret" not in str(caught.value)


def test_one_database_url_needs_the_other() -> None:
    with pytest.raises(SettingError, match="PRORATA_APP_DATABASE_URL is missing"):
        Settings.from_environment({"PRORATA_DATABASE_URL": _OWNER})
    with pytest.raises(SettingError, match="PRORATA_DATABASE_URL is missing"):
        Settings.from_environment({"PRORATA_APP_DATABASE_URL": _APP})


def test_the_data_folder_is_absolute_and_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SettingError, match="PRORATA_DATA_DIR must be an absolute path, not 'data'"):
        Settings.from_environment({"PRORATA_DATA_DIR": "data"})
    with pytest.raises(SettingError, match="PRORATA_DATA_DIR must be a folder"):
        Settings.from_environment({"PRORATA_DATA_DIR": str(file)})


def test_a_misspelt_setting_is_refused_by_name() -> None:
    with pytest.raises(SettingError, match=r"PRORATA_PROT is no setting of Prorata; there are .*PRORATA_PORT"):
        Settings.from_environment({"PRORATA_PROT": "80"})


def test_the_clock_of_the_machine_tells_utc() -> None:
    before = SystemClock().now()
    after = SystemClock().now()
    assert before.tzinfo is UTC
    assert timedelta(0) <= after - before < timedelta(minutes=1)
