"""How a scenario is run; nothing here changes what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fleet.core import ConfigError, RoverId, Tick
from sim.hub import BusKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a person may choose beside the scenario."""

    bus: BusKind = "ipc"
    hosts: int | Literal["agency"] = "agency"  #: Host processes: a number, or one an agency.
    reference: bool = False  #: Advance the world by the plain per-tick reference instead of compiled code.
    rate: float | None = None  #: Mission seconds a second of the wall; None: as fast as it goes.
    catch_up: Tick = 0  #: Go as fast as it goes until then, whatever the rate.
    patient: bool = False  #: Wait for hosts and minds as long as they take, as while a debugger holds one.
    paused: bool = False  #: Wait at tick 0 until somebody says go.
    until: Tick | None = None
    record: Path | None = None
    origin: Mapping[str, str] = field(default_factory=dict)  #: For the recording: what the scenario was made of.
    checkpoint_every: Tick | None = None  #: After how many ticks all that is known is kept, to go on from.
    resume: Path | None = None  #: Recording of a run that was cut short, which goes on.
    report: Path | None = None  #: Needs `record`.
    feed: str | None = None  #: Endpoint on which viewers are told what happens,
    control: str | None = None  #: and on which they steer.
    secure: bool = False  #: Encrypt, and let in nobody without a key,
    keys: Path | None = None  #: of a folder that has ``hub.key`` and ``operators/*.pub``: who may look on and steer.
    insecure: bool = False  #: Have a feed that other machines reach without keys, knowing that anybody can steer.
    listen: str | None = None  #: Endpoint where hosts from elsewhere come in,
    remote: tuple[RoverId, ...] = ()  #: with these rovers,
    wait: float = 60.0  #: for which the run waits so many seconds of the wall.
    audit: Path | None = None  #: Where it is noted who was refused.

    def __post_init__(self) -> None:
        if self.insecure and (self.secure or self.keys):
            raise ConfigError("--insecure", "goes with neither --secure nor --keys", "leave one of them out")
        if (self.listen is None) != (not self.remote):
            fact = "belong together: where hosts from elsewhere come in, and with which rovers"
            raise ConfigError("--listen, --remote", fact, "give both, such as --listen tcp://0.0.0.0:7800 --remote r1")
        if self.secure and self.listen is not None and self.keys is None:
            fact = "no host could be let in: there are no keys of hosts"
            raise ConfigError("--secure", fact, "give a folder of keys: --keys FOLDER")
        if self.secure and self.feed is not None and self.keys is None:
            fact = "nobody could be let in to the feed: there are no keys of operators"
            raise ConfigError("--secure", fact, "give a folder of keys: --keys FOLDER")
