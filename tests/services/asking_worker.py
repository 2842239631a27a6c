"""A process that opens a backend, says so, asks to end the account when told to, and prints the answer."""

import sys
from datetime import date

from subtui.acts.tickets import PreviewCancellation, RequestCancellation
from subtui.clock import Clock
from subtui.domain.requests import CancellationDraft, ContactDetails
from subtui.services.backend import Backend


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> None:
    path, who = sys.argv[1:]
    draft = CancellationDraft(ContactDetails("owner@demo.example"), "too_expensive", acknowledged=True)
    with Backend.open(path, clock=Clock(date(2026, 3, 2))) as backend:
        backend.sign_in_demo(who)
        found = backend.read(PreviewCancellation(draft)).found
        say("ready")
        sys.stdin.readline()
        filed = backend.do(RequestCancellation(draft, expected=found))
        say("opened" if filed.existing else "asked", filed.request.ticket)


if __name__ == "__main__":
    main()
