"""Every declared act and query: handled, permitted, refused in read-only mode, logged, refused on older versions."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from subtui.acts.account import GetSettings, MarkDrill, SaveSettings
from subtui.acts.act import Act, Query
from subtui.acts.contacts import RememberOpened
from subtui.acts.data import ExportChanges, ExportData, ImportFiles
from subtui.acts.keap import (
    AllowKeapWriting,
    CheckKeap,
    ConnectKeap,
    DecideConflict,
    DisconnectKeap,
    GetOutboxEntry,
    ListOutbox,
    PullFromKeap,
    PushToKeap,
    StopPlans,
    TickOff,
)
from subtui.acts.orders import (
    AddPayment,
    ApproveRefund,
    CorrectRefund,
    DeclineRefund,
    GetOrder,
    ListWaitingRefunds,
    RecordRefund,
    SetReference,
)
from subtui.acts.subscriptions import (
    ExpireDue,
    GetSubscription,
    NoteRefund,
    SavePause,
    SaveSubscription,
    UndoCancellation,
)
from subtui.acts.tickets import (
    AskQuestion,
    CompleteCall,
    Correspond,
    DecideTicket,
    FileCall,
    GetTicket,
    RequestCancellation,
    WithdrawTicket,
)
from subtui.acts.users import (
    AddUser,
    ChangePassword,
    ChangeRole,
    ChoosePassword,
    DeactivateUser,
    EndSessions,
    GetUser,
    InviteUser,
    ReactivateUser,
    ResetPassword,
    VerifyUser,
)
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import NotAllowed, Refused
from subtui.domain.ledger import RowKind
from subtui.domain.pauses import PauseDraft
from subtui.domain.permissions import Role, allowed
from subtui.domain.requests import CallDraft, ContactDetails, Direction, QuestionDraft, Standing, Topic
from subtui.domain.users import Seen
from subtui.flows.keap import MockLine
from subtui.keap_mock import MockKeap
from subtui.services.backend import Backend
from subtui.services.registry import every_request, handler_of
from subtui.views.exports import ExportOptions
from subtui.views.imports import ImportOptions
from subtui.views.keap import Choice
from subtui.views.orders import PaymentDraft, RefundDraft

from .approving import ask as ask_for_approval
from .asking import DRAFT, TODAY, as_typed, desk_on
from .database import everything, folder_for, rows, run
from .keap_account import SUBSCRIPTION_THERE, connect, mock_of
from .ordering import ADMIN, AGENT, MONTHLY, OWNER, PAYMENT, SUBSCRIPTION, UNPAID, refund, usd

REQUESTS = tuple(every_request())
ACTS = tuple(kind for kind in REQUESTS if issubclass(kind, Act))
QUERIES = tuple(kind for kind in REQUESTS if issubclass(kind, Query))
BESIDE_THE_RECORD = (RememberOpened, CheckKeap)
"""Acts that write no table of the record, and so no log entry."""

QUESTION = 1003
"""An open ticket of another user in the demo."""


def name_of(kind: type) -> str:
    return kind.__name__


# --- one valid act of each kind ---------------------------------------------------------------------------------------


def save_subscription(path: Path, backend: Backend) -> Act[Any]:
    record = backend.read(GetSubscription(SUBSCRIPTION))
    return SaveSubscription(SUBSCRIPTION, replace(draft_of(record.terms), quantity=2), version=record.version)


def save_pause(_db: Path, backend: Backend) -> SavePause:
    return SavePause(SUBSCRIPTION, PauseDraft(), version=backend.read(GetSubscription(SUBSCRIPTION)).version)


def correct_refund(path: Path, backend: Backend) -> Act[Any]:
    refund(backend)
    order = backend.read(GetOrder(MONTHLY))
    return CorrectRefund(MONTHLY, newest_refund(path), version=order.version)


def set_reference(path: Path, backend: Backend) -> Act[Any]:
    refund(backend)
    return SetReference(MONTHLY, newest_refund(path), "R-1", version=backend.read(GetOrder(MONTHLY)).version)


def newest_refund(path: Path) -> int:
    (row,) = rows(path, "SELECT max(id) AS id FROM payment WHERE kind = 'refund'")
    return int(row["id"])


def approve(path: Path, backend: Backend) -> Act[Any]:
    ask_for_approval(path)
    (waiting,) = backend.read(ListWaitingRefunds())
    return ApproveRefund(waiting.id, version=waiting.version)


def decline(path: Path, backend: Backend) -> Act[Any]:
    ask_for_approval(path)
    (waiting,) = backend.read(ListWaitingRefunds())
    return DeclineRefund(waiting.id, "Agreed otherwise.", version=waiting.version)


def note_refund(path: Path, backend: Backend) -> Act[Any]:
    run(path, "UPDATE subscription SET end_date = '2026-03-31' WHERE id = 1042")
    return NoteRefund(SUBSCRIPTION)


def record_refund(path: Path, backend: Backend) -> Act[Any]:
    draft = RefundDraft(PAYMENT, "a key", usd("10"), reason_code="duplicate")
    return RecordRefund(MONTHLY, draft, version=backend.read(GetOrder(MONTHLY)).version)


def add_payment(path: Path, backend: Backend) -> Act[Any]:
    draft = PaymentDraft(RowKind.CHARGE, "a key", usd("10"), method="Check")
    return AddPayment(UNPAID, draft, version=backend.read(GetOrder(UNPAID)).version)


def complete_call(path: Path, backend: Backend) -> Act[Any]:
    with desk_on(path, TODAY, AGENT) as agent:
        ticket = agent.do(FileCall(CallDraft("602 555 0163"))).request
    return CompleteCall(ticket.id, DRAFT, version=ticket.version)


def withdraw(path: Path, backend: Backend) -> Act[Any]:
    ticket = backend.do(AskQuestion(QuestionDraft(ContactDetails(OWNER), Topic.OTHER, "A word", "Is it?"))).request
    return WithdrawTicket(ticket.id, version=ticket.version)


def decide(path: Path, backend: Backend) -> Act[Any]:
    return DecideTicket(QUESTION, Standing.ANSWERED, version=backend.read(GetTicket(QUESTION)).version)


def save_settings(path: Path, backend: Backend) -> Act[Any]:
    view = backend.read(GetSettings())
    return SaveSettings(as_typed(view, phone="+1 602-555-0188"), version=view.version)


def import_files(path: Path, backend: Backend) -> Act[Any]:
    file = folder_for(path) / "contacts.csv"
    file.write_text("Id,First Name,Last Name,Email\n71204,Pat,Lee,pat@example.com\n")
    return ImportFiles([file], ImportOptions())


def undo(path: Path, backend: Backend) -> Act[Any]:
    return UndoCancellation(1047, version=backend.read(GetSubscription(1047)).version)


def mark_drill(path: Path, backend: Backend) -> Act[Any]:
    run(path, "UPDATE account SET demo_day = NULL")
    return MarkDrill()


def expire(path: Path, backend: Backend) -> Act[Any]:
    run(path, "UPDATE subscription SET end_date = '2026-02-01' WHERE id = 1042")
    return ExpireDue()


NEW_ADMIN = 5
"""The demo's admin who is not verified."""


