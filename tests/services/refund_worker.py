"""A process that opens a backend, says so, and refunds an order as soon as it is told to; it says what it got."""

import sys
from datetime import date

from subtui.acts.orders import GetOrder, PreviewRefund, RecordRefund
from subtui.clock import Clock
from subtui.domain.errors import Refused
from subtui.services.backend import Backend

from .ordering import draft, payment_of


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> None:
    path, who, order_id, intent = sys.argv[1:]
    with Backend.open(path, clock=Clock(date(2026, 3, 2))) as backend:
        backend.sign_in_demo(who)
        order = backend.read(GetOrder(int(order_id)))
        form = draft(payment_of(order), intent)
        backend.read(PreviewRefund(order.id, form))
        say("ready")
        sys.stdin.readline()
        try:
            say("done:", backend.do(RecordRefund(order.id, form, version=order.version)).sentence)
        except Refused as error:
            say("refused:", error)


if __name__ == "__main__":
    main()
