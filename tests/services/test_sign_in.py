"""Signing in: the same answer for a wrong password and an unknown person, and a wait after five misses."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from subtui.acts.log import ListEvents, VerifyLog
from subtui.acts.users import AddUser
from subtui.clock import Clock
from subtui.domain.errors import NotAllowed, Refused, SignInRefused, WrongInput
from subtui.domain.permissions import Role
from subtui.services import sign_in
from subtui.services.backend import Backend
from subtui.services.sign_in import DEMO_PASSWORD
from tests.seeds import small_seed, write_seed

from .database import changed_tables, everything, rows

START = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
MISMATCH = "That e-mail and password do not match."


def desk_at(path: Path, instant: datetime = START, *, read_only: bool = False) -> Backend:
    return Backend.open(str(path), clock=Clock(instant), read_only=read_only)


def miss(path: Path, email: str, instant: datetime = START) -> str:
    with desk_at(path, instant) as backend, pytest.raises(SignInRefused) as refused:
        backend.sign_in(email, "wrong password")
    return str(refused.value)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords compared without argon2, which takes its time on purpose; returns the hashes that were asked."""
    asked: list[str] = []

    def matches(stored: str, password: str) -> bool:
        asked.append(stored)
        return password == DEMO_PASSWORD and stored != sign_in._NOBODY

    monkeypatch.setattr(sign_in, "_matches", matches)
    return asked


@pytest.mark.parametrize("email", ["agent@demo.example", "  Agent@Demo.Example "])
def test_the_right_password_signs_in(demo_db: Path, email: str) -> None:
    with desk_at(demo_db) as backend:
        person = backend.sign_in(email, DEMO_PASSWORD)
        assert (person.name, person.role) == ("Dana Reyes", Role.AGENT)
        assert backend.person == person


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("agent@demo.example", "wrong"),
        ("agent@demo.example", ""),
        ("agent@demo.example", "Demo"),
        ("nobody@demo.example", DEMO_PASSWORD),
        ("", ""),
        ("' OR 1=1 --", "x"),
    ],
)
def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(demo_db: Path, email: str, password: str) -> None:
    with desk_at(demo_db) as backend:
        with pytest.raises(SignInRefused) as refused:
            backend.sign_in(email, password)
        assert backend.person is None
    assert str(refused.value) == MISMATCH


def test_an_unknown_person_takes_as_long_as_a_known_one(demo_db: Path, quick: list[str]) -> None:
    miss(demo_db, "nobody@demo.example")
    miss(demo_db, "agent@demo.example")
    unknown, known = quick
    assert unknown.rsplit("$", 2)[0] == known.rsplit("$", 2)[0], "the same algorithm and the same cost"
    hasher = PasswordHasher()
    assert not hasher.check_needs_rehash(unknown)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("email", ["agent@demo.example", "nobody@demo.example"])
def test_five_misses_make_one_wait_and_the_wait_ends(demo_db: Path, email: str) -> None:
    assert [miss(demo_db, email) for _ in range(5)] == [MISMATCH] * 5
    assert miss(demo_db, email) == "Too many failed sign-ins. Wait 30 seconds, then try again."
    later = START + timedelta(seconds=20)
    assert miss(demo_db, email.upper(), later) == "Too many failed sign-ins. Wait 10 seconds, then try again."
    assert miss(demo_db, email, START + timedelta(seconds=30)) == MISMATCH


@pytest.mark.usefixtures("quick")
def test_the_right_password_waits_too(demo_db: Path) -> None:
    for _ in range(5):
        miss(demo_db, "agent@demo.example")
    with desk_at(demo_db) as backend, pytest.raises(SignInRefused, match="Wait 30 seconds"):
        backend.sign_in("agent@demo.example", DEMO_PASSWORD)


@pytest.mark.usefixtures("quick")
def test_another_person_does_not_wait(demo_db: Path) -> None:
    for _ in range(5):
        miss(demo_db, "agent@demo.example")
    with desk_at(demo_db) as backend:
        assert backend.sign_in("admin@demo.example", DEMO_PASSWORD).role is Role.ADMIN


