"""Encrypted calls, straight and through a proxy, against a server with a certificate made for the test."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from subtui.keap_api.errors import CallStopped, NoAnswer, Unreachable

from .conftest import KEY, MakeTransport, Sleeps
from .server import Reply, Server, reset, serving, silence

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")

LIST = "/rest/v2/subscriptions"
ONE = "/rest/v2/subscriptions/9"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine and keap.example.com that signs itself, and its private key."""
    folder = tmp_path_factory.mktemp("certificate")
    made, private = folder / "made.pem", folder / "private.pem"
    names = "subjectAltName=DNS:localhost,DNS:keap.example.com"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(private), "-out", str(made), "-days", "2", "-subj", "/CN=test", "-addext", names]
    subprocess.run(command, check=True, capture_output=True)
    return made, private


@pytest.fixture
def encrypted(certificate: tuple[Path, Path]) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with serving(context) as server:
        yield server


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The system trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def address(server: Server, host: str = "localhost") -> str:
    return f"https://{host}:{server.server_address[1]}/crm"


@pytest.mark.usefixtures("trusted")
def test_encrypted_calls(encrypted: Server, transport_to: MakeTransport) -> None:
    transport = transport_to(address(encrypted))
    encrypted.script = [Reply(body=b'{"id": "9"}')]
    assert transport.get(ONE).body == {"id": "9"}
    assert transport.patch(ONE, (), {"active": False}).status == 200
    assert encrypted.connections == 1
    assert encrypted.asked[0].headers["authorization"] == f"Bearer {KEY}"
    encrypted.script = [Reply(act=reset)]
    with pytest.raises(NoAnswer):
        transport.patch(ONE, (), {"active": False})


@pytest.mark.usefixtures("trusted")
def test_stopping_an_encrypted_call(encrypted: Server, transport_to: MakeTransport) -> None:
    transport = transport_to(address(encrypted), stop=lambda: len(encrypted.asked) > 1)
    transport.get(LIST)
    encrypted.script = [Reply(act=silence)]
    with pytest.raises(CallStopped):
        transport.get(LIST)


def test_a_certificate_that_is_not_trusted(encrypted: Server, transport_to: MakeTransport, sleeps: Sleeps) -> None:
    with pytest.raises(Unreachable, match="certificate is not trusted"):
        transport_to(address(encrypted)).get(LIST)
    assert (encrypted.asked, list(sleeps)) == ([], [])


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name(encrypted: Server, transport_to: MakeTransport) -> None:
    with pytest.raises(Unreachable, match="certificate is not trusted"):
        transport_to(address(encrypted, "127.0.0.1")).patch(ONE, (), {})
    assert encrypted.asked == []


@pytest.mark.usefixtures("trusted")
def test_a_line_cut_before_it_is_encrypted_is_tried_again(transport_to: MakeTransport, sleeps: Sleeps) -> None:
    taken: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    taken.append(len(line.recv(65536)))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(Unreachable, match="no connection"):
            transport_to(f"https://localhost:{listening.getsockname()[1]}").patch(ONE, (), {})
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    assert len(taken) == 5
    assert sleeps.total == pytest.approx(15.0)


@contextmanager
def tunnels_to(port: int) -> Iterator[tuple[int, list[bytes]]]:
    """A proxy whose tunnels all end at a port of this machine, and what it was asked before they began."""
    seen: list[bytes] = []

    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            seen.append(line.recv(65536))
            line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            far = socket.create_connection(("127.0.0.1", port))
            lines.extend([line, far])
            for pair in ((line, far), (far, line)):
                threading.Thread(target=copy, args=pair, daemon=True).start()

    lines: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1], seen
        finally:
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    for line in lines:
        line.close()


@pytest.mark.usefixtures("trusted")
def test_a_call_through_a_proxy(
    encrypted: Server, transport_to: MakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tunnels_to(int(encrypted.server_address[1])) as (port, seen):
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{port}")
        transport = transport_to("https://keap.example.com/crm")
        encrypted.script = [Reply(body=b'{"id": "9"}')]
        assert transport.get(ONE).body == {"id": "9"}
        assert transport.patch(ONE, (), {"active": False}).status == 200
        transport.close()
    assert len(seen) == 1
    assert seen[0].startswith(b"CONNECT keap.example.com:443 ")
    assert KEY.encode() not in seen[0]
    assert encrypted.asked[1].headers["authorization"] == f"Bearer {KEY}"
