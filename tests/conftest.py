"""What all tests share: no network, the real data beside the checkout, a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, settings
from install_browser import NAMES
from playwright.sync_api import Browser, sync_playwright
from pytest_socket import socket_allow_hosts

from mali_incidents.places.locate import locate_incidents
from mali_incidents.records.coverage import Coverage, read_coverage
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped

# No timing in tests: a slow machine is no error.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

SHARED = Path(__file__).parents[2] / "shared"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_runtest_setup() -> None:
    """Let no test reach further than this machine."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests on real data where a user does not have it, and count them."""
    if SHARED.is_dir():
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(
            f"CI needs the real data in {SHARED}: no test may be left out there"
        )
    left_out = [item for item in items if item.get_closest_marker("shared")]
    items[:] = [item for item in items if not item.get_closest_marker("shared")]
    config.hook.pytest_deselected(items=left_out)
    config.stash[_LEFT_OUT] = len(left_out)


_LEFT_OUT = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that started this worker how many tests were left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(_LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Take the count from a worker; each of them left out the same tests."""
    told = getattr(node, "workeroutput", {}).get("left_out", 0)
    node.config.stash[_LEFT_OUT] = max(told, node.config.stash.get(_LEFT_OUT, 0))


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Say in one line how many tests had no real data to read."""
    if left_out := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(f"{left_out} tests left out: no real data in {SHARED}")


@pytest.fixture(scope="session", autouse=True)
def _empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the developer's own gazetteers and frames out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MALI_INCIDENTS_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout."""
    return SHARED


@pytest.fixture(scope="session")
def shipped_located(_empty_home: None) -> gpd.GeoDataFrame:
    """The shipped incidents, located; no test may change them."""
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    return locate_incidents(incidents)


@pytest.fixture(scope="session")
def shipped_coverage() -> Coverage:
    """What the shipped incidents cover."""
    return read_coverage(shipped("incidents", "coverage.toml"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium, the one `make test` found or installed."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("MALI_BROWSER") or _installed_chromium(),
            args=CHROMIUM_FLAGS,
        )
        yield chromium
        chromium.close()


def _installed_chromium() -> str | None:
    """Find a Chromium on the machine; None leaves the choice to Playwright."""
    return next(filter(None, map(shutil.which, NAMES)), None)
