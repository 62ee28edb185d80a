"""Whoever steers a run with an agency's key orders in that agency's name, and nothing else, over real sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fleet.bus import (
    LOOPBACK,
    Audit,
    ClientLock,
    ControlClient,
    ControlServer,
    Direct,
    End,
    Inject,
    Reply,
    ServerLock,
    new_key,
)
from fleet.core import ManualClock, WallClock
from sim.hub import Desk, Pace
from sim.scenario import LiveFaults, LiveOrders, load_scenario

HUB, METU, OPS = new_key("hub"), new_key("METU"), new_key("ops")
SMOKE = Path(__file__).parents[2] / "scenarios" / "smoke.yaml"
Ask = Callable[[Direct | Inject], Reply]


@contextmanager
def _steered(desk: Desk, client: ControlClient) -> Iterator[Ask]:
    """Give a way to ask while the run looks what is asked."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(0.005):
            desk.poll()

    def ask(request: Direct | Inject) -> Reply:
        reply = client.ask(request, timeout=20.0)
        assert reply is not None
        return reply

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield ask
    finally:
        client.ask(End(), timeout=20.0)
        over.set()
        thread.join()
        client.close()
        desk.close()


@pytest.fixture
def audit() -> Audit:
    return Audit()


@pytest.fixture
def desk(audit: Audit) -> tuple[Desk, str]:
    scenario = load_scenario(SMOKE)
    guard = ServerLock(key=HUB, admitted={key.curve: key.name for key in (METU, OPS)})
    server = ControlServer(LOOPBACK, guard, audit)
    made = Desk(
        server,
        Pace(ManualClock(), dt=1.0),
        clock=WallClock(),
        faults=LiveFaults(scenario),
        orders=LiveOrders(scenario),
    )
    return made, server.endpoint


RIGHTS = [
    pytest.param("{order: stop, rover: micro-1, by: METU}", "", id="its own"),
    pytest.param("{order: stop, rover: micro-1}", "METU has no right to order as mission control: stop", id="fleet's"),
    pytest.param("{order: stop, rovers: all, by: CNSA}", "METU has no right to order as CNSA: stop", id="another's"),
    pytest.param("{order: withdraw, agency: CNSA}", "METU has no right to order as CNSA: withdraw", id="withdrawal"),
    pytest.param(
        "{order: close, zone: pit, polygon_m: [[60, 60], [80, 60], [80, 80]]}",
        "METU has no right to order as mission control: close",
        id="ground",
    ),
    pytest.param(
        "{order: stop, rover: micro-1, by: METU}, {order: go, rovers: all}",
        "METU has no right to order as mission control: go",
        id="hidden behind one of its own",
    ),
]


@pytest.mark.parametrize(("order", "fact"), RIGHTS)
def test_an_agency_gives_its_own_orders_only_and_what_it_may_not_is_noted_with_its_name(
    desk: tuple[Desk, str], audit: Audit, caplog: pytest.LogCaptureFixture, order: str, fact: str
) -> None:
    made, endpoint = desk
    with _steered(made, ControlClient(endpoint, ClientLock(key=METU, server=HUB.curve))) as ask:
        reply = ask(Direct(order=order))
        given = made.take_orders(0)

    assert (reply.ok, bool(given), audit.count) == (not fact, not fact, int(bool(fact)))
    assert fact in reply.fact
    assert ("operator METU" in caplog.text) == bool(fact)


def test_an_agency_lets_nothing_go_wrong_and_mission_control_may_do_both(desk: tuple[Desk, str], audit: Audit) -> None:
    made, endpoint = desk
    fault = Inject(fault="{fault: stuck_wheel, rover: micro-1}")
    with _steered(made, ControlClient(endpoint, ClientLock(key=OPS, server=HUB.curve))) as ask:
        replies = [ask(Direct(order="{order: stop, rovers: all}")), ask(fault)]
        agency = ControlClient(endpoint, ClientLock(key=METU, server=HUB.curve))
        refused = agency.ask(fault, timeout=20.0)
        agency.close()

    assert [reply.ok for reply in replies] == [True, True], replies
    assert refused is not None
    assert "METU has no right to have something go wrong" in refused.fact
    assert audit.count == 1
