"""Every declared act and query: handled, permitted, refused in read-only mode, logged, refused on older versions."""

import inspect
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from subtui.acts.act import Act, Query
from subtui.acts.contacts import RememberOpened
from subtui.acts.keap import (
    CheckKeap,
)
from subtui.acts.saved_views import RemoveView, SaveView
from subtui.acts.subscriptions import (
    ExpireDue,
)
from subtui.clock import Clock
from subtui.domain.errors import NotAllowed, Refused
from subtui.domain.permissions import Role, allowed
from subtui.services.backend import Backend
from subtui.services.registry import every_request, handler_of

from .asking import TODAY, desk_on
from .database import everything, rows, run
from .valid_acts import VALID as VALID_HERE
from .valid_batch_acts import VALID_BATCH
from .valid_keap_acts import VALID_KEAP, end_servers

REQUESTS = tuple(every_request())
ACTS = tuple(kind for kind in REQUESTS if issubclass(kind, Act))
QUERIES = tuple(kind for kind in REQUESTS if issubclass(kind, Query))
BESIDE_THE_RECORD = (RememberOpened, CheckKeap, SaveView, RemoveView)
"""Acts that write no table of the record, and so no log entry."""


@pytest.fixture(autouse=True)
def _servers_end() -> Iterator[None]:
    yield
    end_servers()


VALID = VALID_HERE | VALID_BATCH | VALID_KEAP


def name_of(kind: type) -> str:
    return kind.__name__


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
