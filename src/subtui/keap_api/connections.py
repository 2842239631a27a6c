"""One connection to one host, by urllib3. The only module that loads it, and loaded with the first call only.

A call that fails is told by what was reached: before the first byte was sent, Keap cannot have heard of it.
"""

import ssl
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from subtui.keap_api.base_url import is_loopback
from subtui.keap_api.errors import CallStopped
from subtui.keap_api.exchanges import LARGEST, Received, Timeouts, never
from subtui.keap_api.failures import Cause, Failure
from subtui.keap_api.waiting import STEP

_CHUNK = 65_536


@dataclass(slots=True)
class _Sending:
    """How far a call has come, and the secret header, which is in no table of headers that a report could show."""

    header: Callable[[], tuple[str, str]] = field(repr=False)
    begun: bool = False
    stop: Callable[[], bool] = never


class _TooLarge(Exception):
    """The answer is larger than is read."""


class Line:
    """The connection to the host of a base URL, kept alive between calls. For one thread at a time.

    `header` gives the secret header. The proxies of the environment are used, but not for this machine.
    Raises ValueError for a proxy that cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        header: Callable[[], tuple[str, str]],
        timeouts: Timeouts,
        monotonic: Callable[[], float],
        *,
        largest: int = LARGEST,
    ) -> None:
        self._base_url, self._timeouts, self._monotonic, self._largest = base_url, timeouts, monotonic, largest
        self._sending = _Sending(header)
        self._manager = _manager(base_url, self._sending)
        self._used_at = monotonic()

    def send(
        self,
        method: str,
        target: str,
        body: bytes | None,
        headers: Mapping[str, str],
        stop: Callable[[], bool] = never,
    ) -> Received | Failure:
        """Send one call and read its answer, whatever its status. Raises only CallStopped, if `stop` says so."""
        # A server ends an idle connection when it likes. Once the end has reached this machine, urllib3 sees it before
        # it sends, and connects again. An end that crosses the call on its way cannot be told from one after the call
        # was read, so that a change must not be sent twice. Hence a connection that has been idle is not used at all.
        if self._monotonic() - self._used_at > self._timeouts.idle:
            self._manager.clear()
        self._sending.begun, self._sending.stop = False, stop
        try:
            return self._exchange(method, target, body, headers)
        except CallStopped:
            raise
        except Exception as error:  # whatever it is: after the first byte, a change may have been made
            return _failure(error, begun=self._sending.begun, largest=self._largest)
        finally:
            self._used_at = self._monotonic()

    def close(self) -> None:
        """Close the connection. A later call opens a new one."""
        self._manager.clear()

    def _exchange(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> Received:
        until = self._monotonic() + self._timeouts.whole
        response = self._manager.connection_from_url(self._base_url).urlopen(
            method,
            target,
            body=body,
            headers=headers,
            retries=False,
            redirect=False,
            timeout=urllib3.Timeout(connect=self._timeouts.connect, read=self._timeouts.read),
            preload_content=False,
        )
        read = bytearray()
        try:
            while chunk := response.read1(_CHUNK):
                read += chunk
                if len(read) > self._largest:
                    raise _TooLarge
                if self._monotonic() > until:
                    raise TimeoutError
                if self._sending.stop():
                    raise CallStopped
        except BaseException:
            response.close()  # the rest of this answer must not be read as the next one
            raise
        finally:
            response.release_conn()
        names = {name.lower(): value for name, value in response.headers.items()}
        return Received(response.status, names, bytes(read))


def _manager(base_url: str, sending: _Sending) -> urllib3.PoolManager:
    """The connections to `base_url`: one, through the proxy of the environment if there is one for it."""
    options: dict[str, Any] = {
        "num_pools": 1,
        "maxsize": 1,
        # The certificates that this system trusts.
        "ssl_context": ssl.create_default_context() if base_url.startswith("https:") else None,
    }
    proxy = _proxy(base_url)
    if proxy:
        manager: urllib3.PoolManager = urllib3.ProxyManager(proxy, proxy_headers=_proxy_headers(proxy), **options)
    else:
        manager = urllib3.PoolManager(**options)
    manager.pool_classes_by_scheme = _pools(sending)
    return manager


def _proxy(base_url: str) -> str:
    parts = urlsplit(base_url)
    if is_loopback(parts.hostname or "") or urllib.request.proxy_bypass(parts.netloc):
        return ""
    proxies = urllib.request.getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all") or ""
    return found if not found or "://" in found else f"http://{found}"


def _proxy_headers(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy)
    if parts.username is None:
        return {}
    return urllib3.make_headers(proxy_basic_auth=f"{unquote(parts.username)}:{unquote(parts.password or '')}")


def _pools(sending: _Sending) -> dict[str, type[HTTPConnectionPool]]:
    """Pools whose connections note when a call begins and add the secret header to it, and to nothing else.

    A proxy is asked for its tunnel before that, so it never gets the key.
    """

    class Plain(HTTPConnection):
        def request(self, *args: Any, **named: Any) -> None:
            if self.is_closed:
                self.connect()
            sending.begun = True
            super().request(*args, **named)

        def endheaders(self, *args: Any, **named: Any) -> None:
            self.putheader(*sending.header())
            super().endheaders(*args, **named)

        def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # as urllib3 does
            _await_first_byte(self.sock, self.timeout, sending.stop)
            return super().getresponse()

    class Encrypted(Plain, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


def _await_first_byte(sock: Any, seconds: object, stop: Callable[[], bool]) -> None:
    """Wait until an answer begins, or `seconds` are over, asking `stop` meanwhile. Raises CallStopped.

    A line that has other bytes waiting, such as those of its encryption, ends the wait early: the read then waits on.
    """
    if stop is never or sock is None or not isinstance(seconds, int | float):
        return
    for _ in range(int(seconds / STEP)):
        if stop():
            raise CallStopped
        if urllib3.util.wait_for_read(sock, timeout=STEP):
            return
    raise TimeoutError


def _failure(error: Exception, *, begun: bool, largest: int) -> Failure:
    kind = type(error).__name__
    if isinstance(error, _TooLarge):
        return Failure(Cause.TOO_LARGE, kind, f"{largest / 1024 / 1024:g} MB")
    timed_out = isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError)
    if begun:
        return Failure(Cause.TIMEOUT if timed_out else Cause.CUT, kind)
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError) and not _is_cut(error):
        return Failure(Cause.NOT_TRUSTED, kind)
    if isinstance(error, urllib3.exceptions.ProxyError):
        return Failure(Cause.NO_CONNECTION, kind, "the proxy does not let it through")
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return Failure(Cause.NO_CONNECTION, kind, "its name is not known")
    # To urllib3 a refused connection is a kind of timeout.
    in_time = isinstance(error, urllib3.exceptions.NewConnectionError) or not timed_out
    return Failure(Cause.NO_CONNECTION, kind, "no connection" if in_time else "no connection in time")


def _is_cut(error: Exception) -> bool:
    """Whether the line ended while its encryption was agreed upon: nothing was found wrong with the other side."""
    within = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    return isinstance(within, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError)