@pytest.mark.usefixtures("quick")
def test_every_further_miss_doubles_the_wait_up_to_a_quarter_of_an_hour(demo_db: Path) -> None:
    for _ in range(4):
        miss(demo_db, "agent@demo.example")
    instant, waits = START, []
    for _ in range(8):
        miss(demo_db, "agent@demo.example", instant)
        (stored,) = rows(demo_db, "SELECT wait_until FROM sign_in_miss")
        until = datetime.fromisoformat(stored["wait_until"]).replace(tzinfo=UTC)
        waits.append((until - instant).total_seconds())
        instant = until
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


@pytest.mark.usefixtures("quick")
def test_a_success_forgets_the_misses(demo_db: Path) -> None:
    for _ in range(4):
        miss(demo_db, "agent@demo.example")
    with desk_at(demo_db) as backend:
        backend.sign_in("agent@demo.example", DEMO_PASSWORD)
    assert rows(demo_db, "SELECT * FROM sign_in_miss") == []
    assert miss(demo_db, "agent@demo.example") == MISMATCH


@pytest.mark.usefixtures("quick")
def test_a_wait_is_in_the_log_and_a_single_miss_is_not(demo_db: Path) -> None:
    entries = len(rows(demo_db, "SELECT id FROM event"))
    for _ in range(4):
        miss(demo_db, "agent@demo.example")
    assert len(rows(demo_db, "SELECT id FROM event")) == entries
    miss(demo_db, "agent@demo.example")
    with desk_at(demo_db) as backend:
        backend.sign_in_demo()
        newest = backend.read(ListEvents(limit=1))[0]
        assert (newest.title, newest.actor) == ("Sign-in temporarily blocked", "system")
        assert backend.read(VerifyLog()).broken is None


@pytest.mark.usefixtures("quick")
def test_read_only_mode_signs_in_and_refuses_and_writes_nothing(demo_db: Path) -> None:
    miss(demo_db, "agent@demo.example")
    before = everything(demo_db)
    with desk_at(demo_db, read_only=True) as backend:
        with pytest.raises(SignInRefused, match=MISMATCH):
            backend.sign_in("agent@demo.example", "wrong")
        assert backend.sign_in("agent@demo.example", DEMO_PASSWORD).role is Role.AGENT
    assert everything(demo_db) == before


@pytest.mark.parametrize(
    ("who", "name"),
    [
        (None, "Dana Reyes"),
        ("viewer", "Imani Brooks"),
        ("admin", "Theo Lindqvist"),
        ("owner", "Ruth Hollis"),
        ("newadmin@demo.example", "Callum Frost"),
    ],
)
def test_a_demo_account_needs_no_password(demo_db: Path, who: str | None, name: str) -> None:
    with desk_at(demo_db) as backend:
        assert backend.sign_in_demo(who).name == name


def test_there_are_demo_accounts_on_demo_data_only(tmp_path: Path) -> None:
    seed = small_seed()
    del seed["day"]
    with Backend.open(str(tmp_path / "real.db"), seed=write_seed(tmp_path, seed)) as backend:
        for who in (None, "owner", "owner@shop.example"):
            with pytest.raises(NotAllowed):
                backend.sign_in_demo(who)


def test_an_unknown_demo_account_is_refused_by_name(demo_db: Path) -> None:
    with desk_at(demo_db) as backend, pytest.raises(NotAllowed, match="There is no demo account “bob"):
        backend.sign_in_demo("bob@demo.example")


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    Backend.open(str(path), empty=True).close()
    return path


@pytest.fixture
def empty_db(empty_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty_file, tmp_path / "empty.db"))


def test_the_first_user_is_the_owner_and_needs_nobodys_permission(empty_db: Path) -> None:
    with desk_at(empty_db) as backend:
        assert not backend.session_info().has_users
        with pytest.raises(Refused, match="The first user must be the owner"):
            backend.do(AddUser(email="ann@shop.example", name="Ann", role=Role.AGENT, password="long enough"))
        backend.do(AddUser(email="ann@shop.example", name="Ann", role=Role.OWNER, password="long enough"))
        assert backend.session_info().has_users
        assert backend.sign_in("ann@shop.example", "long enough").role is Role.OWNER
        assert backend.read(ListEvents(limit=1))[0].title == "User added"
    stored = rows(empty_db, "SELECT password_hash FROM user")[0]["password_hash"]
    assert stored.startswith("$argon2id$")
    assert "long enough" not in str(everything(empty_db))