def seen(backend: Backend) -> Seen:
    return backend.read(GetUser(NEW_ADMIN)).seen


def reactivate(path: Path, backend: Backend) -> Act[Any]:
    backend.do(DeactivateUser(NEW_ADMIN, "Away", seen=seen(backend)))
    return ReactivateUser(NEW_ADMIN, "Back", seen=seen(backend))


def end_sessions(path: Path, backend: Backend) -> Act[Any]:
    run(
        path,
        "INSERT INTO sign_in (user_id, email_key, at, outcome, program, seen_at) "
        "VALUES (5, 'n', '2026-03-02 09:00:00', 'signed_in', 'screens', '2026-03-02 09:00:00')",
    )
    return EndSessions(NEW_ADMIN, seen=seen(backend))


def choose_password(path: Path, backend: Backend) -> Act[Any]:
    made = backend.do(InviteUser(email="bo@demo.example", name="Bo", role=Role.AGENT))
    return ChoosePassword("bo@demo.example", made.code, "long enough")


_SERVERS: list[MockKeap] = []


@pytest.fixture(autouse=True)
def _servers_end() -> Iterator[None]:
    yield
    while _SERVERS:
        _SERVERS.pop().close()


def keap_of(path: Path) -> MockKeap:
    """A Keap with the demo's business, which ends with the test."""
    server = mock_of(path, TODAY).__enter__()
    _SERVERS.append(server)
    return server


def connected(path: Path) -> MockKeap:
    server = keap_of(path)
    with desk_on(path, TODAY, OWNER) as owner:
        connect(owner, server)
    return server


def connect_keap(path: Path, _backend: Backend) -> Act[Any]:
    server = keap_of(path)
    return ConnectKeap(server.base_url, MockLine(server))


