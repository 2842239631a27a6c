"""Start the mock of Keap: `python -m tools.keap_mock --port 8099 --contacts 2000 --switch next_page=url`.

Prints the base URL and a made-up key, and serves until Ctrl+C. The data is made up and is forgotten at the end.
"""

import argparse
import threading
from collections.abc import Sequence

from subtui.keap_mock import Account, Limits, MockKeap, Switches


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve an account of the size asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.keap_mock", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: one that is free")
    parser.add_argument("--contacts", type=int, default=1000)
    parser.add_argument("--subscriptions", type=int, default=1500)
    parser.add_argument("--orders", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--generation", choices=("2026", "2025-11"), default="2026")
    parser.add_argument(
        "--limits", type=int, default=1, metavar="FACTOR", help="how many times the usual calls are allowed"
    )
    parser.add_argument("--key", default="", help="the key to accept; otherwise a new one is made up")
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE", help="may come several times")
    given = parser.parse_args(arguments)
    switches = Switches(generation=given.generation)
    for setting in given.switch:
        name, _, value = setting.partition("=")
        try:
            switches = switches.with_text(name, value)
        except ValueError as error:
            parser.error(str(error))
    account = Account.made(
        contacts=given.contacts, subscriptions=given.subscriptions, orders=given.orders, seed=given.seed
    )
    limits = Limits().times(given.limits)
    with MockKeap(account, switches=switches, limits=limits, key=given.key, port=given.port) as server:
        print(f"base URL  {server.base_url}\nkey       {server.key}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(
                f"{len(server.calls)} calls, {server.over_limit} over a limit, {len(server.forbidden_calls)} forbidden"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