def test_only_the_first_user_is_added_by_nobody(empty_db: Path) -> None:
    with desk_at(empty_db) as backend:
        backend.do(AddUser(email="ann@shop.example", name="Ann", role=Role.OWNER, password="long enough"))
        with pytest.raises(NotAllowed, match="Sign in first"):
            backend.do(AddUser(email="bob@shop.example", name="Bob", role=Role.OWNER, password="long enough"))


@pytest.mark.parametrize("role", [Role.AGENT, Role.VIEWER])
def test_agents_and_viewers_add_nobody(desk_as: Callable[[Role], Backend], role: Role) -> None:
    with pytest.raises(NotAllowed, match="cannot manage users"):
        desk_as(role).do(AddUser(email="bob@shop.example", name="Bob", role=Role.AGENT, password="long enough"))


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("bob", "long enough", "is not an e-mail address"),
        ("bob @shop.example", "long enough", "is not an e-mail address"),
        (f"{'b' * 200}@shop.example", "long enough", "is not an e-mail address"),
        ("bob@shop.example", "short", "at least 8 characters"),
        ("AGENT@demo.example", "long enough", "User AGENT@demo.example already exists"),
    ],
)
def test_what_a_new_user_takes(
    desk_as: Callable[[Role], Backend], demo_db: Path, email: str, password: str, words: str
) -> None:
    backend = desk_as(Role.ADMIN)
    before = everything(demo_db)
    with pytest.raises(WrongInput, match=words):
        backend.do(AddUser(email=email, name="Bob", role=Role.AGENT, password=password))
    assert everything(demo_db) == before


def test_an_admin_adds_a_user_with_its_entry_in_the_log(desk_as: Callable[[Role], Backend], demo_db: Path) -> None:
    backend = desk_as(Role.ADMIN)
    before = everything(demo_db)
    backend.do(AddUser(email="bob@shop.example", name="Bob", role=Role.AGENT, password="long enough"))
    assert changed_tables(before, everything(demo_db)) == {"user", "event"}
    newest = backend.read(ListEvents(limit=1))[0]
    assert (newest.title, newest.actor) == ("User added", "Theo Lindqvist")


def test_an_admin_cannot_make_an_owner(desk_as: Callable[[Role], Backend]) -> None:
    with pytest.raises(NotAllowed, match=r"^Only an owner can add another owner\.$"):
        desk_as(Role.ADMIN).do(AddUser(email="bob@shop.example", name="Bob", role=Role.OWNER, password="long enough"))
    added = desk_as(Role.OWNER).do(
        AddUser(email="bob@shop.example", name="Bob", role=Role.OWNER, password="long enough")
    )
    assert added.role is Role.OWNER


def test_the_wait_passes_on_a_day_that_stands_still(demo_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's clock stands; whoever missed five times there must not wait for ever."""
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    with Backend.open(str(demo_db)) as backend:
        monkeypatch.setattr(Clock, "ticking", lambda _clock: at)
        for _ in range(5):
            with pytest.raises(SignInRefused):
                backend.sign_in("agent@demo.example", "wrong")
        with pytest.raises(SignInRefused, match="Wait 30 seconds"):
            backend.sign_in("agent@demo.example", DEMO_PASSWORD)
        monkeypatch.setattr(Clock, "ticking", lambda _clock: at + timedelta(seconds=31))
        assert backend.sign_in("agent@demo.example", DEMO_PASSWORD).email == "agent@demo.example"


def test_a_clock_on_a_date_stands_and_ticks() -> None:
    clock = Clock(date(2026, 3, 2))
    assert clock.now("UTC") == clock.now("UTC")
    assert clock.ticking().date() != date(2026, 3, 2)
