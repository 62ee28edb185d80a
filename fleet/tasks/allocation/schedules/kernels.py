"""Schedules from lists: each task in turn begins as soon as its team, those before it and its window let it.

Whatever order and teams a schedule has, planning its tasks in the order of their starts makes one that is nowhere
later: searching over lists and teams leaves nothing out. Batteries and chargers are followed along.

Source
------
Serial schedule generation; Kolisch, Hartmann, "Heuristic Algorithms for the Resource-Constrained Project Scheduling
Problem", in: Project Scheduling, 1999. Earliest starts are those of the simple temporal network of routes, order and
teams; Dechter, Meiri, Pearl, "Temporal Constraint Networks", Artificial Intelligence 49, 1991.
"""

# ruff: noqa: PLR0917 - kernels take what they need as plain arguments

from __future__ import annotations

import numpy as np

from fleet.core.arrays import Chance
from fleet.core.chance.kernels import draw, draw_below
from fleet.core.compiled import compiled
from fleet.tasks.allocation.schedules.arrays import Jobs, Schedule, Sequence

_FAR = np.int64(1) << np.int64(60)
_SHIFT = np.uint64(52)
_RULE = 3  # One new pick in so many goes back to the rule.


@compiled
def _charger_stop(jobs: Jobs, charger: int) -> int:
    return int(jobs.able.shape[1] + 2 * len(jobs.travel) + charger)


@compiled
def _arrival(jobs: Jobs, schedule: Schedule, rover: int, task: int) -> int:
    """Return when a rover could be at a task, later than any time if not at all; note the charger on the way."""
    time, energy = jobs.time, jobs.energy
    kind, at, now = jobs.travel[rover], schedule.at[rover], schedule.free[rover]
    schedule.by[rover] = -1
    direct = now + time[kind, at, task]
    if schedule.load[rover] + jobs.load[task] > jobs.capacity[rover]:
        return int(_FAR)
    if not jobs.has_battery[rover]:
        return int(direct)
    charge = schedule.charge[rover]
    need = jobs.duration[task] * jobs.drain[rover] + jobs.reserve[rover, task]
    if charge >= energy[kind, at, task] + need:
        return int(direct)
    best = _FAR
    for charger in range(len(schedule.charger_free)):
        stop = _charger_stop(jobs, charger)
        left = charge - energy[kind, at, stop]
        if left < 0 or jobs.full[rover] < energy[kind, stop, task] + need:
            continue
        begin = max(now + time[kind, at, stop], schedule.charger_free[charger])
        lasts = (jobs.full[rover] - left + jobs.refill[rover] - 1) // jobs.refill[rover]
        there = begin + lasts + time[kind, stop, task]
        if there < best:
            best = there
            schedule.by[rover] = charger
    return int(best)


@compiled
def _note(schedule: Schedule, rover: int, stop: int, arrive: int, start: int, end: int) -> None:
    entry = schedule.entries[0]
    schedule.entries[0] = entry + 1
    schedule.entry_rover[entry], schedule.entry_stop[entry] = rover, stop
    schedule.entry_arrive[entry], schedule.entry_start[entry], schedule.entry_end[entry] = arrive, start, end


@compiled
def _charge(jobs: Jobs, schedule: Schedule, rover: int, charger: int) -> int:
    """Bring a rover to a charger and fill its battery; return the cost of the leg."""
    kind, at = jobs.travel[rover], schedule.at[rover]
    stop = _charger_stop(jobs, charger)
    arrive = schedule.free[rover] + jobs.time[kind, at, stop]
    begin = max(arrive, schedule.charger_free[charger])
    left = schedule.charge[rover] - jobs.energy[kind, at, stop]
    end = begin + (jobs.full[rover] - left + jobs.refill[rover] - 1) // jobs.refill[rover]
    schedule.charge[rover] = jobs.full[rover]
    schedule.charger_free[charger] = schedule.free[rover] = end
    schedule.at[rover] = stop
    _note(schedule, rover, stop, arrive, begin, end)
    return int(jobs.cost[kind, at, stop])


