"""Many subscriptions at once from the command line: the dry run, the count to name, the batches."""

from .conftest import Shell
from .small_seed import ACTIVE

CANCEL = ("batch", "cancel", "status:active", "--end-date", "paid", "--reason", "too_expensive")


def refusal(shell: Shell, *args: str) -> str:
    """The sentence by which a rule refuses a command."""
    result = shell.run(*args)
    assert result.exit_code == 1
    return result.stderr


def test_a_dry_run_writes_nothing_and_says_what_would_be_done(shell: Shell) -> None:
    said = shell.says(*CANCEL, "--dry-run")
    assert "will be done" in said
    assert "Inactive, access until" in said
    told = shell.answers(*CANCEL, "--dry-run")["dry_run"]
    assert told["done"] >= 1
    assert shell.answers("batch", "list") == {"batches": []}


def test_without_the_count_nothing_is_done(shell: Shell) -> None:
    count = shell.answers(*CANCEL, "--dry-run")["dry_run"]["done"]
    for options in ((), ("--yes", str(count + 1))):
        assert f"--yes {count}" in refusal(shell, *CANCEL, *options)
    assert shell.answers("batch", "list") == {"batches": []}


def test_from_the_batch_to_its_undo(shell: Shell) -> None:
    named = ("batch", "cancel", "--ids", str(ACTIVE), "--end-date", "paid", "--reason", "unused")
    done = shell.answers(*named, "--yes", "1")
    assert done["batch"]["summary"]["standing"] == "done"
    assert "Already Inactive." in shell.says(*named, "--dry-run")
    assert "done · 1 done" in shell.says("batch", "show", "1")
    assert "Cancel: 1 named subscription" in shell.says("batch", "list")
    assert "Cancel: 1 named subscription" in shell.says("show", "/batches")
    assert "done · 1 done" in shell.says("show", "/batches/1")
    assert shell.says("batch", "undo", "1").startswith("Undone: 1 subscription.")
    assert "nothing left" in refusal(shell, "batch", "resume", "1")
    assert "nothing left" in refusal(shell, "batch", "drop", "1")


def test_pausing_some(shell: Shell) -> None:
    done = shell.answers("batch", "pause", "--ids", str(ACTIVE), "--until", "2026-06-01", "--yes", "1")
    assert done["batch"]["draft"]["resumes_on"] == "2026-06-01"
    assert "Paused" in shell.says("show", f"/subscriptions/{ACTIVE}")
