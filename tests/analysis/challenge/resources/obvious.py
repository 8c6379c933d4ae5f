"""The simulation said slowly and obviously: every event in one sorted list, every unit an object, every search a loop over all units.

It shares nothing with the compiled engine but the names of the inputs. The two must agree incident by incident.
"""

import heapq
import math
from dataclasses import dataclass, field

from bestvalue.analysis.challenge.resources_model import HOUR_US, HOURS_OF_WEEK, WEEK_US, Demand, Rules, World


@dataclass
class Unit:
    number: int
    pool: int
    base: tuple[int, int]
    base_zone: int
    skills: int
    returns: bool
    x: int = 0
    y: int = 0
    zone: int = 0
    on_shift: bool = False
    shift_until: int = 0
    absences: int = 0
    doing: str = "off"
    break_owed: int = 0
    version: int = 0  # of what it is doing: an event of an earlier version is void
    incident: int = -1
    sent: int = 0
    on_scene: int = 0
    sent_from: tuple[int, int] = (0, 0)

    @property
    def present(self) -> bool:
        return self.on_shift and self.absences == 0

    def go_to_base(self) -> None:
        (self.x, self.y), self.zone = self.base, self.base_zone


@dataclass
class Story:
    """What happened: per incident, and integrals kept by plain addition at each event."""

    unit: dict[int, int] = field(default_factory=dict)
    sent: dict[int, int] = field(default_factory=dict)
    scene: dict[int, int] = field(default_factory=dict)
    support_unit: dict[int, int] = field(default_factory=dict)
    requested: dict[int, int] = field(default_factory=dict)
    support_sent: dict[int, int] = field(default_factory=dict)
    support_scene: dict[int, int] = field(default_factory=dict)
    until: dict[int, int] = field(default_factory=dict)
    overtime: dict[int, int] = field(default_factory=dict)
    support_overtime: dict[int, int] = field(default_factory=dict)
    duty_us: dict[tuple[int, int], int] = field(default_factory=dict)
    idle_us: dict[tuple[int, int], int] = field(default_factory=dict)
    break_us: dict[tuple[int, int], int] = field(default_factory=dict)
    queue_time_us: int = 0
    breaks: int = 0
    breaks_missed: int = 0
    diverted: list[int] = field(default_factory=list)


