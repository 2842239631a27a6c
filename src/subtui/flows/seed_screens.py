"""Finds the screens for which a seed file has a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from subtui.app.routes import PATTERNS, Route
from subtui.domain.errors import WrongInput
from subtui.domain.permissions import Role
from subtui.flows.states import DEMO_DAY, State
from subtui.flows.temp_db import require_seed
from subtui.storage.seed import read_seed
from subtui.storage.seed_format import Seed

Day = date | datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The data of the pictures, and its day. None is the demo data."""

    data: Path | None
    at: Day
    set_day: date | None = None
    """The day for a file without its own."""
    seed: Seed | None = None


def standing(data: Path | None, at: Day | None, *, otherwise: str = "say --at") -> Standing:
    """Read the data once. Raises WrongInput and FileProblem for a file that is invalid or has no day.

    `otherwise` names the other way to give a day.
    """
    require_seed(data)
    if data is None:
        return Standing(None, at or DEMO_DAY)
    seed = read_seed(data)
    if seed.day is not None:
        return Standing(data, at or seed.day, seed=seed)
    if at is None:
        raise WrongInput(f'{data} has no "day", so its pictures would change daily: add one, or {otherwise}.')
    return Standing(data, at, at.date() if isinstance(at, datetime) else at, seed)


def first_rows(seed: Seed, at: Day, who: str | None) -> tuple[tuple[State, ...], tuple[str, ...]]:
    """Every route with the first row of its kind, and the routes for which the file has no row.

    `who` is the signed-in user; None is the highest role in the file.
    """
    rows: dict[str, Sequence[int]] = {
        "contacts": [row.id for row in seed.contacts],
        "subscriptions": [row.id for row in seed.subscriptions],
        "orders": [row.id for row in seed.orders],
        "requests": [row.id for row in seed.requests],
        "users": [row.id for row in seed.users],
    }
    viewer = who or highest_role(seed)
    states, without = [], []
    for pattern in PATTERNS:
        number = None
        if "{id}" in pattern.address:
            number = next(iter(rows.get(pattern.address.split("/")[1], ())), None)
            if number is None:
                without.append(pattern.address)
                continue
        route = str(Route(pattern, number))
        signed_in = None if pattern.screen == "sign_in" else viewer
        states.append(State(pattern.screen, pattern.title, route, who=signed_in, at=at))
    return tuple(states), tuple(without)


def highest_role(seed: Seed) -> str:
    """The highest role among the users of the file. Raises WrongInput where it has no user."""
    roles = {user.role for user in seed.users}
    for role in Role:
        if role.value in roles:
            return role.value
    raise WrongInput("The file has no users, so no one can be signed in to show the screens.")
