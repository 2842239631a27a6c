"""What there is one of at a time is so by the database itself, however the rows got there."""

from pathlib import Path

import pytest

from subtui.acts.tickets import FileCall
from subtui.domain.errors import FileProblem
from subtui.domain.requests import CallDraft
from subtui.storage.seed import read_seed
from tests.seeds import small_seed, write_seed

from .asking import TODAY, ask, desk_on
from .database import rows, run

_COPY = "INSERT INTO cancellation_request ({columns}) SELECT {columns} FROM cancellation_request WHERE id = {request}"


def copy_request(path: Path, request_id: int) -> None:
    """Write the ticket a second time, behind the program's back."""
    (row,) = rows(path, "SELECT * FROM cancellation_request WHERE id = ?", request_id)
    names = ", ".join(f'"{name}"' for name in row if name != "id")
    run(path, _COPY.format(columns=names, request=request_id))


def test_a_second_cancellation_does_not_stand_beside_the_first(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY) as backend:
        number = ask(backend).id
    with pytest.raises(Exception, match=r"(?i)unique"):
        copy_request(demo_db, number)
    run(demo_db, "UPDATE cancellation_request SET standing = 'withdrawn' WHERE kind = 'cancellation'")
    copy_request(demo_db, number)


def test_a_user_has_one_open_call(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as backend:
        call = backend.do(FileCall(CallDraft("602 555 0199"))).request
    with pytest.raises(Exception, match=r"(?i)unique"):
        copy_request(demo_db, call.id)


def test_a_seed_with_two_is_refused_with_a_sentence(tmp_path: Path) -> None:
    seed = small_seed()
    ticket = {
        "id": 1, "kind": "cancellation", "standing": "open", "requested_by_id": 1, "requested_on": "2026-03-01",
        "recorded_at": "2026-03-01T10:00:00Z", "answer_due": "2026-03-03", "subject": "Cancel the account",
    }  # fmt: skip
    seed["requests"] = [ticket, ticket | {"id": 2}]
    with pytest.raises(FileProblem) as refused:
        read_seed(write_seed(tmp_path, seed))
    assert "another cancellation is open already" in str(refused.value)
