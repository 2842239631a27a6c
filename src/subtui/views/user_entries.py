"""Users, their sessions and their attempts to sign in, as entries and as columns of lists."""

from collections.abc import Iterable

from subtui.domain.permissions import ROLE_WORDS, Role
from subtui.domain.plain_text import counted
from subtui.domain.sessions import OUTCOME_WORDS, Front, Outcome
from subtui.domain.users import UserAct, UserState
from subtui.views.entries import Entry, Heading, ListColumn, Paragraph, Term, instant_column, table, verified_words
from subtui.views.format import Format
from subtui.views.list_columns import EVENT_COLUMNS
from subtui.views.users import AttemptRow, SessionRow, UserActPreview, UserRecord, UserRow

SHOWN_ONCE = "This code is shown only once: pass it on now."
HOW_TO_USE = "They sign in with their e-mail and this code, and then choose a password."
FRONT_WORDS = {Front.SCREENS: "screens", Front.COMMAND: "command"}
_TONES = {
    UserState.ACTIVE: "good",
    UserState.INVITED: "",
    UserState.RESET: "warn",
    UserState.CODE_EXPIRED: "warn",
    UserState.DEACTIVATED: "muted",
}


def _muted(row: UserRow, _fmt: Format) -> str:
    return "muted" if row.state is UserState.DEACTIVATED else ""


def _here(row: UserRow) -> str:
    return "" if not row.here else "yes" if row.here == 1 else f"{row.here} times"


USER_COLUMNS: tuple[ListColumn[UserRow], ...] = (
    ListColumn("Name", 14, share=2, most=30, text=lambda row, _: row.name, tone=_muted),
    ListColumn("E-mail", 16, share=3, most=40, drop=2, text=lambda row, _: row.email, tone=_muted),
    ListColumn("Role", 6, text=lambda row, _: row.role.value),
    ListColumn(
        "Verified",
        12,
        drop=3,
        text=lambda row, _: verified_words(row.verified),
        tone=lambda row, _: "" if row.verified else "muted",
    ),
    ListColumn("State", 14, text=lambda row, _: row.state.value, tone=lambda row, _: _TONES[row.state]),
    ListColumn("Last sign-in", 17, drop=1, text=lambda row, fmt: fmt.instant(row.last_sign_in) or "-"),
    ListColumn(
        "Here now", 8, text=lambda row, _: _here(row) or "-", tone=lambda row, _: "good" if row.here else "muted"
    ),
)

SESSION_COLUMNS: tuple[ListColumn[SessionRow], ...] = (
    ListColumn("Program", 8, drop=1, text=lambda row, _: FRONT_WORDS[row.program]),
    ListColumn("Machine", 12, share=2, most=30, text=lambda row, _: row.host or "-"),
    instant_column("Since", lambda row: row.since, drop=2),
    ListColumn(
        "Last seen",
        17,
        text=lambda row, fmt: "here now" if row.here else fmt.instant(row.seen_at),
        tone=lambda row, _: "good" if row.here else "muted",
    ),
    ListColumn("Where", 12, share=2, most=40, text=lambda row, _: "this session" if row.own else row.route or "-"),
)


def _outcome(row: AttemptRow, fmt: Format) -> str:
    if row.ended_at is None or not row.ended_by:
        return OUTCOME_WORDS[row.outcome]
    return f"{OUTCOME_WORDS[row.outcome]}; ended by {row.ended_by}, {fmt.instant(row.ended_at)}"


ATTEMPT_COLUMNS: tuple[ListColumn[AttemptRow], ...] = (
    instant_column("When", lambda row: row.at),
    ListColumn("Program", 8, drop=1, text=lambda row, _: FRONT_WORDS[row.program]),
    ListColumn("Machine", 12, share=1, most=30, drop=2, text=lambda row, _: row.host or "-"),
    ListColumn(
        "Result",
        20,
        share=2,
        most=60,
        text=_outcome,
        tone=lambda row, _: "" if row.outcome is Outcome.SIGNED_IN else "warn",
    ),
)
WHO_TRIED: ListColumn[AttemptRow] = ListColumn(
    "User", 16, share=2, most=40, text=lambda row, _: row.name or row.email or "-"
)
USER_EVENT_COLUMNS = tuple(column for column in EVENT_COLUMNS if column.label != "About")


def state_words(row: UserRow, fmt: Format) -> str:
    """The state of a user, and until when their code is valid."""
    until = fmt.instant(row.code_until)
    return f"{row.state.value}, code valid until {until}" if until and _waits(row) else row.state.value


def _waits(row: UserRow) -> bool:
    return row.state in (UserState.INVITED, UserState.RESET)


