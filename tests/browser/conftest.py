"""A browser, and all of Baylink in processes of its own, for the tests that drive pages."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from config.runtime.paths import ROOT
from tests.browser.people import People
from tests.browser.stack import Stack, running_stack

OUTCOME = pytest.StashKey[bool]()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; nothing is downloaded."""
    program = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium on this machine")
    patch = pytest.MonkeyPatch()
    # The driver's loop runs in this thread, beside the tests' queries.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()
    patch.undo()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Stack]:
    """Web server and worker on the test database."""
    home: Path = tmp_path_factory.mktemp("stack")
    base, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    query = os.environ["DATABASE_URL"].partition("?")[2]
    with running_stack(home, f"{base}/{connection.settings_dict['NAME']}?{query}") as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Tells fixtures how the test went."""
    report = yield
    item.stash[OUTCOME] = item.stash.get(OUTCOME, True) and not report.failed
    return report


@pytest.fixture
def people(browser: Browser, stack: Stack, transactional_db: None, request: pytest.FixtureRequest) -> Iterator[People]:
    """Nobody yet. After the test nobody may have seen an error, and no process may have logged one.

    What everybody looked at when a test failed is left in `var/browser/`.
    """
    made = People(browser, stack)
    yield made
    if not request.node.stash.get(OUTCOME, True):
        made.photograph(ROOT / "var" / "browser" / request.node.name)
    made.leave()
    assert not made.faults(), "\n".join(made.faults())
    assert not stack.faults(), "\n".join(stack.faults())
