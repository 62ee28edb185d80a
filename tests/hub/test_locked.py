"""A run on a locked bus comes to the same, whoever tries to disturb it; and who did is noted."""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path
from typing import Any

import pytest
import zmq

from fleet.bus import Audit, new_key
from fleet.core import ConfigError

GOSSIPS = {"a1": "gossip", "a2": "gossip", "b1": "gossip"}


def _disturb(endpoint: str, over: threading.Event) -> None:
    """Knock with a wrong key, without any, with random bytes, and with a length of 1 GB."""
    port = int(endpoint.rpartition(":")[2])
    key, hub = new_key("stranger"), new_key("hub")
    with zmq.Context() as context:
        while not over.wait(0.02):
            for has_key in (True, False):
                with context.socket(zmq.DEALER) as peer:
                    peer.linger = 0
                    peer.setsockopt(zmq.ROUTING_ID, b"host-agency-a")
                    if has_key:
                        peer.curve_secretkey, peer.curve_publickey = key.secret.encode(), key.curve.encode()
                        peer.curve_serverkey = hub.curve.encode()
                    peer.connect(endpoint)
                    peer.send(b"I am host-agency-a", zmq.NOBLOCK)
                    over.wait(0.05)
            for junk in (bytes(range(256)) * 9, b"\xff" + bytes(8) + b"\x7f\x03\x06" + struct.pack(">Q", 1 << 30)):
                with socket.create_connection(("127.0.0.1", port), 5.0) as stream:
                    stream.sendall(junk)


def test_a_locked_run_has_the_same_digest_though_strangers_disturb_it(desktop: Any) -> None:
    scenario = desktop.scenario(GOSSIPS, radio_loss=0.3)
    open_run, _ = desktop.run(scenario)
    audit, notebook, over = Audit(), desktop.notebook(), threading.Event()

    with desktop.open_locked(scenario, "tcp", audit) as hosts:
        strangers = threading.Thread(target=_disturb, args=(hosts.bus.endpoint, over))
        strangers.start()
        try:
            result = desktop.hub(scenario, hosts, [notebook]).run()
        finally:
            over.set()
            strangers.join(20.0)

    assert (result.digest, result.faults) == (open_run.digest, 0)
    assert audit.count > 0


def test_a_host_that_says_what_nobody_may_changes_nothing_and_each_word_is_noted(
    desktop: Any, caplog: pytest.LogCaptureFixture
) -> None:
    scenario = desktop.scenario(GOSSIPS, radio_loss=0.3, end=8)
    open_run, _ = desktop.run(scenario)
    audit = Audit()

    program = Path(__file__).with_name("hostile_host.py")
    with desktop.open_locked(scenario, "ipc", audit, program) as hosts:
        result = desktop.hub(scenario, hosts, [desktop.notebook()]).run()

    assert (result.digest, result.faults) == (open_run.digest, 0)
    assert audit.count >= 12
    for fact in ("truncated", "expected `array`", "answers something else than tick", "for others", "malformed"):
        assert fact in caplog.text.lower()


def test_words_that_are_stolen_altered_unsigned_said_again_or_usurped_reach_nobody_and_each_is_noted(
    desktop: Any, caplog: pytest.LogCaptureFixture
) -> None:
    scenario = desktop.scenario(GOSSIPS, radio_loss=0.3, end=8)
    open_run, _ = desktop.run(scenario)
    audit = Audit()

    program = Path(__file__).with_name("lying_host.py")
    with desktop.open_locked(scenario, "tcp", audit, program) as hosts:
        result = desktop.hub(scenario, hosts, [desktop.notebook()]).run()

    assert (result.digest, result.faults) == (open_run.digest, 0)
    for fact in (
        "speaks as b1",
        "is not as its sender signed it",
        "is not signed",
        "was heard before",
        "passes on an order that ground did not sign",
        "passes on a letter that b1 did not sign",
    ):
        assert f"rover a1 {fact}" in caplog.text or f"rover a2 {fact}" in caplog.text


@pytest.mark.parametrize("kind", ["memory", "inproc"])
def test_where_nothing_leaves_the_process_there_is_nothing_to_lock(desktop: Any, kind: str) -> None:
    with (
        pytest.raises(ConfigError, match="nothing to encrypt"),
        desktop.open_locked(desktop.scenario(GOSSIPS), kind, Audit()),
    ):
        pass