def user_headline(record: UserRecord, fmt: Format) -> Iterable[Entry]:
    """The name and the state."""
    user = record.user
    yield Paragraph(user.name, "strong")
    here = f" · here now{f' {user.here} times' if user.here > 1 else ''}" if user.here else ""
    yield Paragraph(state_words(user, fmt) + here, _TONES[user.state])


def user_facts(record: UserRecord, fmt: Format) -> Iterable[Entry]:
    """The facts of a user."""
    user = record.user
    yield Term("E-mail", user.email)
    yield Term("Role", f"{user.role.value}: {ROLE_WORDS[user.role]}")
    yield Term("Identity", verified_words(user.verified), "" if user.verified else "muted")
    yield Term("Password", f"changed {fmt.instant(record.password_changed_at)}" if record.password_changed_at else "")
    yield Term("Last sign-in", fmt.instant(user.last_sign_in) or "never")


def user_lists(record: UserRecord, fmt: Format) -> Iterable[Entry]:
    """The open sessions, the attempts to sign in, and the log."""
    yield Heading("Open sessions")
    yield table(SESSION_COLUMNS, record.sessions, fmt, empty="No open sessions")
    yield Heading("Sign-ins")
    yield table(ATTEMPT_COLUMNS, record.attempts, fmt, empty="No sign-ins yet")
    yield Heading("Log")
    yield table(USER_EVENT_COLUMNS, record.events, fmt, empty="No entries yet")


def user_entries(record: UserRecord, fmt: Format) -> Iterable[Entry]:
    """A user with everything."""
    yield from user_headline(record, fmt)
    yield from user_facts(record, fmt)
    yield from user_lists(record, fmt)


def users_line(rows: tuple[UserRow, ...]) -> str:
    """The counts above the list of users."""
    here = sum(bool(row.here) for row in rows)
    waiting = sum(_waits(row) for row in rows)
    words = [counted(len(rows), "user"), f"{here} here now"]
    return " · ".join([*words, f"{waiting} with a code to use"] if waiting else words)


def verify_lines(user: UserRow, *, verified: bool) -> tuple[str, ...]:
    """What marking a user as verified does, or taking it back."""
    if not verified:
        return (f"{user.name} can no longer manage users or cancel the account.",)
    return (
        f"You confirm that you know who {user.name} is.",
        "A verified owner or admin can manage users and cancel the account.",
    )


# --- what an act does -------------------------------------------------------------------------------------------------


def sessions_end(count: int) -> str:
    """The sentence that sessions will end; empty for none."""
    return f"{counted(count, 'open session')} {'ends' if count == 1 else 'end'} at once." if count else ""


def sessions_ended(count: int) -> str:
    """What follows the sentence of an act that has ended sessions."""
    return f" {counted(count, 'session')} ended." if count else ""


def preview_of(
    act: UserAct, user: UserRow, *, sessions: int, own: bool, code_until: str, role: Role | None
) -> UserActPreview:
    """What an act will do, in the words of its dialog. `code_until` is until when a code given now would be valid."""
    name = user.name
    pending = user.code_until is not None
    unsaved = "What is typed there and not saved is kept for them." if sessions else ""
    match act:
        case UserAct.DEACTIVATE:
            title, answer = f"Deactivate {name}?", "Deactivate"
            lines = [f"{name} can no longer sign in.", sessions_end(sessions), unsaved]
            lines.append("Their name stays in the record and the log. You can reactivate them.")
        case UserAct.REACTIVATE:
            title, answer = f"Reactivate {name}?", "Reactivate"
            how = "once you have given them a new code" if pending else "with their password"
            lines = [f"{name} can sign in again {how}, as {user.role}."]
        case UserAct.CHANGE_ROLE:
            title, answer = f"Change the role of {name}?", "Change"
            lines = [f"Now: {user.role}, {ROLE_WORDS[user.role]}."]
            if role is not None:
                title = f"Make {name} {_ARTICLES[role]}?"
                lines.append(f"Then: {role}, {ROLE_WORDS[role]}.")
            lines.append("It applies from their next step on, also where they are signed in now.")
        case UserAct.RESET_PASSWORD:
            title, answer = f"Reset the password of {name}?", "Reset"
            lines = ["Their password stops working.", sessions_end(sessions)]
            if pending:
                title, answer, lines = f"Give {name} a new code?", "New code", ["The earlier code stops working."]
            lines.append(f"You get a one-time code to pass on, valid until {code_until}.")
        case UserAct.END_SESSIONS:
            whose = "your other sessions" if own else f"the sessions of {name}"
            title, answer = f"End {whose}?", "End"
            lines = [sessions_end(sessions), "" if own else "They have to sign in again.", unsaved if not own else ""]
    return UserActPreview(title, tuple(line for line in lines if line), answer)


_ARTICLES = {Role.OWNER: "an owner", Role.ADMIN: "an admin", Role.AGENT: "an agent", Role.VIEWER: "a viewer"}
