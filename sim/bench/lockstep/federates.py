"""The same exchange in HELICS, over its zmq core."""

from __future__ import annotations

import os
import socket
from importlib import import_module
from itertools import cycle
from typing import Any, Final

from fleet.core import WallClock
from sim.bench.lockstep.course import Course, read_traffic
from sim.bench.lockstep.laps import Laps, start


def free_port() -> int:
    """Return a port that nobody has now, with some above it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    # Below those that the system hands out: each core takes two more ports above it.
    return port % 8000 + 20000


def _texts(sizes: list[int]) -> list[str]:
    return ["x" * size for size in sizes]


_QUIET: Final = "--loglevel=no_print --timeout=60s"
_END: Final = "end"


def _federate(helics: Any, name: str, port: int, offset: float) -> Any:
    info = helics.helicsCreateFederateInfo()
    helics.helicsFederateInfoSetCoreTypeFromString(info, "zmq")
    helics.helicsFederateInfoSetCoreName(info, f"core-{name}-{port}")
    where = f"--federates=1 --broker_address=127.0.0.1 --brokerport={port} {_QUIET}"
    helics.helicsFederateInfoSetCoreInitString(info, where)
    helics.helicsFederateInfoSetTimeProperty(info, helics.HELICS_PROPERTY_TIME_PERIOD, 1.0)
    helics.helicsFederateInfoSetTimeProperty(info, helics.HELICS_PROPERTY_TIME_OFFSET, offset)
    helics.helicsFederateInfoSetFlagOption(info, helics.HELICS_FLAG_UNINTERRUPTIBLE, True)
    return helics.helicsCreateValueFederate(name, info)


def _agents(port: int, name: str, agents: range, data: bytes) -> None:
    """Wake half a step after the world, take what it says, and answer at once."""
    helics = import_module("helics")
    traffic = read_traffic(data)
    answers = cycle(list(zip(*(_texts(traffic.answer_sizes(agent)) for agent in agents), strict=True)))
    federate = _federate(helics, name, port, 0.5)
    said = [
        helics.helicsFederateRegisterGlobalPublication(federate, f"answer{agent}", helics.HELICS_DATA_TYPE_STRING, "")
        for agent in agents
    ]
    heard = [helics.helicsFederateRegisterSubscription(federate, f"ask{agent}", "") for agent in agents]
    helics.helicsFederateEnterExecutingMode(federate)
    request, get, put = (
        helics.helicsFederateRequestTime,
        helics.helicsInputGetString,
        helics.helicsPublicationPublishString,
    )
    tick, is_over = 0, False
    while not is_over:
        request(federate, tick + 0.5)
        tick += 1
        for hears, says, answer in zip(heard, said, next(answers), strict=True):
            is_over = get(hears) == _END
            put(says, answer)
    helics.helicsFederateDisconnect(federate)
    os._exit(0)  # Its threads would keep the process.


def drive(laps: Laps, course: Course, data: bytes) -> None:
    """Exchange strings over the zmq core of HELICS, every process a core and a federate of its own."""
    port = free_port()
    for index, share in enumerate(course.shares):
        start(_agents, port, f"agents{index}", share, data, daemon=True)
    helics = import_module("helics")
    traffic = read_traffic(data)
    broker = helics.helicsCreateBroker("zmq", f"broker-{port}", f"-f {course.processes + 1} --port={port} {_QUIET}")
    if not helics.helicsBrokerIsConnected(broker):
        raise RuntimeError("the broker does not start")
    federate = _federate(helics, "world", port, 0.0)
    agents = range(course.agents)
    said = [
        helics.helicsFederateRegisterGlobalPublication(federate, f"ask{agent}", helics.HELICS_DATA_TYPE_STRING, "")
        for agent in agents
    ]
    heard = [helics.helicsFederateRegisterSubscription(federate, f"answer{agent}", "") for agent in agents]
    asks = cycle(list(zip(*(_texts(traffic.ask_sizes(agent)) for agent in agents), strict=True)))
    helics.helicsFederateEnterExecutingMode(federate)
    request, get, put = (
        helics.helicsFederateRequestTime,
        helics.helicsInputGetString,
        helics.helicsPublicationPublishString,
    )
    clock = WallClock()
    tick = 0
    for exchanges in laps:
        begun = clock.now()
        for _ in range(exchanges):
            tick += 1
            for says, ask in zip(said, next(asks), strict=True):
                put(says, ask)
            request(federate, float(tick))
            for hears in heard:
                get(hears)
        laps.took(clock.now() - begun)
    for says in said:
        put(says, _END)
    request(federate, tick + 1.0)
    helics.helicsFederateDisconnect(federate)
    os._exit(0)
