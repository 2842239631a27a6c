"""A process that cancels and undoes until its server is gone for good, and says how many of its acts were answered."""

import itertools
import sys
import time
from dataclasses import replace
from datetime import date

from subtui.acts.subscriptions import GetSubscription, SaveSubscription, UndoCancellation
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import Refused, StorageProblem
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend

LONGEST = 8.0
"""Seconds after which it stops, should the server have come back before anything was noticed."""

SUBSCRIPTIONS = (1038, 1040, 1042, 1043, 1045, 1049)


def act(backend: Backend, number: int) -> None:
    """Cancel an active subscription, or undo that."""
    record = backend.read(GetSubscription(number))
    if record.terms.ending.status is Status.ACTIVE:
        ending = replace(
            draft_of(record.terms), status=Status.INACTIVE, end_date=date(2026, 3, 14), reason_code="unused"
        )
        backend.do(SaveSubscription(number, ending, version=record.version))
    else:
        backend.do(UndoCancellation(number, version=record.version))


def main() -> None:
    """Act on two subscriptions of one's own, until the connection is lost in a way that is not mended."""
    place, at = sys.argv[1], int(sys.argv[2])
    answered = 0
    backend = Backend.open(place, clock=Clock(date(2026, 3, 2)))
    backend.sign_in_demo("agent")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    until = time.monotonic() + LONGEST
    for number in itertools.cycle(SUBSCRIPTIONS[2 * at : 2 * at + 2]):
        if time.monotonic() > until:
            break
        try:
            act(backend, number)
        except (StorageProblem, Refused):
            break
        answered += 1
    sys.stdout.write(f"{answered}\n")


if __name__ == "__main__":
    main()
