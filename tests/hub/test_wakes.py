"""The wake queue."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fleet.core import RoverId
from sim.hub import Wakes


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 20))),
            st.integers(0, 20),
        ),
        max_size=40,
    )
)
def test_the_queue_equals_a_plain_table(script: list[tuple[str, int | None] | int]) -> None:
    wakes, table = Wakes(), dict[str, int]()

    for move in script:
        if isinstance(move, int):
            due = [rover for _, rover in sorted((tick, rover) for rover, tick in table.items() if tick <= move)]
            assert wakes.take(move) == due
            table = {rover: tick for rover, tick in table.items() if tick > move}
        else:
            rover, tick = move
            wakes.set(RoverId(rover), tick)
            if tick is None:
                table.pop(rover, None)
            else:
                table[rover] = tick
        assert wakes.next() == min(table.values(), default=None)