class Obvious:
    def __init__(self, world: World, demand: Demand, rules: Rules) -> None:
        self.world, self.demand, self.rules = world, demand, rules
        self.areas = len(world.areas)
        self.zoned = len(world.zone_travel_us) > 0
        self.story = Story()
        self.waiting: set[int] = set()
        self.waiting_for_support: list[int] = []  # in the order of asking
        self.patience = [(int(w) & ~3) | 2 if w > 0 else int(w) for w in rules.borrow_after_us]
        self.events: list[tuple[int, tuple[int, ...], str, int, int]] = []
        self.units = [
            Unit(
                number,
                int(world.unit_pool[number]),
                (int(world.unit_x_m[number]), int(world.unit_y_m[number])),
                int(world.unit_zone[number]) if self.zoned else 0,
                int(world.unit_skills[number]),
                bool(world.unit_returns[number]),
            )
            for number in range(len(world.unit_pool))
        ]

    def play(self) -> Story:
        for unit in self.units:
            unit.go_to_base()
        self.fill_calendar()
        for i, time in enumerate(self.demand.time_us.tolist()):
            self.add(time, (0,), "report", i, 0)
        clock = 0
        while self.events and self.events[0][0] <= self.demand.stop_us:
            now, _, kind, number, value = heapq.heappop(self.events)
            self.let_time_pass(clock, now)
            clock = now
            getattr(self, kind)(now, number, value)
        self.let_time_pass(clock, self.demand.stop_us)
        return self.story

    def add(self, time: int, order: tuple[int, ...], kind: str, number: int, value: int) -> None:
        heapq.heappush(self.events, (time, order, kind, number, value))

    def fill_calendar(self) -> None:
        world = self.world
        for turn, number in enumerate(world.shift_unit.tolist()):
            start, stop = int(world.shift_from_us[turn]), int(world.shift_to_us[turn])
            rest, after = int(world.shift_break_us[turn]), int(world.shift_break_after_us[turn])
            if stop > WEEK_US:
                unit = self.units[number]
                unit.on_shift, unit.shift_until, unit.doing = True, stop - WEEK_US, "idle"
            for week in range(-1, self.demand.stop_us // WEEK_US + 1):
                base = week * WEEK_US
                for time, order, kind, value in (
                    (base + stop, 0, "shift_ends", 0),
                    (base + start, 1, "shift_starts", stop - start),
                    (base + start + after, 2, "break_due", rest),
                ):
                    if time >= 0 and (kind != "break_due" or rest > 0):
                        self.add(time, (0, order, number), kind, number, value)
        for number, start, stop in zip(world.away_unit.tolist(), world.away_from_us.tolist(), world.away_to_us.tolist(), strict=True):
            self.add(start, (-1, 0, number), "away_starts", number, 0)  # before a turn that starts with it
            self.add(stop, (1, 1, number), "away_ends", number, 0)

    def let_time_pass(self, start: int, stop: int) -> None:
        """Add up who was doing what between two events, hour by hour, as far as time is counted."""
        self.story.queue_time_us += (stop - start) * len(self.waiting)
        start, stop = max(start, self.demand.count_from_us), min(stop, self.demand.end_us)
        while start < stop:
            until = min((start // HOUR_US + 1) * HOUR_US, stop)
            hour = start // HOUR_US % HOURS_OF_WEEK
            for unit in self.units:
                place = (hour, unit.pool)
                for holds, times in (
                    (unit.present, self.story.duty_us),
                    (unit.doing == "idle", self.story.idle_us),
                    (unit.doing == "break", self.story.break_us),
                ):
                    times[place] = times.get(place, 0) + (until - start) * holds
            start = until

    # --- events
    def report(self, now: int, i: int, _: int) -> None:
        k, g = int(self.demand.area[i]), int(self.demand.grade[i])
        candidates = [unit for unit in self.units if unit.pool == k and unit.doing == "idle"]
        if self.patience[g] == 0:
            candidates += self.lent_to(k)
        if candidates:
            self.send(min(candidates, key=lambda unit: self.closeness(unit, i)), i, now)
        elif called_off := self.nearest_to_divert(k, g, i, now):
            self.call_off(called_off, now)
            self.send(called_off, i, now)
        else:
            self.queue(i, now)

    def queue(self, i: int, now: int) -> None:
        self.waiting.add(i)
        g = int(self.demand.grade[i])
        if self.patience[g] > 0:
            self.add(now + self.patience[g], (g,), "patience_ends", i, 0)

    def patience_ends(self, now: int, i: int, _: int) -> None:
        if i in self.waiting:
            k, g = int(self.demand.area[i]), int(self.demand.grade[i])
            oldest = min(j for j in self.waiting if self.demand.area[j] == k and self.demand.grade[j] == g)
            if candidates := self.lent_to(k):
                self.waiting.remove(oldest)
                self.send(min(candidates, key=lambda unit: self.closeness(unit, oldest)), oldest, now)

    def on_scene(self, now: int, number: int, version: int) -> None:
        unit = self.units[number]
        if unit.version == version:
            i = unit.incident
            self.story.requested[i] = now
            able = [v for v in self.units if v.pool >= self.areas and v.doing == "idle" and v.skills >> int(self.demand.need_skill[i]) & 1]
            if able:
                self.send(min(able, key=lambda v: self.closeness(v, i)), i, now, support=True)
            else:
                self.waiting_for_support.append(i)

    def job_ends(self, now: int, number: int, version: int) -> None:
        unit = self.units[number]
        if unit.version == version:
            self.is_free(unit, now)

    def shift_starts(self, now: int, number: int, length: int) -> None:
        unit = self.units[number]
        unit.on_shift, unit.shift_until = True, now + length
        if unit.present and unit.doing == "off":
            unit.go_to_base()
            self.is_free(unit, now)

    def shift_ends(self, _now: int, number: int, _: int) -> None:
        unit = self.units[number]
        if unit.on_shift:
            unit.on_shift = False
            self.leaves(unit)
            self.story.breaks_missed += unit.break_owed > 0
            unit.break_owed = 0

    def break_due(self, now: int, number: int, length: int) -> None:
        unit = self.units[number]
        if unit.present:
            unit.break_owed = length
            if unit.doing == "idle":
                self.rest(unit, now)

    def away_starts(self, _now: int, number: int, _: int) -> None:
        unit = self.units[number]
        unit.absences += 1
        if unit.absences == 1 and unit.on_shift:
            unit.break_owed = 0
            self.leaves(unit)

    def away_ends(self, now: int, number: int, _: int) -> None:
        unit = self.units[number]
        unit.absences -= 1
        if unit.present and unit.doing == "off":
            unit.go_to_base()
            self.is_free(unit, now)

    # --- what units do
    def leaves(self, unit: Unit) -> None:
        if unit.doing == "idle":
            unit.doing = "off"
        elif unit.doing == "break":
            unit.doing = "busy"  # the rest of its break is its own time

    def is_free(self, unit: Unit, now: int) -> None:
        unit.version += 1
        if not unit.present:
            unit.doing = "off"
            return
        unit.doing = "free"
        if unit.pool >= self.areas:
            mine = [i for i in self.waiting_for_support if unit.skills >> int(self.demand.need_skill[i]) & 1]
            if mine:
                urgent = min(self.demand.grade[i] for i in mine)
                heads: dict[int, int] = {}  # of each skill, who asked first; between skills the older incident goes first
                for i in mine:
                    if self.demand.grade[i] == urgent:
                        heads.setdefault(int(self.demand.need_skill[i]), i)
                i = min(heads.values())
                self.waiting_for_support.remove(i)
                self.send(unit, i, now, support=True)
                return
        else:
            own = [i for i in self.waiting if self.demand.area[i] == unit.pool]
            if own:
                i = min(own, key=lambda i: (self.demand.grade[i], i))
                self.waiting.remove(i)
                self.send(unit, i, now)
                return
            idle = sum(other.doing == "idle" for other in self.units if other.pool == unit.pool)
            if idle >= self.world.pool_keeps_idle[unit.pool]:
                overdue = [i for i in self.waiting if self.helps(unit.pool, int(self.demand.area[i])) and self.is_overdue(i, now)]
                if overdue:
                    i = min(overdue, key=lambda i: (self.demand.grade[i], i))
                    self.waiting.remove(i)
                    self.send(unit, i, now)
                    return
        if unit.break_owed and now + unit.break_owed <= unit.shift_until:
            self.rest(unit, now)
        else:
            unit.doing = "idle"
            if unit.returns:
                unit.go_to_base()

    def rest(self, unit: Unit, now: int) -> None:
        unit.doing = "break"
        unit.version += 1
        until = ((now + unit.break_owed + 3) & ~3) | 2
        unit.break_owed = 0
        self.story.breaks += 1
        self.add(until, (1, unit.number), "job_ends", unit.number, unit.version)

    def send(self, unit: Unit, i: int, now: int, *, support: bool = False) -> None:
        demand = self.demand
        g, hour = int(demand.grade[i]), now // HOUR_US % HOURS_OF_WEEK
        pace = float(self.world.pace_us_per_m[int(support), g, hour])
        if self.zoned:
            drive = float(int(self.world.zone_travel_us[unit.zone, demand.zone[i]])) * pace
            zone = int(demand.zone[i])
        else:
            metres = math.sqrt((unit.x - int(demand.x_m[i])) ** 2 + (unit.y - int(demand.y_m[i])) ** 2)
            drive = metres * pace
            if self.world.start_us_per_root_m.max() > 0:
                drive += float(self.world.start_us_per_root_m[int(support), g]) * math.sqrt(metres)
            zone = 0
        if len(demand.travel_factor):
            drive *= float(demand.travel_factor[i])
        on_scene = now + int(drive) + (int(demand.turnout_us[i]) if len(demand.turnout_us) else 0)
        until = min(((on_scene + int((demand.support_us if support else demand.scene_us)[i]) + 3) & ~3) | 2, (1 << 46) - 2)
        unit.version += 1
        unit.doing, unit.incident, unit.sent, unit.on_scene, unit.sent_from = "busy", i, now, on_scene, (unit.x, unit.y)
        unit.x, unit.y, unit.zone = int(demand.x_m[i]), int(demand.y_m[i]), zone
        self.add(until, (1, unit.number), "job_ends", unit.number, unit.version)
        story, overtime = self.story, max(until - unit.shift_until, 0)
        if support:
            story.support_unit[i], story.support_sent[i], story.support_scene[i] = unit.number, now, on_scene
            story.support_overtime[i] = overtime
        else:
            story.unit[i], story.sent[i], story.scene[i], story.until[i], story.overtime[i] = unit.number, now, on_scene, until, overtime
            if len(demand.need_skill) and demand.need_skill[i] >= 0:
                self.add(((on_scene + 3) & ~3) | 2, (0, unit.number), "on_scene", unit.number, unit.version)

    # --- who can help whom
    def lent_to(self, area: int) -> list[Unit]:
        found = []
        for pool in range(self.areas):
            idle = [unit for unit in self.units if unit.pool == pool and unit.doing == "idle"]
            if self.helps(pool, area) and len(idle) > self.world.pool_keeps_idle[pool]:
                found += idle
        return found

    def helps(self, pool: int, area: int) -> bool:
        return pool != area and bool(self.world.borrows_from[area, pool])

    def is_overdue(self, i: int, now: int) -> bool:
        patience = self.patience[int(self.demand.grade[i])]
        return patience >= 0 and int(self.demand.time_us[i]) + patience < now

    def closeness(self, unit: Unit, i: int) -> tuple[int, int]:
        if self.zoned:
            return int(self.world.zone_travel_us[unit.zone, self.demand.zone[i]]), unit.number
        return (unit.x - int(self.demand.x_m[i])) ** 2 + (unit.y - int(self.demand.y_m[i])) ** 2, unit.number

    # --- diversion
    def under_way_at(self, unit: Unit, now: int) -> tuple[int, int]:
        gone = float(now - unit.sent) / float(unit.on_scene - unit.sent)
        (x, y), i = unit.sent_from, unit.incident
        return x + int(float(int(self.demand.x_m[i]) - x) * gone), y + int(float(int(self.demand.y_m[i]) - y) * gone)

    def nearest_to_divert(self, k: int, g: int, i: int, now: int) -> Unit | None:
        if self.rules.diverts_for < 0 or g > self.rules.diverts_for:
            return None
        under_way = [
            unit
            for unit in self.units
            if unit.pool == k
            and unit.present
            and unit.doing == "busy"
            and now < unit.on_scene
            and self.demand.grade[unit.incident] >= self.rules.diverts_from
        ]

        def closeness(unit: Unit) -> tuple[int, int]:
            x, y = self.under_way_at(unit, now)
            return (x - int(self.demand.x_m[i])) ** 2 + (y - int(self.demand.y_m[i])) ** 2, unit.number

        return min(under_way, key=closeness) if under_way else None

    def call_off(self, unit: Unit, now: int) -> None:
        j = unit.incident
        unit.x, unit.y = self.under_way_at(unit, now)
        for record in (self.story.unit, self.story.sent, self.story.scene, self.story.until, self.story.overtime):
            del record[j]
        self.story.diverted.append(j)
        self.queue(j, now)
