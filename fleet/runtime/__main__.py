"""A host process: ``python -m fleet.runtime ENDPOINT NAME [PARENT]``, as the hub starts it."""

from __future__ import annotations

import argparse
import logging
import sys

from fleet.bus import Notary, read_handed
from fleet.core import name_process
from fleet.runtime.host import run_host
from fleet.runtime.make import NodeMaker
from fleet.runtime.readiness import load_all


def main() -> int:
    """Run the host that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m fleet.runtime", description="Run agents for a hub elsewhere.")
    parser.add_argument("endpoint", help="of the hub, such as tcp://127.0.0.1:5555")
    parser.add_argument("name", help="of this host, as the hub expects it")
    parser.add_argument("parent", nargs="?", type=int, help="process without which the host ends")
    parser.add_argument("--locked", action="store_true", help="the key comes as JSON over the standard input")
    arguments = parser.parse_args()
    name_process(arguments.name)
    lock = read_handed(sys.stdin.buffer) if arguments.locked else None
    logging.basicConfig(format=f"%(levelname)s {arguments.name}: %(message)s", level=logging.WARNING)
    # While the hub makes its world: nobody's first decision has to wait for compiled code.
    load_all()
    notary = None if lock is None else Notary(lock.key.seed)
    return run_host(arguments.endpoint, arguments.name, NodeMaker(), parent=arguments.parent, lock=lock, notary=notary)


if __name__ == "__main__":
    sys.exit(main())
