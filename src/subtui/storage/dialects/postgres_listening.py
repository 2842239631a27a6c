"""Listens for the announcement of new log entries, on a connection and in a thread of its own."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import psycopg
from sqlalchemy import URL

from subtui.storage.dialects.postgres_engine import conninfo

CHANNEL = "subtui"
"""Announced on by a trigger of the log, once for each statement that adds to it."""

LOOK_SECONDS = 0.5
"""The longest that closing waits for the thread."""

LONGEST_PAUSE = 30.0
"""Seconds between two tries to connect, at most: the polling of the screens goes on meanwhile."""


def listen(url: URL, told: Callable[[], object]) -> "Listener":
    """Call `told`, in a thread of its own, when something may have been written."""
    return Listener(url, told)


class Listener:
    """Calls `told` after each announcement, and after each connection: what was announced before it went unheard.

    A pooler that gives a connection to others between transactions passes no announcements on: then nothing is told.
    """

    def __init__(self, url: URL, told: Callable[[], object]) -> None:
        self._url = url
        self._told = told
        self._closed = Event()
        self._thread = Thread(target=self._run, name="listens for changes", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and its connection."""
        self._closed.set()
        self._thread.join(LOOK_SECONDS * 4)

    def _run(self) -> None:
        pause = 1.0
        while not self._closed.is_set():
            with suppress(psycopg.Error, OSError):
                connection: psycopg.Connection[Any]
                with psycopg.connect(conninfo(self._url), autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    pause = 1.0
                    self._told()
                    self._listen(connection)
            self._closed.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _listen(self, connection: "psycopg.Connection[Any]") -> None:
        while not self._closed.is_set():
            for _ in connection.notifies(timeout=LOOK_SECONDS, stop_after=1):
                self._told()