@compiled
def _gather(jobs: Jobs, sequence: Sequence, schedule: Schedule, task: int, earliest: int) -> int:
    """Write the team of a task; return its size, 0 when there is none."""
    able, team, arrive, picks = jobs.able, schedule.team, schedule.arrive, sequence.picks
    cost, travel, at, is_makespan = jobs.cost, jobs.travel, schedule.at, jobs.is_makespan
    rovers = len(travel)
    for rover in range(rovers):
        arrive[rover] = -1
    size = 0
    for role in range(jobs.roles[task]):
        if jobs.is_shared[task]:
            is_filled = False
            for member in range(size):
                is_filled = is_filled or able[team[member], task, role] == 1
            if is_filled:
                continue
        best, best_first, best_second = -1, _FAR, _FAR
        for number in range(-1, rovers):
            rover = number if number >= 0 else picks[task, role]
            if rover < 0 or not able[rover, task, role]:
                continue
            is_in = False
            for member in range(size):
                is_in = is_in or team[member] == rover
            if is_in:
                continue
            if arrive[rover] < 0:
                arrive[rover] = _arrival(jobs, schedule, rover, task)
            if arrive[rover] > jobs.latest[task]:
                continue
            first, second = max(arrive[rover], earliest), np.int64(cost[travel[rover], at[rover], task])
            if not is_makespan:
                first, second = second, first
            if number < 0:
                first = np.int64(-1)
            if first < best_first or (first == best_first and second < best_second):
                best, best_first, best_second = rover, first, second
            if number < 0:
                break
        if best < 0:
            return 0
        team[size] = best
        size += 1
        charger = schedule.by[best]
        if charger >= 0:
            # The next of the team who wants this charger waits for it.
            schedule.charger_free[charger] = arrive[best] - jobs.time[travel[best], _charger_stop(jobs, charger), task]
            for rover in range(rovers):
                if schedule.by[rover] == charger and rover != best:
                    arrive[rover] = -1
    return size


@compiled
def _trim(jobs: Jobs, schedule: Schedule, task: int, size: int) -> int:
    """Leave out of a team that shares roles whoever is not needed; return its size."""
    able, team = jobs.able, schedule.team
    member = 0
    while size > 1 and member < size:
        is_needed = False
        for role in range(jobs.roles[task]):
            others = 0
            for other in range(size):
                others += other != member and able[team[other], task, role] == 1
            is_needed = is_needed or others == 0
        if is_needed:
            member += 1
        else:
            size -= 1
            for other in range(member, size):
                team[other] = team[other + 1]
    return size


@compiled
def make_schedule(jobs: Jobs, sequence: Sequence, schedule: Schedule) -> None:
    """Plan the tasks in the order of a list, and write how good that is."""
    tasks, rovers = jobs.able.shape[1], len(jobs.travel)
    time, cost, energy, travel = jobs.time, jobs.cost, jobs.energy, jobs.travel
    lost = paid = np.int64(0)
    schedule.entries[0] = 0
    chargers = len(schedule.charger_free)
    for charger in range(chargers):
        schedule.charger_free[charger] = 0
    for task in range(tasks):
        schedule.ends[task] = -1
    for rover in range(rovers):
        schedule.at[rover] = tasks + rover
        schedule.free[rover] = jobs.ready[rover]
        schedule.charge[rover] = jobs.charge[rover]
        schedule.load[rover] = 0
    for spot in range(tasks):
        task = sequence.order[spot]
        earliest = jobs.earliest[task]
        is_open = True
        for before in range(tasks):
            if jobs.comes_after[task, before]:
                is_open = is_open and schedule.ends[before] >= 0
                earliest = max(earliest, schedule.ends[before])
        for charger in range(chargers):
            schedule.charger_was[charger] = schedule.charger_free[charger]
        size = _gather(jobs, sequence, schedule, task, earliest) if is_open else 0
        for charger in range(chargers):
            schedule.charger_free[charger] = schedule.charger_was[charger]
        if jobs.is_shared[task]:
            size = _trim(jobs, schedule, task, size)
        start = earliest
        for member in range(size):
            start = max(start, schedule.arrive[schedule.team[member]])
        end = start + jobs.duration[task]
        is_good = size > 0 and start <= jobs.latest[task]
        for member in range(size):
            rover = schedule.team[member]
            back = end + time[travel[rover], task, tasks + rovers + rover]
            is_good = is_good and back <= jobs.until[rover]
        if not is_good:
            lost += jobs.value[task]
            continue
        for member in range(size):
            rover = schedule.team[member]
            if schedule.by[rover] >= 0:
                paid += _charge(jobs, schedule, rover, schedule.by[rover])
            kind, at = travel[rover], schedule.at[rover]
            paid += cost[kind, at, task]
            schedule.charge[rover] -= energy[kind, at, task] + jobs.duration[task] * jobs.drain[rover]
            _note(schedule, rover, task, schedule.free[rover] + time[kind, at, task], start, end)
            schedule.at[rover], schedule.free[rover] = task, end
            schedule.load[rover] += jobs.load[task]
        schedule.ends[task] = end
    last = np.int64(0)
    for rover in range(rovers):
        stop = tasks + rovers + rover
        kind = travel[rover]
        if jobs.has_battery[rover] and schedule.charge[rover] < energy[kind, schedule.at[rover], stop]:
            charger = _charger_to_end(jobs, schedule, rover)
            if charger < 0:
                lost += _FAR >> 6
                continue
            paid += _charge(jobs, schedule, rover, charger)
        at = schedule.at[rover]
        paid += cost[kind, at, stop]
        end = schedule.free[rover] + time[kind, at, stop]
        if end > jobs.until[rover]:
            lost += _FAR >> 6
        last = max(last, end)
    sequence.score[0], sequence.score[1], sequence.score[2] = lost, last, paid


