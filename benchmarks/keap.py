"""A whole account read from a mock of Keap: pages a second, the program's own cost of a page, and its memory.

`python -m benchmarks.keap [--scale 0.1]` serves an account of 100,000 contacts, 150,000 subscriptions and 400,000
orders, or that part of it, in a process of its own, reads it in another one, and reads it again. Keap allows 4 calls a
second, so that a page may take 250 ms; what the program does with it should take less than a fifth of that.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from subtui.acts.keap import AllowKeapWriting, ConnectKeap, PullFromKeap
from subtui.clock import Clock
from subtui.domain.permissions import Role
from subtui.keap_api.calls import Answer, Query
from subtui.keap_api.credentials import Credential
from subtui.keap_api.limiter import Limiter
from subtui.keap_api.transport import Transport
from subtui.keap_mock import Account, Limits, MockKeap
from subtui.services.backend import Backend

CONTACTS, SUBSCRIPTIONS, ORDERS = 100_000, 150_000, 400_000
KEY = "KeapAK-of-the-benchmark"
_AT_WILL = 1_000_000
MOST_MEGABYTES = 150
PAGE_MS, OWN_PART = 250.0, 0.2


class _Timed(Transport):
    """Counts the seconds that answers took, with their decoding."""

    waited = 0.0

    def get(self, path: str, query: Query = ()) -> Answer:
        """Read."""
        begun = time.perf_counter()
        try:
            return super().get(path, query)
        finally:
            _Timed.waited += time.perf_counter() - begun


@contextmanager
def _open_calls(base_url: str, stop: Any) -> Iterator[Transport]:
    limiter = Limiter(per_second=_AT_WILL, per_minute=_AT_WILL)
    with _Timed(base_url, Credential(KEY), limiter=limiter, clock=Clock(), stop=stop) as transport:
        yield transport


def serve(scale: float) -> None:
    """Serve the account until the standard input ends."""
    account = Account.made(
        contacts=max(int(CONTACTS * scale), 1),
        subscriptions=int(SUBSCRIPTIONS * scale),
        orders=int(ORDERS * scale),
    )
    with MockKeap(account, limits=Limits().times(_AT_WILL), key=KEY) as server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        sys.stdin.read()
        sys.stdout.write(json.dumps({"forbidden": len(server.forbidden_calls), "over": server.over_limit}))


def read(place: str, base_url: str) -> Iterator[dict[str, Any]]:
    """Read the whole account twice; what each reading took."""
    with Backend.open(place) as backend:
        backend.sign_in_demo(Role.OWNER)
        backend.do(ConnectKeap(base_url, _open_calls))
        backend.do(AllowKeapWriting(True))
        for name in ("first", "again"):
            _Timed.waited, begun, used = 0.0, time.perf_counter(), time.process_time()
            report = backend.do(PullFromKeap(_open_calls, whole=True))
            seconds, own = time.perf_counter() - begun, time.process_time() - used
            yield {
                "reading": name,
                "pages": report.pages,
                "rows": report.rows,
                "new": report.new,
                "changed": report.changed,
                "left_out": report.left_out,
                "seconds": round(seconds, 1),
                "pages_a_second": round(report.pages / seconds, 1),
                "answered_ms_a_page": round(1000 * _Timed.waited / report.pages, 1),
                "own_ms_a_page": round(1000 * own / report.pages, 1),
                "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            }


def wrong_in(found: dict[str, Any]) -> list[str]:
    """What is not as it should be."""
    wrong = []
    if found["megabytes"] > MOST_MEGABYTES:
        wrong.append(f"{found['megabytes']} MB, more than {MOST_MEGABYTES}")
    if found["own_ms_a_page"] > OWN_PART * PAGE_MS:
        wrong.append(f"{found['own_ms_a_page']} ms of its own for a page, more than {OWN_PART * PAGE_MS:g}")
    if found["reading"] == "again" and (found["new"] or found["changed"]):
        wrong.append("the second reading of the same account changed something")
    return wrong


def main() -> None:
    """Serve, read, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--db", default="")
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--read", default="")
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.scale)
        return
    if asked.read:
        for found in read(asked.db, asked.read):
            print(json.dumps(found), flush=True)
        return
    command, pipe = [sys.executable, "-m", "benchmarks.keap", "--scale", str(asked.scale)], subprocess.PIPE
    with tempfile.TemporaryDirectory() as folder:
        place = asked.db or str(Path(folder) / "read.db")
        Backend.open(place, create=True).close()
        server = subprocess.Popen([*command, "--serve"], stdin=pipe, stdout=pipe, text=True)
        assert server.stdout is not None
        base_url = server.stdout.readline().strip()
        reader = subprocess.Popen([*command, "--db", place, "--read", base_url], stdout=pipe, text=True)
        assert reader.stdout is not None
        for line in reader.stdout:
            found = json.loads(line)
            print(" ".join(f"{name}={value}" for name, value in found.items()))
            print("wrong:", wrong_in(found) or "nothing", flush=True)
        assert reader.wait() == 0, "the reader failed"
        print("calls:", server.communicate("")[0])


if __name__ == "__main__":
    main()
