"""One valid act of each kind: who does it, and what makes it from a database and the backend of that user."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from subtui.acts.account import GetSettings, MarkDrill, SaveSettings
from subtui.acts.act import Act
from subtui.acts.contact_edits import GetContactForm, SaveContact, UndoContactChange
from subtui.acts.contact_merges import MergeContacts, PreviewMerge, UnmergeContact
from subtui.acts.contacts import RememberOpened
from subtui.acts.data import ExportChanges, ExportData, ExportList, ImportFiles
from subtui.acts.notes import AddNote, UndoNote
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
from subtui.acts.saved_views import RemoveView, SaveView
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
from subtui.domain.cancellation import draft_of
from subtui.domain.event_types import Subject, SubjectType
from subtui.domain.ledger import RowKind
from subtui.domain.pauses import PauseDraft
from subtui.domain.permissions import Role
from subtui.domain.requests import CallDraft, ContactDetails, Direction, QuestionDraft, Standing, Topic
from subtui.domain.saved_views import Listing
from subtui.domain.users import Seen
from subtui.services.backend import Backend
from subtui.views.exports import ExportOptions
from subtui.views.imports import ImportOptions
from subtui.views.orders import PaymentDraft, RefundDraft

from .approving import ask as ask_for_approval
from .asking import DRAFT, TODAY, as_typed, desk_on
from .database import folder_for, rows, run
from .ordering import ADMIN, AGENT, MONTHLY, OWNER, PAYMENT, SUBSCRIPTION, UNPAID, refund, usd

CONTACT, OTHER_CONTACT = 1007, 1002
QUESTION = 1003
"""An open ticket of another user in the demo."""


def save_subscription(path: Path, backend: Backend) -> Act[Any]:
    record = backend.read(GetSubscription(SUBSCRIPTION))
    return SaveSubscription(SUBSCRIPTION, replace(draft_of(record.terms), quantity=2), version=record.version)


def save_pause(_db: Path, backend: Backend) -> SavePause:
    return SavePause(SUBSCRIPTION, PauseDraft(), version=backend.read(GetSubscription(SUBSCRIPTION)).version)


def save_contact(_db: Path, backend: Backend) -> SaveContact:
    form = backend.read(GetContactForm(CONTACT))
    return SaveContact(CONTACT, replace(form.draft, email="new@bluedoor.example"), version=form.version)


def undo_contact(db: Path, backend: Backend) -> UndoContactChange:
    backend.do(save_contact(db, backend))
    return UndoContactChange(CONTACT, version=backend.read(GetContactForm(CONTACT)).version)


def merge_contacts(_db: Path, backend: Backend) -> MergeContacts:
    seen = backend.read(PreviewMerge(CONTACT, OTHER_CONTACT))
    return MergeContacts(CONTACT, OTHER_CONTACT, version=seen.version, duplicate_version=seen.duplicate_version)


def unmerge_contact(db: Path, backend: Backend) -> UnmergeContact:
    backend.do(merge_contacts(db, backend))
    return UnmergeContact(OTHER_CONTACT)


def undo_note(_db: Path, backend: Backend) -> UndoNote:
    subject = Subject(SubjectType.ORDER, MONTHLY)
    backend.do(AddNote(subject, "A word"))
    return UndoNote(subject)


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


VALID: dict[type, tuple[str, Callable[[Path, Backend], Act[Any]]]] = {
    SaveSubscription: (AGENT, save_subscription),
    SavePause: (AGENT, save_pause),
    UndoCancellation: (AGENT, undo),
    ExpireDue: (AGENT, expire),
    NoteRefund: (AGENT, note_refund),
    RememberOpened: (AGENT, lambda _path, _backend: RememberOpened(1001)),
    UndoNote: (AGENT, undo_note),
    AddNote: (AGENT, lambda _path, _backend: AddNote(Subject(SubjectType.ORDER, MONTHLY), "A word")),
    MergeContacts: (ADMIN, merge_contacts),
    UnmergeContact: (ADMIN, unmerge_contact),
    SaveContact: (AGENT, save_contact),
    UndoContactChange: (AGENT, undo_contact),
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
    ExportData: (AGENT, lambda path, _backend: ExportData(folder_for(path) / "out", ExportOptions())),
    SaveView: (AGENT, lambda _path, _backend: SaveView("Mine", Listing.SUBSCRIPTIONS)),
    RemoveView: (AGENT, lambda _path, backend: RemoveView(backend.do(SaveView("Mine", Listing.SUBSCRIPTIONS)).id)),
    ExportList: (AGENT, lambda path, _: ExportList(folder_for(path) / "list.csv", "Orders", ("Id",), (("1",),))),
    ExportChanges: (AGENT, lambda path, _backend: ExportChanges(folder_for(path) / "changes.csv")),
}
