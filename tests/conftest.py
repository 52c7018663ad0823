"""What every test has: see also ``tests/environment.py``, which their settings come from."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from tests.browser.chromium import browser_is_required, find_chromium
from tests.emptying import execute_sql_flush, sql_flush
from tests.servers import Site, running_redis, running_site

# How long an example takes says how busy the machine is; speed is measured in tests/benchmarks/.
hypothesis.settings.register_profile("asamblea", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("asamblea")


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Let no throttle or cached page of one test be felt in the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def the_sites_language() -> None:
    """The test client answers in this very thread, which goes on in the language of the last request."""
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """Number each table's rows from a start of its own, with five digits or more, as on a site that has been used.

    So a number meant for another table finds nothing, and one written with a separator of thousands is refused.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'S' ORDER BY relname")
        for order, (name,) in enumerate(cursor.fetchall(), start=1):
            cursor.execute(f"ALTER SEQUENCE {name} RESTART WITH {order * 10_000 + 1}")


@pytest.fixture(autouse=True, scope="session")
def emptying_is_quick_and_passes_the_triggers() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis server."""
    with running_redis() as url:
        yield url


# For a module and not for all tests: the folder of a running site would count what other tests mean to fold themselves.
@pytest.fixture(scope="module")
def one_daphne(django_db_setup: None, django_db_blocker) -> Iterator[Site]:
    with django_db_blocker.unblock(), running_site() as site:
        yield site


@pytest.fixture(scope="module")
def two_daphnes(django_db_setup: None, django_db_blocker, redis_url: str) -> Iterator[tuple[Site, Site]]:
    with (
        django_db_blocker.unblock(),
        running_site(REDIS_URL=redis_url) as one,
        running_site(REDIS_URL=redis_url) as other,
    ):
        yield one, other


@pytest.fixture
def site(one_daphne: Site, transactional_db: None) -> Site:
    """A real daphne on the test database, one process with no Redis. It sees what the test has committed."""
    return one_daphne


@pytest.fixture
def two_sites(two_daphnes: tuple[Site, Site], transactional_db: None) -> tuple[Site, Site]:
    """Two real daphne processes on the test database, which hear of each other by Redis."""
    return two_daphnes


BROWSER_TESTS = "tests/browser/"
NO_BROWSER = (
    "BROWSER TESTS NOT RUN: there is no Chromium in CHROMIUM_PATH, of Debian's or of Playwright's own. "
    "REQUIRE_BROWSER=1 makes this a failure."
)


def pytest_configure() -> None:
    """Where a browser is required, do not begin without: the process that collects is too late to say so plainly."""
    if browser_is_required() and find_chromium() is None:
        raise pytest.UsageError(NO_BROWSER)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the browser tests where there is no browser; see ``pytest_terminal_summary``."""
    in_browser = [item for item in items if item.nodeid.startswith(BROWSER_TESTS)]
    if in_browser and find_chromium() is None:
        config.hook.pytest_deselected(items=in_browser)
        items[:] = [item for item in items if item not in in_browser]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was left out: it would look as if it had passed."""
    if find_chromium() is None:
        terminalreporter.write_line(NO_BROWSER, red=True, bold=True)