def disconnect_keap(path: Path, _backend: Backend) -> Act[Any]:
    connected(path)
    return DisconnectKeap()


def forbid_writing(path: Path, _backend: Backend) -> Act[Any]:
    connected(path)
    return AllowKeapWriting(False)


def check_keap(path: Path, _backend: Backend) -> Act[Any]:
    return CheckKeap(MockLine(connected(path)))


def pull(path: Path, _backend: Backend) -> Act[Any]:
    server = connected(path)
    server.account.patch_subscription(SUBSCRIPTION_THERE, quantity=3)
    return PullFromKeap(MockLine(server))


def push(path: Path, backend: Backend) -> Act[Any]:
    server = connected(path)
    backend.do(save_subscription(path, backend))
    return PushToKeap(MockLine(server))


def decide_conflict(path: Path, backend: Backend) -> Act[Any]:
    server = connected(path)
    calls = MockLine(server)
    backend.do(PullFromKeap(calls))
    backend.do(save_subscription(path, backend))
    server.account.patch_subscription(SUBSCRIPTION_THERE, quantity=3)
    backend.do(PullFromKeap(calls))
    row = backend.read(ListOutbox())[0]
    return DecideConflict(row.id, Choice.OURS, version=backend.read(GetOutboxEntry(row.id)).version)


def tick_off(path: Path, backend: Backend) -> Act[Any]:
    connected(path)
    refund(backend)
    row = backend.read(ListOutbox())[0]
    return TickOff(row.id, version=backend.read(GetOutboxEntry(row.id)).version)


def stop_plans(path: Path, _backend: Backend) -> Act[Any]:
    connected(path)
    run(
        path,
        "UPDATE 'order' SET subscription_id = 1042 WHERE id = 1881",
        "INSERT INTO keap_object (kind, keap_id, body, read_at) SELECT 'charging_plan', keap_id, '{\"due\": []}',"
        " '2026-03-02 09:00:00' FROM 'order' WHERE id = 1881",
    )
    return StopPlans(SUBSCRIPTION)


VALID: dict[type, tuple[str, Callable[[Path, Backend], Act[Any]]]] = {
    SaveSubscription: (AGENT, save_subscription),
    SavePause: (AGENT, save_pause),
    UndoCancellation: (AGENT, undo),
    ExpireDue: (AGENT, expire),
    NoteRefund: (AGENT, note_refund),
    RememberOpened: (AGENT, lambda _path, _backend: RememberOpened(1001)),
    RecordRefund: (AGENT, record_refund),
    ApproveRefund: (ADMIN, approve),
    DeclineRefund: (ADMIN, decline),
    CorrectRefund: (AGENT, correct_refund),
    SetReference: (AGENT, set_reference),
    AddPayment: (AGENT, add_payment),
    RequestCancellation: (OWNER, lambda _path, _backend: RequestCancellation(DRAFT)),
    CompleteCall: (OWNER, complete_call),
    FileCall: (AGENT, lambda _path, _backend: FileCall(CallDraft("602 555 0163"))),
    AskQuestion: (
        AGENT,
        lambda _path, _backend: AskQuestion(QuestionDraft(ContactDetails(AGENT), Topic.OTHER, "A word", "Is it?")),
    ),
    Correspond: (ADMIN, lambda _path, _backend: Correspond(QUESTION, Direction.OUTGOING, "Yes.")),
    DecideTicket: (ADMIN, decide),
    WithdrawTicket: (OWNER, withdraw),
    SaveSettings: (OWNER, save_settings),
    MarkDrill: (OWNER, mark_drill),
    AddUser: (
        ADMIN,
        lambda _path, _backend: AddUser(email="a@b.example", name="A", role=Role.AGENT, password="long enough"),
    ),
    InviteUser: (ADMIN, lambda _path, _backend: InviteUser(email="a@b.example", name="A", role=Role.AGENT)),
    ResetPassword: (ADMIN, lambda _path, backend: ResetPassword(NEW_ADMIN, seen=seen(backend))),
    DeactivateUser: (ADMIN, lambda _path, backend: DeactivateUser(NEW_ADMIN, "Away", seen=seen(backend))),
    ReactivateUser: (ADMIN, reactivate),
    ChangeRole: (ADMIN, lambda _path, backend: ChangeRole(NEW_ADMIN, Role.AGENT, seen=seen(backend))),
    EndSessions: (ADMIN, end_sessions),
    ChangePassword: (AGENT, lambda _path, _backend: ChangePassword("demo", "long enough")),
    ChoosePassword: (ADMIN, choose_password),
    VerifyUser: (OWNER, lambda _path, _backend: VerifyUser("newadmin@demo.example")),
    ImportFiles: (ADMIN, import_files),
    ConnectKeap: (OWNER, connect_keap),
    DisconnectKeap: (OWNER, disconnect_keap),
    AllowKeapWriting: (OWNER, forbid_writing),
    CheckKeap: (ADMIN, check_keap),
    PullFromKeap: (AGENT, pull),
    PushToKeap: (AGENT, push),
    DecideConflict: (AGENT, decide_conflict),
    TickOff: (AGENT, tick_off),
    StopPlans: (AGENT, stop_plans),
    ExportData: (AGENT, lambda path, _backend: ExportData(folder_for(path) / "out", ExportOptions())),
    ExportChanges: (AGENT, lambda path, _backend: ExportChanges(folder_for(path) / "changes.csv")),
}


