"""What a build is told is checked before it begins, and all that is wrong is named at once."""

import pytest

from analysis.engine import machine, settings
from analysis.engine.settings import Settings, SettingsError, read_settings


def given(**values):
    return {f"COMPENDIUM_{name}": value for name, value in values.items()}


def test_what_can_be_told():
    usual = min(machine.cores(), max(1, machine.memory() // settings.GIB))
    told = given(
        TIMEOUT="60",
        MEMORY="1.5",
        KERNEL="plain",
        JOBS="3",
        SCHEDULER="tcp://127.0.0.1:8786",
        SHARED="yes",
        SITE_URL="https://example.org/report",
        RAW="/x",
    )
    assert read_settings(told) == Settings(
        60, 1.5, "plain", 3, "tcp://127.0.0.1:8786", is_shared=True
    )
    assert (
        read_settings(given(TIMEOUT="", MEMORY="", KERNEL=""))
        == read_settings({})
        == Settings(jobs=usual)
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TIMEOUT", "5m", "a whole number of seconds"),
        ("TIMEOUT", "0", "a whole number of seconds"),
        ("TIMEOUT", "-3", "a whole number of seconds"),
        ("TIMEOUT", "٣", "a whole number of seconds"),
        ("MEMORY", "4G", "a number of GiB"),
        ("MEMORY", "0.1", "at least 0.25"),
        ("MEMORY", "-1", "a number of GiB"),
        ("MEMORY", "nan", "a number of GiB"),
        ("MEMORY", "1e3", "a number of GiB"),
        ("KERNEL", "wram", "warm or plain (did you mean 'warm'?)"),
        ("JOBS", "0", "a whole number of notebooks"),
        ("JOBS", "two", "a whole number of notebooks"),
        ("SCHEDULER", "nonsense", "the address of a Dask scheduler"),
        ("SHARED", "true", "yes or no"),
        ("SITE_URL", "example.org", "an address such as https://"),
        ("REPOSITORY_URL", "javascript:a()", "an address such as https://"),
        ("TIMEOT", "5", "no such setting (did you mean 'TIMEOUT'?)"),
        ("LANGUAGE", "fr", "no such setting"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_was_expected(name, value, expected):
    with pytest.raises(SettingsError) as error:
        read_settings(given(**{name: value}))
    assert name in str(error.value)
    assert expected in str(error.value)


def test_everything_that_is_wrong_is_named_at_once():
    with pytest.raises(SettingsError) as error:
        read_settings(given(TIMEOUT="5m", KERNEL="cold", MEMORY="lots"))
    assert [line.split("=")[0] for line in str(error.value).splitlines()] == [
        "KERNEL",
        "MEMORY",
        "TIMEOUT",
    ]


def test_runs_share_what_the_machine_or_the_container_has(monkeypatch, tmp_path):
    whole = machine.memory()
    assert Settings(jobs=4).bytes_for_a_run == whole // 2 // 4
    assert Settings(jobs=4, memory=2).bytes_for_a_run == 2 * settings.GIB
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(machine, "GROUPS", tmp_path)
    monkeypatch.setattr(machine, "MEMBERSHIP", tmp_path / "none")
    for file in ("memory.max", "memory/memory.limit_in_bytes"):
        for said, expected in (
            (str(settings.GIB), settings.GIB),
            ("max", whole),
            (str(2**63), whole),
        ):
            (tmp_path / file).write_text(f"{said}\n", "ascii")
            assert machine.memory() == expected
        (tmp_path / file).unlink()


def test_no_more_run_at_a_time_than_there_is_memory_for(monkeypatch):
    monkeypatch.setattr(settings, "cores", lambda: 16)
    for there_is, jobs in ((0.5, 1), (4, 4), (64, 16)):
        monkeypatch.setattr(
            settings, "memory", lambda there_is=there_is: int(there_is * settings.GIB)
        )
        assert read_settings({}).jobs == jobs
        assert read_settings({}).bytes_for_a_run >= settings.GIB // 2
    assert read_settings(given(JOBS="9")).jobs == 9


def test_a_cluster_is_given_many_at_a_time():
    assert read_settings(given(SCHEDULER="tcp://127.0.0.1:1")).jobs == settings.AT_ONCE_ON_A_CLUSTER
    assert read_settings(given(SCHEDULER="tcp://127.0.0.1:1", JOBS="3")).jobs == 3
