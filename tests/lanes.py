"""Which tests are slow: those that start the program many times, in a terminal or in processes of their own.

`pytest -m "not slow"` leaves them out; everything else runs the whole suite. A file stands here when a test of it takes
more than 0.2 s of CPU on average, a single test of another file when it takes more than about 0.8 s. A few files of
screens stay in the fast lane, so that a screen that does not start is noticed there.
"""

from pathlib import Path

SQLITE, POSTGRESQL = "sqlite", "postgresql"

SLOW_FOLDERS = ("tests/app", "tests/testing", "tests/flows")
"""Folders whose files are slow, but for those in `FAST_FILES`."""

FAST_FILES = frozenset(
    {
        "tests/app/test_documented_path.py",
        "tests/app/test_sign_in.py",
        "tests/flows/test_gallery.py",
        "tests/flows/test_pictures.py",
        "tests/flows/test_reading.py",
        "tests/testing/test_differences.py",
        "tests/testing/test_report.py",
        "tests/testing/test_sheet.py",
    }
)

SLOW_FILES = frozenset(
    {
        *(f"tests/cli/test_{name}.py" for name in ("demo", "flows", "lost_answers", "refunds_half_done", "snapshot")),
        "tests/services/test_atomic.py",
        "tests/services/test_atomic_requests.py",
        "tests/services/test_data_export.py",
        "tests/services/test_data_export_keap.py",
        "tests/services/test_data_import_faults.py",
        "tests/services/test_refund_races.py",
        *(f"tests/services/keap/test_{name}.py" for name in ("killed_pulls", "random_histories", "random_sendings")),
        "tests/services/keap/test_pulling.py",
        "tests/tabular/test_limits.py",
        "tests/storage/test_killed.py",
        "tests/made_data/test_made_data.py",
        "tests/storage/test_migrating.py",
        "tests/storage/test_read_only.py",
        "tests/test_architecture.py",
        "tests/test_random_keys.py",
        "tests/test_wheel.py",
    }
)

SLOW_TESTS = frozenset(
    {
        "tests/cli/test_importing.py::test_without_a_terminal",
        "tests/cli/test_orders.py::test_every_order_of_the_demo_that_returned_something_can_be_printed",
        "tests/cli/test_starting.py::test_a_terminal_that_lacks_a_character",
        "tests/domain/test_ledger.py::TestAnyOrder::runTest",
        "tests/services/test_saving.py::test_every_active_subscription_of_the_demo_can_be_cancelled_from_its_preview",
        "tests/services/test_sign_in.py::test_the_wait_passes_on_a_day_that_stands_still",
        "tests/storage/test_database.py::test_a_first_run_that_is_killed_leaves_nothing_that_opens",
        "tests/storage/test_database.py::test_two_processes_that_make_the_same_database_share_one",
    }
)


def is_slow(nodeid: str) -> bool:
    """Whether a test is left out of the fast lane; `nodeid` as pytest writes it, from the root of the project."""
    file = nodeid.partition("::")[0]
    if file in FAST_FILES:
        return False
    if f"[{POSTGRESQL}" in nodeid:
        return True
    in_slow_folder = any(Path(file).is_relative_to(folder) for folder in SLOW_FOLDERS)
    return in_slow_folder or file in SLOW_FILES or nodeid.partition("[")[0] in SLOW_TESTS


ON_BOTH = ("tests/services/",)
"""Where the tests can run on every kind of database: the beginnings of their paths."""

ABOUT_RULES = frozenset(
    f"tests/services/test_{name}.py"
    for name in (
        *("account_cancellation_refusals", "account_settings", "calls", "refund_limits", "refund_refusals", "tickets"),
        *("approvals_not_given", "who_may", "account_withdrawing", "account_meanwhile", "account_cancellation"),
        *("payments", "refund_corrections", "refund_parts", "sign_in", "users", "verifying"),
        *(
            f"data_import_{about}"
            for about in (
                *("archives", "bills", "columns", "contacts", "currencies", "dates", "doubles", "log", "money"),
                *("paid_through", "spreadsheets", "subscriptions", "workbooks"),
            )
        ),
    )
)
"""Files of these about rules and files more than about the database: on a server only where a run asks for it."""


def databases_of(nodeid: str, asked: str) -> tuple[str, ...]:
    """The kinds of database that a test runs on, of those that a run asks for."""
    wanted = tuple(asked.split(",")) if asked else (SQLITE, POSTGRESQL)
    both = nodeid.startswith(ON_BOTH) and (asked or nodeid.partition("::")[0] not in ABOUT_RULES)
    return tuple(kind for kind in wanted if kind == SQLITE or both) or (SQLITE,)
