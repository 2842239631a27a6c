"""Many agents at one record: processes that save, undo, refund, approve and ask on the same few records at once.

`python -m benchmarks.agents --agents 8 --acts 1250 [--db URL]` prints acts a second and the 95th percentile, and checks
afterwards that nothing was lost, doubled or overpaid and that the log verifies.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from subtui.acts.log import VerifyLog
from subtui.acts.orders import ApproveRefund, GetOrder, ListWaitingRefunds, RecordRefund
from subtui.acts.subscriptions import GetSubscription, SaveSubscription, UndoCancellation
from subtui.acts.tickets import AskQuestion
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import SubtuiError
from subtui.domain.money import Money
from subtui.domain.requests import ContactDetails, QuestionDraft, Topic
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.orders import RefundDraft

DAY = date(2026, 3, 2)
SUBSCRIPTIONS = (1038, 1040, 1042, 1043, 1045, 1049, 1051, 1053, 1055, 1056, 1058, 1060)
ORDERS = (1963, 1939, 1881, 1845, 1837, 1819, 1755, 1748, 1732, 1710, 1659, 1654, 1628, 1570, 1560, 1558, 1541, 1468)
"""Records of the demo: few enough for eight agents to be at the same one all the time."""
USERS = ("agent@demo.example", "agent2@demo.example", "admin@demo.example", "owner@demo.example")

WHOLE = 0.01
"""How many of the refunds are of all that is left; after one the order has nothing to refund."""


class Agent:
    """One process at work: it notes what was done and what was refused, and how long each took."""

    def __init__(self, backend: Backend, chance: random.Random) -> None:
        self._backend = backend
        self._chance = chance
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.seconds: list[float] = []

    def work(self, acts: int) -> None:
        """Do so many acts, or have them refused."""
        kinds = (self._save, self._save, self._refund, self._approve, self._ask)
        for _ in range(acts):
            act = self._chance.choice(kinds)
            begun = time.perf_counter()
            try:
                name = act()
            except SubtuiError as error:
                self.refused[str(error)[:60]] += 1
            else:
                self.done[name] += 1
            self.seconds.append(time.perf_counter() - begun)

    def _save(self) -> str:
        number = self._chance.choice(SUBSCRIPTIONS)
        record = self._backend.read(GetSubscription(number))
        if record.terms.ending.status is Status.ACTIVE:
            ending = {"status": Status.INACTIVE, "end_date": date(2026, 3, 14), "reason_code": "unused"}
            draft = replace(draft_of(record.terms), **ending)  # type: ignore[arg-type]
            self._backend.do(SaveSubscription(number, draft, version=record.version))
            return "save"
        self._backend.do(UndoCancellation(number, version=record.version))
        return "undo"

    def _refund(self) -> str:
        order = self._backend.read(GetOrder(self._chance.choice(ORDERS)))
        payment = max(row.id for row in order.rows if row.kind.value == "charge")
        left = max((order.paid - order.refunded).minor, 1)
        whole = self._chance.random() < WHOLE
        amount = Money(left if whole else self._chance.randrange(1, 400), order.owed.currency)
        intent = f"{self._chance.getrandbits(64):x}"
        draft = RefundDraft(payment, intent, amount=amount, reason_code="requested_by_customer")
        self._backend.do(RecordRefund(order.id, draft, version=order.version))
        return "refund"

    def _approve(self) -> str:
        waiting = self._backend.read(ListWaitingRefunds())
        if not waiting:
            return self._refund()
        row = self._chance.choice(waiting)
        self._backend.do(ApproveRefund(row.id, version=row.version))
        return "approve"

    def _ask(self) -> str:
        reach = ContactDetails(USERS[0])
        self._backend.do(AskQuestion(QuestionDraft(reach, Topic.OTHER, "A word", "Is it?")))
        return "ask"


def work(place: str, number: int, acts: int) -> dict[str, Any]:
    """The acts of one process: what it did, what was refused, and the seconds of each."""
    with Backend.open(place, clock=Clock(DAY)) as backend:
        backend.sign_in_demo(USERS[number % len(USERS)])
        agent = Agent(backend, random.Random(number))  # noqa: S311
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        agent.work(acts)
    return {"done": agent.done, "refused": agent.refused, "seconds": agent.seconds}


def together(place: str, agents: int, acts: int) -> dict[str, Any]:
    """So many processes at once; what they did, refused and how long it took. Raises where one of them failed."""
    command = [sys.executable, "-m", "benchmarks.agents", "--db", place, "--acts", str(acts), "--one"]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen([*command, str(number)], stdin=pipe, stdout=pipe, text=True) for number in range(agents)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", "a process did not start"
    begun = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [json.loads(process.communicate()[0]) for process in processes]
    elapsed = time.perf_counter() - begun
    assert all(process.returncode == 0 for process in processes), "a process failed"
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for answer in answers:
        done.update(answer["done"])
        refused.update(answer["refused"])
    seconds = sorted(second for answer in answers for second in answer["seconds"])
    return {
        "done": done,
        "refused": refused,
        "elapsed": elapsed,
        "acts_a_second": len(seconds) / elapsed,
        "median_ms": 1000 * median(seconds),
        "p95_ms": 1000 * quantiles(seconds, n=20)[-1],
    }


def check(place: str, entries_before: int, done: Counter[str]) -> list[str]:
    """What is wrong in the database after so many acts were done: nothing, if all is well."""
    wrong = []
    with Backend.open(place, clock=Clock(DAY), read_only=True) as backend:
        backend.sign_in_demo("owner")
        verdict = backend.read(VerifyLog())
        if verdict.broken is not None:
            wrong.append(verdict.broken.sentence)
        if verdict.entries != entries_before + done.total():
            wrong.append(f"{verdict.entries - entries_before} entries for {done.total()} acts that were done")
        for number in ORDERS:
            order = backend.read(GetOrder(number))
            if order.refunded > order.paid:
                wrong.append(f"order {number} returned {order.refunded.format()} of {order.paid.format()}")
    return wrong


def main() -> None:
    """Run one process, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=8)
    parser.add_argument("--acts", type=int, default=100)
    parser.add_argument("--db", default="")
    parser.add_argument("--one", type=int)
    asked = parser.parse_args()
    if asked.one is not None:
        sys.stdout.write(json.dumps(work(asked.db, asked.one, asked.acts)))
        return
    with tempfile.TemporaryDirectory() as folder:
        place = asked.db or str(Path(folder) / "demo.db")
        with Backend.open(place, clock=Clock(DAY), create=True) as backend:
            before = backend.read(VerifyLog()).entries
        found = together(place, asked.agents, asked.acts)
        for name, value in found.items():
            print(f"{name}: {dict(value) if isinstance(value, Counter) else value}")
        print("wrong:", check(place, before, found["done"]) or "nothing")


if __name__ == "__main__":
    main()