# --- the matrix -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", REQUESTS, ids=name_of)
def test_it_is_handled_by_a_function_that_says_so(kind: type) -> None:
    handler = handler_of(kind)
    taken = list(get_type_hints(handler, vars(inspect.getmodule(handler))).values())
    assert taken[1] is kind


def test_there_is_a_valid_act_of_every_kind() -> None:
    assert set(VALID) == set(ACTS)


@pytest.mark.parametrize("kind", ACTS, ids=name_of)
def test_a_valid_act_is_logged_once_committed(kind: type, demo_db: Path) -> None:
    who, make = VALID[kind]
    with desk_on(demo_db, TODAY, who) as backend:
        act = make(demo_db, backend)
        before = len(rows(demo_db, "SELECT id FROM event"))
        backend.do(act, route="/somewhere")
        entries = rows(demo_db, "SELECT actor, route FROM event ORDER BY id")[before:]
    if kind in BESIDE_THE_RECORD:
        assert entries == []
    elif kind is ExpireDue:
        assert entries
        assert {entry["actor"] for entry in entries} == {"system"}
    else:
        assert entries
        assert {entry["route"] for entry in entries} == {"/somewhere"}


@pytest.mark.parametrize("kind", [kind for kind in ACTS if kind not in BESIDE_THE_RECORD], ids=name_of)
def test_an_act_is_refused_in_read_only_mode(kind: type, demo_db: Path) -> None:
    who, make = VALID[kind]
    with desk_on(demo_db, TODAY, who) as backend:
        act, person = make(demo_db, backend), backend.person
    before = everything(demo_db)
    with Backend.open(str(demo_db), clock=Clock(TODAY), read_only=True) as looking:
        looking.person = person
        with pytest.raises(Refused, match="read-only"):
            looking.do(act)
    assert everything(demo_db) == before


@pytest.mark.parametrize("kind", [kind for kind in ACTS if "version" in get_type_hints(kind)], ids=name_of)
def test_an_act_on_an_older_version_writes_nothing(kind: type, demo_db: Path) -> None:
    who, make = VALID[kind]
    with desk_on(demo_db, TODAY, who) as backend:
        act: Any = make(demo_db, backend)
        before = everything(demo_db)
        with pytest.raises(Refused, match="changed"):
            backend.do(replace(act, version=act.version - 1))
    assert everything(demo_db) == before


NEEDS_PERMISSION = [kind for kind in REQUESTS if kind.permission is not None]


@pytest.mark.parametrize(("role", "verified"), list(product(Role, (True, False))))
def test_who_may(role: Role, verified: bool, demo_db: Path) -> None:
    """Every act and query, for one kind of user: refused exactly where the role may not, before anything is read."""
    run(demo_db, "UPDATE user SET verified = 1" if verified else "UPDATE user SET verified = 0")
    with desk_on(demo_db, date(2026, 3, 2), role.value) as backend:
        for kind in NEEDS_PERMISSION:
            permission = kind.permission
            assert permission is not None
            request = object.__new__(kind)  # no field of it is read before the permission is checked
            refused = False
            try:
                backend.do(request) if isinstance(request, Act) else backend.read(request)
            except NotAllowed:
                refused = True
            except Exception:  # it came as far as its fields
                refused = False
            assert refused is not allowed(role, permission, verified=verified), kind.__name__


def test_without_signing_in_nothing_is_shown_but_the_proof(demo_db: Path) -> None:
    with Backend.open(str(demo_db)) as backend:
        for kind in NEEDS_PERMISSION:
            request = object.__new__(kind)
            with pytest.raises(NotAllowed, match="Sign in first"):
                backend.do(request) if isinstance(request, Act) else backend.read(request)
