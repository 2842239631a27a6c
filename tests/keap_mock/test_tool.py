"""The mock started from the command line."""

import http.client
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "tools.keap_mock")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent in another way there")
def test_the_tool_prints_where_it_is_and_serves_until_it_is_stopped() -> None:
    sizes = ("--contacts", "20", "--subscriptions", "30", "--orders", "60", "--switch", "last_page=null")
    with subprocess.Popen([*COMMAND, *sizes], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = urlsplit(process.stdout.readline().split()[-1])
        key = process.stdout.readline().split()[-1]
        line = http.client.HTTPConnection("127.0.0.1", url.port or 0, timeout=30)
        line.request("GET", f"{url.path}/rest/v2/subscriptions?page_size=100", headers={"X-Keap-API-Key": key})
        with line.getresponse() as response:
            assert response.status == 200
            assert response.read().endswith(b'"next_page_token":null}')
        line.close()
        process.send_signal(signal.SIGINT)
        assert "1 calls, 0 over a limit, 0 forbidden" in process.stdout.read()
    assert process.returncode == 0


def test_a_switch_that_is_none_is_told() -> None:
    done = subprocess.run([*COMMAND, "--switch", "colour=red"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "colour" in done.stderr
