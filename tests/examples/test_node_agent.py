"""The example in JavaScript: it reads and writes the bytes of the protocol, does its work, and keeps the rules."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fleet.runtime import load_plugin
from sim.proving.agents import prove_agent
from sim.proving.notes import Notes
from sim.run import RunOptions, compile_kernels, run
from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "node_agent"
GOLDEN = ROOT / "tests" / "messages" / "golden_bytes.json"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="there is no node on this machine")


@contextmanager
def _mind(file: Path) -> Iterator[str]:
    """Start a mind and give where it listens."""
    assert NODE is not None
    with subprocess.Popen([NODE, str(file), "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.kill()


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_kernels(lambda _: None)


def test_it_reads_the_golden_bytes_and_writes_them_so_that_they_read_the_same() -> None:
    script = (
        f"import {{ decode, encode }} from {json.dumps((FOLDER / 'msgpack.mjs').as_uri())};"
        f"import fs from 'node:fs'; const all = JSON.parse(fs.readFileSync({json.dumps(str(GOLDEN))}));"
        "const told = {}; for (const name of Object.keys(all)) {"
        "const value = decode(Buffer.from(all[name].wire, 'hex').subarray());"
        "told[name] = [value, decode(encode(value))]; } console.log(JSON.stringify(told));"
    )
    golden = json.loads(GOLDEN.read_text("utf-8"))
    minds = [name for name, each in golden.items() if name in ("Consider", "Way", "Costs", "Decide", "Introduced")]
    assert NODE is not None
    kept = {name: golden[name] for name in minds}
    words = [NODE, "--input-type=module", "-e", script.replace("Object.keys(all)", json.dumps(list(kept)))]

    told = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

    assert sorted(told) == sorted(minds)
    assert all(told[name] == [golden[name]["named"]] * 2 for name in minds)


def test_a_mission_passes_with_it_over_processes_and_comes_to_the_same_in_one() -> None:
    with _mind(FOLDER / "mind.mjs") as endpoint:
        agents = {"rovers.micro-1.agent": endpoint}
        scenario = load_scenario(ROOT / "scenarios" / "smoke.yaml", settings=agents)
        apart = run(scenario, RunOptions(bus="tcp", hosts=1))
        together = run(scenario, RunOptions(bus="memory"))

    assert (apart.exit_code, apart.hub.faults) == (0, 0)
    assert apart.hub.digest == together.hub.digest
    assert apart.summary()["task_states"]["view-west"]["rover"] == "micro-1"


def test_it_keeps_the_rules() -> None:
    notes = Notes()

    with _mind(FOLDER / "mind.mjs") as endpoint:
        prove_agent(endpoint, "metu-micro", load_plugin("fleet.agents", endpoint), notes)

    assert notes.breaches == []
    assert {"decision", "determinism", "authority", "kept-bids", "comms-loss", "inbox"} <= notes.judged
    assert not notes.judged & {"clock", "chance", "outside", "memory"}


def test_one_that_breaks_them_is_named(tmp_path: Path) -> None:
    mind = (FOLDER / "mind.mjs").read_text("utf-8")
    # It bids for whatever there is, and its price is drawn anew each time.
    rough = mind.replace("if (Number.isFinite(cost)) bids.push({ task: task.id, cost });", "")
    rough = rough.replace("let cost = 0,", "bids.push({ task: task.id, cost: 100 * Math.random() }); let cost = 0,")
    rough = rough.replace("if (!task.steps.every", "if (false && !task.steps.every")
    assert rough.count("Math.random") == 1
    for file in FOLDER.glob("*.mjs"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "mind.mjs").write_text(rough, "utf-8")
    notes = Notes()

    with _mind(tmp_path / "mind.mjs") as endpoint:
        prove_agent(endpoint, "metu-micro", load_plugin("fleet.agents", endpoint), notes)

    assert {"determinism", "fair-bids"} <= {breach.rule for breach in notes.breaches}
