"""Opens the line to Keap, with the key of this user and a log of the calls on this machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from subtui.acts.data import Stop, never
from subtui.acts.keap import OpenCalls
from subtui.clock import Clock
from subtui.domain.errors import Refused
from subtui.keap_api.base_url import checked_base_url, host_of, is_loopback
from subtui.keap_api.calls import Caller
from subtui.keap_api.credentials import HeaderStyle, find_credential

NO_KEY = (
    "There is no key to Keap on this machine. Give it with: subtui keap connect, or in the variable SUBTUI_KEAP_KEY."
)
_NO_LIBRARY = 'The connection to Keap needs a library. Install it with: pip install "subtui[keap]"'
_UNLIMITED = 1_000_000


def require_library() -> None:
    """Raise Refused, with the command that installs it, where the library for calls is missing."""
    if find_spec("urllib3") is None:
        raise Refused(_NO_LIBRARY)


def line_opener(
    environ: Mapping[str, str],
    folder: Path,
    log_folder: Path,
    *,
    key_file: str = "",
    header: str = "",
) -> OpenCalls:
    """What opens the line to a base URL. The key is looked up only then: in `environ`, the keyring, or in `folder`.

    Opening raises Refused without a key or without the library, WrongInput, and FileProblem for an open key file.
    """

    @contextmanager
    def open_calls(base_url: str, stop: Stop = never) -> Iterator[Caller]:
        checked = checked_base_url(base_url)
        style = HeaderStyle.KEAP if header == "keap" else HeaderStyle.BEARER
        path = Path(key_file) if key_file else None
        credential = find_credential(checked, environ=environ, folder=folder, path=path, style=style)
        if credential is None:
            raise Refused(NO_KEY)
        require_library()
        from subtui.keap_api.call_log import CallLog  # noqa: PLC0415
        from subtui.keap_api.limiter import Limiter  # noqa: PLC0415
        from subtui.keap_api.transport import Transport  # noqa: PLC0415  (loaded with the first call)

        # On this machine there is only a mock, which a demo must not wait for.
        near = is_loopback(host_of(checked))
        limiter = Limiter(per_second=_UNLIMITED, per_minute=_UNLIMITED) if near else Limiter()
        log = CallLog(log_folder / "keap-calls.jsonl")
        with Transport(checked, credential, limiter=limiter, clock=Clock(), log=log, stop=stop) as transport:
            yield transport

    return open_calls
