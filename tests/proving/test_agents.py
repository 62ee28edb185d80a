"""Each bad agent breaks the rule that is meant for it, is contained, and costs the others nothing; ours break none."""

from __future__ import annotations

import pytest

from fleet.core import RoverId
from fleet.runtime import load_plugin
from fleet.sdk.testing import RULES, report_of
from sim.proving.agents import prove_agent
from sim.proving.mission import Mission
from sim.proving.notes import Notes
from sim.proving.part import made_for

GUEST = RoverId("candidate")


def _proved(plugin: str, vehicle: str = "metu-micro") -> tuple[Notes, Mission | None]:
    notes = Notes()
    mission = prove_agent(plugin, vehicle, load_plugin("fleet.agents", plugin), notes)
    return notes, mission


@pytest.mark.parametrize(
    ("name", "rules", "seen"),
    [
        ("WrongSignature", {"signature"}, "decide() cannot be called as the port does"),
        ("Waits", {"signature"}, "decide() is async"),
        ("NeverMade", {"making"}, "raised OSError: no wheels, in bad_plugins.py line "),
        ("Raises", {"raising"}, "raised LookupError: lost the map, in bad_plugins.py line "),
        pytest.param(
            "Hangs",
            {"deadline"},
            "at tick 0, in bad_plugins.py line ",
            marks=pytest.mark.untraced,
        ),
        ("NotANumber", {"decision"}, "must be finite, got nan, in bad_plugins.py line "),
        ("Mistypes", {"decision"}, "a value that no one can read"),
        ("Babbles", {"decision"}, "answered str, not a Decision"),
        ("WakesInThePast", {"wake"}, "woken at -1, which is not a tick after 0"),
        ("JumpsTheQueue", {"speech"}, "wanted to say AuthorityGrant"),
        ("StraightOn", {"authority"}, "the body comes within 0.000 m of forbidden ground"),
        ("ForgesASender", {"speech"}, "speaks in the name of 'micro-2', at tick 0"),
        ("Leaks", {"memory"}, "bytes more with each decision"),
        ("TimeOfDay", {"clock", "determinism"}, "called time.time() in bad_plugins.py"),
        ("RollsDice", {"chance", "determinism"}, "called random.getrandbits() in bad_plugins.py"),
        ("Reads", {"outside"}, "called io.open() in bad_plugins.py"),
        ("Meddles", {"view"}, "changed what it was shown"),
        ("Shares", {"determinism"}, "two of it in one process, shown the same, part at tick 0"),
        ("Floods", {"radio"}, "things beside answers to announcements"),
        ("Fidgets", {"patience"}, "by its own wish in 40 minutes"),
        ("NeverComes", {"kept-bids"}, "neither done it nor given it back"),
        ("Boasts", {"fair-bids"}, "bid for 'bricks', which needs print"),
        ("StealsWork", {"own-work"}, "works on 'view-east', which is not its own, at tick 0"),
        ("Believes", {"inbox"}, "raised KeyError: 'nobody-you-know'"),
        ("Sulks", {"comms-loss"}, "answers no announcement after tick 1080"),
        ("HalfRemembers", {"snapshot"}, "the restored with wake"),
    ],
)
def test_a_bad_agent_breaks_its_rule_and_the_others_finish(name: str, rules: set[str], seen: str) -> None:
    notes, mission = _proved(f"bad_plugins:{name}")

    assert {breach.rule for breach in notes.breaches} == rules
    assert any(seen in breach.seen for breach in notes.breaches)
    if mission is not None:
        result = mission.result
        won = {award.task.id for _, award in mission.tape.won}
        assert (result.hub.reason, result.hub.collisions, result.metrics.trespasses) == ("finished", 0, ())
        assert {fault.rover for fault in result.metrics.faults} <= {GUEST}
        assert {task for task, entry in result.metrics.tasks.items() if entry.state != "done"} <= won


@pytest.mark.parametrize(
    ("name", "vehicle"),
    [
        ("lander", "change8-lander"),
        ("prospector", "cnsa-rover"),
        ("traverser", "suparco-rover"),
        ("micro", "metu-micro"),
        ("operator", "hk-operator"),
    ],
)
def test_our_own_agents_keep_all_rules_on_the_vehicles_that_they_are_made_for(name: str, vehicle: str) -> None:
    notes, mission = _proved(name, made_for(load_plugin("fleet.agents", name)))

    assert mission is not None
    assert mission.witness.context.vehicle.name == vehicle

    assert notes.breaches == []
    assert mission.tape.won
    assert set(RULES["agent"]) - notes.judged == {"import", "snapshot"}


def test_a_lander_bids_for_nothing_that_it_would_have_to_drive_to() -> None:
    notes, _ = _proved("lander", "metu-micro")

    assert notes.breaches == []


def test_an_agent_that_keeps_its_snapshots_is_judged_by_them() -> None:
    notes, _ = _proved("bad_plugins:Remembers")

    assert "snapshot" in notes.judged
    assert notes.breaches == []


def test_what_is_said_of_a_broken_rule_holds_why_it_matters_and_how_to_mend_it() -> None:
    notes, _ = _proved("bad_plugins:StealsWork")

    report = report_of("mine", "agent", notes.breaches, dict.fromkeys(notes.judged, True), {})

    text, rule = str(report), RULES["agent"]["own-work"]
    assert not report.passed
    assert report.broken == ("own-work",)
    assert all(part in text for part in (rule.why, rule.remedy, "at tick 0"))
