"""A process that opens a desk, says so, and asks to end the account as soon as it is told to; it says what it got."""

import sys
from datetime import date

from subtui.clock import Clock
from subtui.domain.requests import CancellationDraft, ContactDetails
from subtui.services.desk import Desk


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> None:
    path, who = sys.argv[1:]
    draft = CancellationDraft(ContactDetails("owner@demo.example"), "too_expensive", acknowledged=True)
    with Desk.open(path, clock=Clock(date(2026, 3, 2))) as desk:
        desk.sign_in_demo(who)
        found = desk.preview_cancellation(draft).found
        say("ready")
        sys.stdin.readline()
        filed = desk.request_cancellation(draft, expected=found)
        say("opened" if filed.existing else "asked", filed.request.ticket)


if __name__ == "__main__":
    main()