@compiled
def _charger_to_end(jobs: Jobs, schedule: Schedule, rover: int) -> int:
    """Return the charger over which a rover is at its end soonest, -1 when there is none."""
    tasks, rovers = jobs.able.shape[1], len(jobs.travel)
    kind, at = jobs.travel[rover], schedule.at[rover]
    best, found = _FAR, -1
    for charger in range(len(schedule.charger_free)):
        stop = _charger_stop(jobs, charger)
        if schedule.charge[rover] < jobs.energy[kind, at, stop]:
            continue
        if jobs.full[rover] < jobs.energy[kind, stop, tasks + rovers + rover]:
            continue
        there = max(schedule.free[rover] + jobs.time[kind, at, stop], schedule.charger_free[charger])
        if there < best:
            best, found = there, charger
    return found


@compiled
def _move(jobs: Jobs, sequence: Sequence, chance: Chance) -> None:
    """Change the list a little: who fills a role, or where a task stands."""
    tasks, rovers = jobs.able.shape[1], len(jobs.travel)
    order, comes_after = sequence.order, jobs.comes_after
    if tasks < 2 or draw_below(chance, 3) == 0:
        task = draw_below(chance, tasks)
        role = draw_below(chance, jobs.roles[task])
        pick = draw_below(chance, rovers)
        is_fit = jobs.able[pick, task, role] and draw_below(chance, _RULE) > 0
        sequence.picks[task, role] = pick if is_fit else -1
        return
    spot, goal = draw_below(chance, tasks), draw_below(chance, tasks)
    if draw_below(chance, 2) == 0:
        # Near moves keep most of a long schedule.
        goal = min(max(spot + draw_below(chance, 9) - 4, 0), tasks - 1)
    task = order[spot]
    while spot < goal and not comes_after[order[spot + 1], task]:
        order[spot] = order[spot + 1]
        spot += 1
    while spot > goal and not comes_after[task, order[spot - 1]]:
        order[spot] = order[spot - 1]
        spot -= 1
    order[spot] = task


@compiled
def _copy(source: Sequence, target: Sequence) -> None:
    for task in range(len(source.order)):
        target.order[task] = source.order[task]
        for role in range(source.picks.shape[1]):
            target.picks[task, role] = source.picks[task, role]
    for number in range(3):
        target.score[number] = source.score[number]


@compiled
def better_schedule(
    jobs: Jobs,
    sequences: tuple[Sequence, Sequence, Sequence],
    schedule: Schedule,
    heat: tuple[float, float],
    span: tuple[int, int, int],
) -> None:
    """Change a list from iteration ``span[0]`` to ``span[1]`` of ``span[2]``.

    `sequences` are the present list, the best, and room for one. The temperature falls from ``heat[0]`` to ``heat[1]``.
    """
    present, best, tried = sequences
    for iteration in range(span[0], span[1]):
        left = 1.0 - iteration / span[2]
        temperature = heat[1] + (heat[0] - heat[1]) * left * left
        _copy(present, tried)
        _move(jobs, tried, schedule.chance)
        if draw_below(schedule.chance, 3) == 0:
            _move(jobs, tried, schedule.chance)
        make_schedule(jobs, tried, schedule)
        slack = temperature * schedule.logs[np.int64(draw(schedule.chance) >> _SHIFT)]
        if jobs.is_makespan:
            more = tried.score[1] - present.score[1]
            if tried.score[0] != present.score[0]:
                more = _FAR if tried.score[0] > present.score[0] else -_FAR
            is_best = tried.score[0] < best.score[0] or (
                tried.score[0] == best.score[0]
                and (
                    tried.score[1] < best.score[1]
                    or (tried.score[1] == best.score[1] and tried.score[2] < best.score[2])
                )
            )
        else:
            more = tried.score[0] + tried.score[2] - present.score[0] - present.score[2]
            is_best = tried.score[0] + tried.score[2] < best.score[0] + best.score[2]
        if more <= slack:
            _copy(tried, present)
            if is_best:
                _copy(tried, best)
