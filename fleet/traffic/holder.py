"""The rover's side of movement authorities: turns a wish to drive into requests, and grants into what may be driven."""

from __future__ import annotations

import logging

from fleet.core import Disc, Path, Point, Pose, RoverId, Tick, distance
from fleet.messages import (
    AuthorityGrant,
    AuthorityRefusal,
    AuthorityRequest,
    AuthorityReturn,
    AuthorityWithdrawal,
    Body,
    Holding,
)
from fleet.sdk.view import Travel
from fleet.traffic.claims import holding_pieces
from fleet.traffic.corridor import CONTROL_MARGIN, disc_pieces, footing, room
from fleet.traffic.course import Course, plot
from fleet.traffic.effects import Drive, Effects
from fleet.traffic.phase import Phase

RETRY = 30.0  #: Seconds until a question that nobody answered is asked again; doubles each time,
RETRY_LIMIT = 480.0  #: up to this.
GO_BACK = 600.0  #: Seconds of waiting for more of a plan, out of touch, after which the rover goes back.
_SLACK = 0.01  # Metres added to ground to plan around, for planners whose discs are polygons.

_log = logging.getLogger(__name__)


class Holder:
    """Keeps one rover on ground that it holds.

    Of one tick, tell it what the body did (`on_passed`, `on_arrived`, `on_halted`) before what was heard and wanted.

    Parameters
    ----------
    radius
        Of the body; the ground asked for is wider by `CONTROL_MARGIN`.
    pose
        Where the rover stands at the start.
    dt
        Seconds a tick.

    Notes
    -----
    At waypoint k the body lies within the round end of segment k, so segment k - 1 is given back as soon as waypoint k
    is passed and segment k is held.

    Examples
    --------
    >>> holder = Holder(rover=RoverId("r1"), radius=0.5, pose=Pose(x=0.0, y=0.0, heading=0.0), dt=1.0)
    >>> holder.want(((0.0, 0.0), (40.0, 0.0)), 0).send
    (AuthorityRequest(plan=1, path=((0.0, 0.0), (20.0, 0.0), (40.0, 0.0)), radius=1.0),)
    >>> holder.on_message(AuthorityGrant(plan=1, upto=2), 3).drive
    Drive(path=((20.0, 0.0), (40.0, 0.0)), report=(0,))
    >>> holder.on_passed(0).send
    (AuthorityReturn(plan=1, upto=1, ends=None),)
    """

    def __init__(self, *, rover: RoverId, radius: float, pose: Pose, dt: float) -> None:
        self.phase = Phase.STANDING
        self.wake: Tick | None = None  #: When to call `on_wake`.
        self._rover = rover
        self._body = radius
        self._wider = CONTROL_MARGIN  # Metres that its ground reaches beyond its body.
        self._radius = radius + CONTROL_MARGIN
        self.place = pose.point  #: Where in its ground it stood last; there it is, unless it drives.
        # Ground from which the plan leads, or it stands on.
        self._start = Disc(x=pose.x, y=pose.y, radius=self._radius)
        self._dt = dt
        self._wait = RETRY
        self._reachable = self._lasting = True
        self._plan = 0
        self._course: Course | None = None  # Of the plan, also of one that was refused.
        self._refusal: AuthorityRefusal | None = None
        self._unheard: AuthorityReturn | None = None  # The end of a plan, until the leader confirms it.
        self._clear()

    def _clear(self) -> None:
        """Forget what is known of a plan on the way."""
        self._driving = False
        self._ended = False  # Done with the plan, but keeps its ground to be able to go back over it.
        self._back: Path | None = None  # Wanted, when it has gone back to where the leader hears it.
        self._wish: Path | None = None  # To be asked for once the body stands.
        self._granted = 0  # Last waypoint that may be driven to.
        self._target = 0  # Last waypoint that the body was sent to,
        self._offset = 0  # on a path whose waypoint 0 is this one of the plan,
        self._stride = 1  # and whose next ones are so many further on: -1 on the way back.
        self._passed = 0
        self._returned = 0
        self._waits_for: tuple[RoverId, ...] = ()
        self._is_cut = False  # There is a new leader, who does not know what of the plan is still to come.

    def widen(self, beyond: float) -> None:
        """Hold ground so many metres beyond its body from now on, where it stands: more while another is in tow."""
        self._wider, self._radius = beyond, self._body + beyond
        self._start = Disc(x=self.place[0], y=self.place[1], radius=self._radius)

    def moved(self, place: Point, pose: Pose) -> None:
        """Take in that another set the body down, on ground around this place, wherever it believes itself to be."""
        self._start = Disc(x=place[0], y=place[1], radius=self._radius)
        self.place = footing(disc_pieces([self._start]), pose.point, self._radius)
        self._unheard = self.wake = None

    def holding(self) -> Holding:
        """Return the ground that is this rover's now, as a new leader must know it."""
        is_held = self.phase not in (Phase.STANDING, Phase.ASKING) and self._granted > 0
        if not is_held or self._course is None:
            return Holding(plan=self._plan, start=self._start)
        return Holding(
            plan=self._plan,
            start=self._start,
            path=self._course.path[: self._granted + 1],
            radius=self._radius,
            returned=self._returned,
            whole=self._granted == self._course.last,
        )

    def on_leader(self, tick: Tick) -> Effects:
        """Take in that another leads now: what is held stands, the rest is asked for anew.

        Notes
        -----
        That gets another number, so that no word of an earlier leader can be about it.
        """
        if self.phase is Phase.ASKING:
            self._plan += 1
            self._wait = RETRY
            return self._repeat(tick)
        course = self._course
        if self.phase is not Phase.HOLDING or self._ended or course is None or self._granted == course.last:
            return Effects()
        self._is_cut = True
        return Effects() if self._driving else self._ask(course.corners_after(self._passed), tick)

    def travel(self) -> Travel:
        """Return what a mind may know of its drive; refused ground as wide as its body must keep clear of."""
        if self._back is not None:
            return Travel(path=self._back)
        if self._course is None or self._ended:
            return Travel()
        held = self._refusal.held if self._refusal is not None else ()
        return Travel(
            path=self._course.path,
            granted=self._granted,
            waits_for=self._waits_for,
            refused=tuple(Disc(x=disc.x, y=disc.y, radius=disc.radius + self._wider + _SLACK) for disc in held),
            refused_by=self._refusal.by if self._refusal is not None else (),
            closed=self._refusal.zones if self._refusal is not None else (),
        )

    def want(self, path: Path, tick: Tick) -> Effects:
        """Take in that the mind wants to drive a path from here; the way it is on already changes nothing."""
        course = self._course
        if self.phase is Phase.RETREATING and self._back is not None:
            self._back = path
            return Effects()
        is_on_way = self.phase in (Phase.ASKING, Phase.HOLDING) and not self._ended
        if is_on_way and course is not None and course.leads(path, self._passed):
            return Effects()
        return self._halt(path) if self._driving else self._depart(path, tick)

    def stop(self, pose: Pose, tick: Tick) -> Effects:
        """Take in that the mind wants to stand, or to do anything else than drive."""
        if self._driving:
            return self._halt(None)
        self.place = footing(holding_pieces(self.holding()), pose.point, self._radius)
        return self._settle(tick)

    def retreat(self) -> Effects:
        """Drive back over what is still held, as far as that reaches; the plan is given up after that."""
        if self.phase is not Phase.HOLDING or self._course is None or self._target == 0:
            return Effects()
        self.phase = Phase.RETREATING
        self.wake = None
        self._driving = True
        self._ended = False
        self._offset, self._stride = self._passed, -1
        back = self._course.path[self._returned : self._passed + 1][::-1]
        return Effects(drive=Drive(path=back, report=tuple(range(len(back) - 1))))

    def on_message(self, body: Body, tick: Tick) -> Effects:
        """Take in what the traffic leader says; whatever is about another plan than the present one is stale."""
        is_asked = self.phase in (Phase.ASKING, Phase.HOLDING) and not self._ended
        match body:
            case AuthorityGrant() if is_asked and body.plan == self._plan:
                return self._hear_grant(body, tick)
            case AuthorityRefusal() if self.phase is Phase.ASKING and body.plan == self._plan:
                _log.info("%s: plan %d refused, held by %s", self._rover, body.plan, ", ".join(body.by))
                self.phase = Phase.STANDING
                self.wake = None
                self._refusal = body
            case AuthorityWithdrawal() if is_asked and body.plan == self._plan and self._course is not None:
                _log.info("%s: rest of plan %d withdrawn", self._rover, body.plan)
                if self._driving and self._is_cut:
                    return Effects()  # That is known; it asks for the rest at the end of what it holds.
                rest = self._course.corners_after(self._passed)
                return self._halt(rest) if self._driving else self._ask(rest, tick)
            case AuthorityReturn() if self._unheard is not None and body.plan == self._unheard.plan:
                self._unheard = None
                self.wake = None
            case _:
                pass
        return Effects()

    def on_offer(self, path: Path, tick: Tick) -> Effects:
        """Ask for the way from here that the leader offers, with ways of others; it counts as what was wanted."""
        if self.phase not in (Phase.STANDING, Phase.ASKING) or self._driving or distance(path[0], self.place) > _SLACK:
            return Effects()
        if self.phase is Phase.ASKING and self._course is not None and self._course.path == path:
            return self._repeat(tick)
        return self._request(Course(wanted=path, corners=path, path=path), tick)

    def on_passed(self, waypoint: int) -> Effects:
        """Take in that a waypoint of the last drive lies behind."""
        if self._driving:
            # On the way back the segment that ends at a waypoint is entered there, so the one before lies behind.
            index = self._offset + self._stride * waypoint
            self._passed = max(self._passed, index) if self._stride > 0 else max(self._returned, index - 1)
        return Effects(send=self._news())

    def on_arrived(self, pose: Pose, tick: Tick) -> Effects:
        """Take in that the body has driven all it was given."""
        if self.phase is not Phase.HOLDING or self._course is None:
            is_there = self._driving and self.phase is Phase.STANDING
            # At the end of a way back nothing is left to go back over.
            self._passed, self._target = (self._target, self._target) if self._stride > 0 else (self._returned, 0)
            effects = self.on_halted(pose, tick)
            return Effects(finished=True) if is_there else effects
        if not self._driving:  # It only turned where it stands.
            return Effects(finished=True)
        self._driving = False
        self.place = footing(holding_pieces(self.holding()), pose.point, self._radius)
        self._passed = self._target
        if self._target < self._course.last:
            if self._is_cut:
                return self._ask(self._course.corners_after(self._passed), tick)
            self._wait = RETRY
            self._arm(tick)
            return Effects()
        return Effects(send=self._settle(tick).send, finished=True)

    def on_halted(self, pose: Pose, tick: Tick) -> Effects:
        """Take in that the body stands still before the end of what it was given, as told or because it must."""
        self._driving = False
        self.place = footing(holding_pieces(self.holding()), pose.point, self._radius)
        if self.phase is Phase.RETREATING:
            # The mind finds its way anew from here: further back, where the leader does not hear it yet.
            self.phase, self._back = Phase.HOLDING, None
            return Effects(send=self._settle(tick).send, finished=True)
        if self._wish is not None:
            return self._depart(self._wish, tick)
        return Effects() if self.phase is Phase.ASKING else self._settle(tick)

    def on_links(self, reachable: bool, tick: Tick, *, lasting: bool = True) -> Effects:
        """Take in whether the leader can be reached.

        Parameters
        ----------
        lasting
            Whether the leader itself is heard, so that the link lasts while the rover stands. While it does not,
            nothing is given back: the rover keeps the way back to where it does.
        """
        if (reachable, reachable and lasting) == (self._reachable, self._lasting):
            return Effects()
        self._reachable, self._lasting = reachable, reachable and lasting
        self.wake = None
        self._wait = RETRY
        if self._lasting and self.phase is Phase.RETREATING:
            return Effects(halt=True)
        if self._lasting and self._ended:
            return self._give_up(tick)
        return self._repeat(tick)

    def on_wake(self, tick: Tick) -> Effects:
        """Ask again what has had no answer until now; go back when there is nobody to ask."""
        if self.wake is None or tick < self.wake:
            return Effects()
        self.wake = None
        is_waiting = self.phase is Phase.HOLDING and not self._driving and not self._ended
        if is_waiting and not self._lasting and self._can_go_back() and self._course is not None:
            self._back = self._course.path
            return self.retreat()
        self._wait = min(2.0 * self._wait, RETRY_LIMIT)
        return self._repeat(tick)

    def _can_go_back(self) -> bool:
        """Whether there is ground behind that leads to where the leader was heard."""
        return self.phase in (Phase.HOLDING, Phase.HALTING) and self._target > 0

    def _depart(self, path: Path, tick: Tick) -> Effects:
        """Ask for a path where the leader hears it for sure; go back there first, if that can be."""
        if not self._lasting and self._can_go_back():
            self.phase = Phase.HOLDING
            self._wish = None
            self._back = path
            return self.retreat()
        return self._ask(path, tick)

    def _settle(self, tick: Tick) -> Effects:
        """End the plan where the rover stands, but keep the way back while the leader does not hear it for sure."""
        if not self._lasting and self._can_go_back():
            self.phase = Phase.HOLDING
            self._wish = None
            self._ended = True
            return Effects()
        return self._give_up(tick)

    def _hear_grant(self, grant: AuthorityGrant, tick: Tick) -> Effects:
        self.phase = Phase.HOLDING
        if self._course is None or grant.upto < self._granted:
            return Effects()
        self._waits_for = grant.waits_for
        self._granted = min(grant.upto, self._course.last)
        if self._granted == self._target:
            if not self._driving:
                self._arm(tick)
            return Effects()
        self.wake = None
        self._driving = True
        self._target = self._granted
        self._offset, self._stride = self._passed + 1, 1
        ahead = self._course.path[self._offset : self._target + 1]
        # What was kept to stand on can be given back now that the next segment is held.
        return Effects(send=self._news(), drive=Drive(path=ahead, report=tuple(range(len(ahead) - 1))))

    def _ask(self, path: Path, tick: Tick) -> Effects:
        """Ask for a path from where the rover stands."""
        course = plot(self.place, path)
        if course is None:
            # Already there: the body will say at once that it has arrived.
            effects = self._give_up(tick)
            self._driving = True
            return Effects(send=effects.send, drive=Drive(path=(self.place,), report=()))
        return self._request(course, tick)

    def _request(self, course: Course, tick: Tick) -> Effects:
        self._stand()
        self._clear()
        self.phase = Phase.ASKING
        self._plan += 1
        self._course = course
        self._refusal = None
        self._unheard = None  # A request says it as well.
        self._wait = RETRY
        return self._repeat(tick)

    def _give_up(self, tick: Tick) -> Effects:
        """End the plan, if there is one, where the rover stands."""
        self._stand()
        self._course = None
        self._refusal = None
        if self.phase is Phase.STANDING:
            return Effects()
        ends = Disc(x=self.place[0], y=self.place[1], radius=self._radius)
        self._unheard = AuthorityReturn(plan=self._plan, upto=self._passed, ends=ends)
        self._wait = RETRY
        self._clear()
        self.phase = Phase.STANDING
        return self._repeat(tick)

    def _stand(self) -> None:
        """Note on what ground it stands; beside a line on which its steering left it, that is cut to fit."""
        fit = max(0.0, min(self._radius, room(holding_pieces(self.holding()), self.place)))
        self._start = Disc(x=self.place[0], y=self.place[1], radius=fit)

    def _halt(self, wish: Path | None) -> Effects:
        self.phase = Phase.HALTING
        self.wake = None
        self._wish = wish
        return Effects(halt=True)

    def _news(self) -> tuple[Body, ...]:
        """Return the return of what lies behind, if there is any and the leader would hear it."""
        upto = min(self._passed, self._granted - 1)
        if self.phase is not Phase.HOLDING or not self._lasting or upto <= self._returned:
            return ()
        self._returned = upto
        return (AuthorityReturn(plan=self._plan, upto=upto),)

    def _repeat(self, tick: Tick) -> Effects:
        """Say what the leader may not have heard, and mind to say it again."""
        said: Body | None = None
        if self.phase is Phase.ASKING and self._course is not None:
            said = AuthorityRequest(plan=self._plan, path=self._course.path, radius=self._radius)
        elif self.phase is Phase.HOLDING:
            said = next(iter(self._news()), AuthorityReturn(plan=self._plan, upto=self._returned))
        elif self.phase is Phase.STANDING:
            said = self._unheard
        if said is None:
            return Effects()
        # Who waits out of touch waits only until it is time to go back.
        if not self._driving and (self._reachable or (self._can_go_back() and not self._ended)):
            self._arm(tick)
        return Effects(send=(said,) if self._reachable else ())

    def _arm(self, tick: Tick) -> None:
        self.wake = tick + max(1, round((self._wait if self._lasting else GO_BACK) / self._dt))
