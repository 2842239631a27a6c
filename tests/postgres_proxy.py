"""A line to the tests' server that can be cut: between a statement and its arrival, or between that and its answer."""

import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

SOCKET = ".s.PGSQL.5432"
COMMIT = b"COMMIT\x00"
"""The statement, not the word in the name of an isolation level."""

_AT_ONCE = 65536


class Line:
    """Passes on what a client and the server say to each other, on a socket in a folder of its own."""

    def __init__(self, server_folder: Path) -> None:
        self._server = server_folder / SOCKET
        self.folder = Path(tempfile.mkdtemp(prefix="subtui-line-"))
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._cut_before: bytes | None = None
        self._cut_after: bytes | None = None
        self.dead = Event()  # no new connection gets through
        self.silent = Event()  # nothing is passed on any more, and nothing is closed
        self.cuts = 0
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.folder / SOCKET))
        self._listening.listen()
        self._accepting = Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def url(self, url: str) -> str:
        """The URL of the same database through this line."""
        return f"{url.split('?', 1)[0]}?host={self.folder}"

    def cut_before(self, word: bytes) -> None:
        """Cut the line once, as soon as a client sends `word`, which does not arrive."""
        self._cut_before = word

    def cut_after(self, word: bytes) -> None:
        """Cut the line once, as soon as `word` has been sent on and answered; the answer does not arrive."""
        self._cut_after = word

    def cut(self) -> None:
        """Cut every connection."""
        with self._lock:
            self.cuts += 1
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def close(self) -> None:
        """Cut everything and take no more connections."""
        self.cut()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listening.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self.dead.is_set():
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                with self._lock:
                    self._open |= {client, server}
                waits = Event()  # the next answer is withheld
                there = Thread(target=self._to_server, args=(client, server, waits), daemon=True)
                back = Thread(target=self._to_client, args=(server, client, waits), daemon=True)
                there.start()
                back.start()
                Thread(target=self._close_after, args=(there, back, client, server), daemon=True).start()

    def _close_after(self, there: Thread, back: Thread, *ends: socket.socket) -> None:
        there.join()
        back.join()
        with self._lock:
            self._open.difference_update(ends)
        for end in ends:
            end.close()

    def _to_server(self, client: socket.socket, server: socket.socket, waits: Event) -> None:
        with suppress(OSError):
            while said := client.recv(_AT_ONCE):
                if self._cut_before and self._cut_before in said:
                    self._cut_before = None
                    self.cut()
                    return
                if self._cut_after and self._cut_after in said:
                    self._cut_after = None
                    waits.set()
                if not self.silent.is_set():
                    server.sendall(said)
        self._end(client, server)

    def _to_client(self, server: socket.socket, client: socket.socket, waits: Event) -> None:
        with suppress(OSError):
            while said := server.recv(_AT_ONCE):
                if waits.is_set():
                    self.cut()
                    return
                if not self.silent.is_set():
                    client.sendall(said)
        self._end(client, server)

    def _end(self, *ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
