"""The key is sent to Keap, and is seen nowhere else: in no error, log, report or representation."""

import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from subtui.app.crash import CrashReport
from subtui.domain.errors import SubtuiError
from subtui.keap_api.call_log import CallLog
from subtui.keap_api.calls import Answer
from subtui.keap_api.credentials import Credential, HeaderStyle
from subtui.keap_api.errors import Declined
from subtui.keap_api.transport import Transport

from .conftest import BRIEF, KEY, PATIENT, MakeTransport
from .server import Handler, Reply, Server, hang_up, reset, silence

LIST = "/rest/v2/subscriptions"
ONE = "/rest/v2/subscriptions/9"
ECHO = f"Bearer {KEY} {quote(KEY)} {KEY}"
REPLIES = [
    *(Reply(status, json.dumps({"message": ECHO}).encode()) for status in (400, 401, 403, 404, 409, 500)),
    Reply(400, json.dumps({"message": "x" * 190 + ECHO}).encode()),
    Reply(401, json.dumps({"fault": {"faultstring": ECHO, "detail": {"errorcode": ECHO}}}).encode()),
    Reply(400, f"<html><title>{ECHO}</title>".encode(), content_type="text/html"),
    Reply(400, ECHO.encode(), content_type="text/plain"),
    Reply(429, json.dumps({"message": ECHO}).encode(), {"Retry-After": "9999"}),
    Reply(302, ECHO.encode(), {"Location": f"https://evil.example.com/{quote(KEY)}"}),
    Reply(200, ECHO.encode()),
    Reply(act=reset),
    Reply(act=hang_up),
    Reply(act=silence),
    Reply(length=999),
]
FORMS = (KEY, quote(KEY), quote(KEY, safe=""), KEY[:14], json.dumps(KEY)[1:-1])


def seen_in(text: str) -> bool:
    return any(form in text for form in FORMS)


def everything_of(error: BaseException) -> str:
    """All that a report could show of an error: its texts, its chain, and the locals of each frame but these tests'."""
    texts = [str(error), repr(error), repr(error.args), repr(vars(error)), "".join(traceback.format_exception(error))]
    chain: list[BaseException | None] = [error]
    for each in chain:
        if each is not None:
            frames = traceback.StackSummary.extract(traceback.walk_tb(each.__traceback__), capture_locals=True)
            texts += [f"{frame.filename} {frame.name} {frame.locals}" for frame in frames if frame.filename != __file__]
            chain += [each.__cause__, each.__context__]
    return "\n".join(texts)


CALLS: list[Callable[[Transport], Answer]] = [
    lambda transport: transport.get(LIST, [("page_size", "500")]),
    lambda transport: transport.patch(ONE, [("update_mask", "active")], {"active": False}),
]


@pytest.mark.parametrize("style", list(HeaderStyle))
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("reply", REPLIES)
def test_the_key_is_in_no_error_and_no_log(
    server: Server,
    transport_to: MakeTransport,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    reply: Reply,
    call: Callable[[Transport], Answer],
    style: HeaderStyle,
) -> None:
    caplog.set_level(logging.DEBUG)
    log = CallLog(tmp_path / "calls.log")
    timeouts = BRIEF if reply.act is silence else PATIENT
    transport = transport_to(server.url, log=log, timeouts=timeouts, credential=Credential(KEY, style))
    server.script = [reply] * 5
    with pytest.raises(SubtuiError) as failed:
        call(transport)
    assert any(seen_in(str(asked.headers)) for asked in server.asked), "it was sent"
    shown = everything_of(failed.value)
    assert "transport.py _call {" in shown
    assert not seen_in(shown), shown
    assert failed.value.__context__ is None
    if isinstance(failed.value, Declined):
        assert not seen_in(failed.value.words)
    assert not seen_in((tmp_path / "calls.log").read_text())
    assert not seen_in(CrashReport.of(failed.value, folder=None).text)
    assert not seen_in(caplog.text)
    told = capsys.readouterr()
    assert not seen_in(told.out + told.err)
    assert not seen_in(repr(transport) + repr(vars(transport)))


def test_the_key_is_in_no_frame_of_an_interrupted_call(server: Server, transport_to: MakeTransport) -> None:
    class Interrupted(BaseException):
        pass

    def interrupt() -> bool:
        if server.asked:
            raise Interrupted
        return False

    def half(handler: Handler) -> None:
        handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id')
        handler.server.ended.wait(5)

    for act in (silence, half):
        server.asked.clear()
        server.script = [Reply(act=act)]
        transport = transport_to(server.url, stop=interrupt)
        with pytest.raises(Interrupted) as failed:
            transport.get(LIST)
        shown = everything_of(failed.value)
        assert "urllib3" in shown or act is half
        assert not seen_in(shown), shown


def test_a_key_in_an_address_is_not_logged(server: Server, transport_to: MakeTransport, tmp_path: Path) -> None:
    log = CallLog(tmp_path / "calls.log")
    transport_to(server.url, log=log).get(LIST, [("filter", f"email=={KEY}")])
    assert "[key]" in (tmp_path / "calls.log").read_text()
    assert not seen_in((tmp_path / "calls.log").read_text())
