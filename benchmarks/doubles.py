"""Two processes refund the same order at the same moment, many times: one of them does, each time.

`python -m benchmarks.doubles --rounds 1000 [--db URL]`
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import text

from benchmarks.agents import DAY
from subtui.acts.log import VerifyLog
from subtui.acts.orders import GetOrder, RecordRefund
from subtui.clock import Clock
from subtui.domain.errors import SubtuiError
from subtui.made_data import Wanted, generate
from subtui.services.backend import Backend
from subtui.storage.database import database_url, is_made
from subtui.views.orders import RefundDraft

_ORDERS = text(
    'SELECT o.id FROM "order" o WHERE o.refunded_minor = 0 AND o.received_minor = o.total_minor AND o.total_minor > 0'
    " AND 1 = (SELECT count(*) FROM payment p WHERE p.order_id = o.id) ORDER BY o.id LIMIT :rounds"
)


def work(place: str, number: int) -> None:
    """Refund each order that is named on a line, and say whether it was done."""
    with Backend.open(place, clock=Clock(DAY)) as backend:
        backend.sign_in_demo(("owner@demo.example", "admin@demo.example")[number])
        for line in sys.stdin:
            order = backend.read(GetOrder(int(line)))
            draft = RefundDraft(order.rows[0].id, f"{number}-{line.strip()}", reason_code="requested_by_customer")
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            sys.stdin.readline()
            try:
                backend.do(RecordRefund(order.id, draft, version=order.version))
                answer = "done"
            except SubtuiError as error:
                answer = f"refused {error}"
            sys.stdout.write(answer + "\n")
            sys.stdout.flush()


def main() -> None:
    """Run one process, or the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--db", default="")
    parser.add_argument("--one", type=int)
    asked = parser.parse_args()
    if asked.one is not None:
        work(asked.db, asked.one)
        return
    with tempfile.TemporaryDirectory() as folder:
        place = asked.db or str(Path(folder) / "made.db")
        if not is_made(database_url(place)):
            generate(database_url(place), Wanted(asked.rounds, 1))
        with Backend.open(place, clock=Clock(DAY)) as backend, backend._work.read() as session:
            orders = list(session.execute(_ORDERS, {"rounds": asked.rounds}).scalars())
        command = [sys.executable, "-m", "benchmarks.doubles", "--db", place, "--one"]
        pipe = subprocess.PIPE
        two = [subprocess.Popen([*command, str(n)], stdin=pipe, stdout=pipe, text=True) for n in (0, 1)]
        counts = {0: 0, 1: 0, 2: 0}
        for order in orders:
            for line in (f"{order}\n", "\n"):
                for process in two:
                    assert process.stdin is not None
                    process.stdin.write(line)
                    process.stdin.flush()
                if line.strip():
                    for process in two:
                        assert process.stdout is not None
                        assert process.stdout.readline() == "ready\n"
            answers = []
            for process in two:
                assert process.stdout is not None
                answers.append(process.stdout.readline())
            counts[sum(answer == "done\n" for answer in answers)] += 1
        for process in two:
            process.communicate()
        print(f"{len(orders)} orders; refunded by neither, one, both: {counts}")
        with Backend.open(place, clock=Clock(DAY), read_only=True) as backend:
            print("log broken:", backend.read(VerifyLog()).broken)


if __name__ == "__main__":
    main()
