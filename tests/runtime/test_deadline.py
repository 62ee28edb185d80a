"""A call that hangs is stopped wherever it hangs, and one that does not is left alone."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from fleet.core import WallClock
from fleet.runtime import Overdue, within

_clock = WallClock()

pytestmark = pytest.mark.untraced


def loop_for_ever() -> None:
    while True:
        pass


def sleep_long() -> None:
    _clock.sleep(20.0)


def swallow_everything() -> None:
    while True:
        try:  # noqa: SIM105 - what a careless plugin does
            _clock.sleep(0.01)
        except:  # noqa: E722 - likewise
            pass


def swallow_while_looping() -> None:
    while True:
        try:
            loop_for_ever()
        except BaseException:
            continue


def swallow_twice() -> None:
    while True:
        try:
            try:
                sleep_long()
            finally:
                sleep_long()
        except BaseException:
            pass


def swallow_once() -> None:
    with suppress(BaseException):
        loop_for_ever()
    sleep_long()


def in_thread(call: Callable[[], object]) -> object:
    """Return what the call returned or raised in a thread of its own."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(call())
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(15.0)
    return outcome[0] if outcome else None


_HANGING = [loop_for_ever, sleep_long, swallow_once, swallow_everything, swallow_while_looping, swallow_twice]


@pytest.mark.parametrize("call", _HANGING)
def test_a_call_that_hangs_is_stopped(call: Callable[[], None]) -> None:
    started = _clock.now()

    with pytest.raises(Overdue):
        within(0.05, call)

    assert _clock.now() - started < 5.0
    assert sys.gettrace() is None


def test_a_loop_that_hangs_in_another_thread_is_stopped() -> None:
    assert isinstance(in_thread(lambda: within(0.05, loop_for_ever)), Overdue)


def test_a_sleep_in_another_thread_is_stopped_when_it_wakes() -> None:
    assert isinstance(in_thread(lambda: within(0.02, lambda: _clock.sleep(0.3))), Overdue)


def test_what_a_call_returns_or_raises_comes_through() -> None:
    assert within(5.0, lambda: 7) == 7
    assert in_thread(lambda: within(5.0, lambda: 7)) == 7
    with pytest.raises(ZeroDivisionError):
        within(5.0, lambda: 1 // 0)


def test_overdue_is_no_exception_that_an_agent_would_handle() -> None:
    assert not issubclass(Overdue, Exception)


def test_timer_and_handler_of_others_are_put_back() -> None:
    heard: list[int] = []
    handler = signal.signal(signal.SIGALRM, lambda number, frame: heard.append(number))
    before = signal.setitimer(signal.ITIMER_REAL, 50.0)
    try:
        within(1.0, lambda: _clock.sleep(0.1))
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        signal.raise_signal(signal.SIGALRM)
    finally:
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, *before)

    assert 45.0 < left < 49.95
    assert heard == [signal.SIGALRM]


def test_timer_and_handler_of_others_are_put_back_after_a_call_that_would_not_end() -> None:
    handler = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    before = signal.setitimer(signal.ITIMER_REAL, 50.0)
    try:
        with pytest.raises(Overdue):
            within(0.05, swallow_once)
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        put_back = signal.getsignal(signal.SIGALRM)
    finally:
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, *before)

    assert put_back == signal.SIG_IGN
    assert 45.0 < left < 50.0
    assert interval == 0.0


def test_calls_may_nest() -> None:
    def outer() -> str:
        with pytest.raises(Overdue):
            within(0.05, sleep_long)
        return "went on"

    assert within(10.0, outer) == "went on"


@pytest.mark.parametrize("seconds", [0.0005, 0.001, 0.002])
def test_an_alarm_at_the_last_moment_never_hits_who_asked(seconds: float) -> None:
    """The call ends just when its time does; either it is overdue or it is not, and nothing comes later."""
    outcomes = {"done": 0, "overdue": 0}

    def just_in_time() -> None:
        end = _clock.now() + seconds - 2e-5
        while _clock.now() < end:
            pass

    for _ in range(150):
        try:
            within(seconds, just_in_time)
        except Overdue:
            outcomes["overdue"] += 1
        else:
            outcomes["done"] += 1
        for _ in range(50):
            pass

    assert sum(outcomes.values()) == 150


def test_an_exception_at_the_last_moment_never_hits_who_asked_in_a_thread() -> None:
    def just_in_time() -> None:
        end = _clock.now() + 0.002 - 2e-5
        while _clock.now() < end:
            pass

    def many() -> int:
        ended = 0
        for _ in range(100):
            with suppress(Overdue):
                within(0.002, just_in_time)
            ended += 1
            for _ in range(200):
                pass
        return ended

    assert in_thread(many) == 100


_TRACED_AFTERWARDS = """
import sys
sys.path.insert(0, {folder!r})
import test_deadline

test_deadline.test_a_loop_that_hangs_in_another_thread_is_stopped()
test_deadline.test_an_exception_at_the_last_moment_never_hits_who_asked_in_a_thread()
seen = []
sys.settrace(lambda frame, event, arg: seen.append(event))
test_deadline.add_up()
sys.settrace(None)
print("call" in seen)
"""


def add_up() -> int:
    return sum(index for index in range(10))


def test_a_tracer_goes_on_after_calls_that_were_stopped_in_other_threads() -> None:
    """Python 3.11 stands still when what was sent to a thread is never raised."""
    program = _TRACED_AFTERWARDS.format(folder=str(Path(__file__).parent))

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60.0, check=True)

    assert done.stdout == "True\n"
