"""The benchmark's plain model as one would write it in an afternoon: Python's heapq, sets of idle units, queues as deques.

Prints the incidents a second and checks every count against the compiled engine when run by `run.py`.
"""

import heapq
import math
from collections import deque
from dataclasses import dataclass, field

from bestvalue.analysis.challenge.resources_model import HOUR_US, HOURS_OF_WEEK, WEEK_US, Demand, Rules, World

OUT_OF_TIME = 1 << 62


@dataclass
class Found:
    """Per incident, in the order of the demand: when the unit came, -1 for never; and the same for support."""

    scene: list[int] = field(default_factory=list)
    support_scene: list[int] = field(default_factory=list)


class Force:
    """The plain model's data as lists, which plain Python reads fastest."""

    def __init__(self, world: World, rules: Rules) -> None:
        self.areas, self.grades = len(world.areas), len(rules.grades)
        self.pool = world.unit_pool.tolist()
        self.base = list(zip(world.unit_x_m.tolist(), world.unit_y_m.tolist(), strict=True))
        self.skills = world.unit_skills.tolist()
        self.pace = world.pace_us_per_m.tolist()
        self.patience = [(wait & ~3) | 2 for wait in rules.borrow_after_us.tolist()]
        lends = world.borrows_from
        self.lenders = [[j for j in range(self.areas) if lends[k, j] and j != k] for k in range(self.areas)]
        self.borrowers = [[j for j in range(self.areas) if lends[j, k] and j != k] for k in range(self.areas)]
        self.turns = sorted(
            [(int(stop) % WEEK_US, 0, int(unit), 0) for unit, stop in zip(world.shift_unit, world.shift_to_us, strict=True)]
            + [
                (int(start), 1, int(unit), int(stop - start))
                for unit, start, stop in zip(world.shift_unit, world.shift_from_us, world.shift_to_us, strict=True)
            ]
        )
        self.on_at_start = [int(unit) for unit, stop in zip(world.shift_unit, world.shift_to_us, strict=True) if stop > WEEK_US]
        self.returns = world.unit_returns.tolist()


class Columns:
    """A demand's columns as lists."""

    def __init__(self, demand: Demand) -> None:
        for name in ("time_us", "x_m", "y_m", "area", "grade", "scene_us", "need_skill", "support_us"):
            setattr(self, name, getattr(demand, name).tolist())
        self.stop = demand.stop_us


def play(force: Force, incidents: Columns) -> Found:
    """Play the plain model."""
    time, xs, ys, areas, grades = incidents.time_us, incidents.x_m, incidents.y_m, incidents.area, incidents.grade
    scenes, needs, supports = incidents.scene_us, incidents.need_skill, incidents.support_us
    n, grade_range = len(time), range(force.grades)
    found = Found(scene=[-1] * n, support_scene=[-1] * n)
    place, on_duty, busy = list(force.base), [False] * len(force.pool), [False] * len(force.pool)
    idle = [set() for _ in range(max(force.pool) + 1)]
    queues = [[deque() for _ in grade_range] for _ in range(force.areas)]
    support_queues = [[deque() for _ in grade_range] for _ in range(64)]
    waiting: set[int] = set()
    events: list[tuple[int, int, int, int]] = []
    push, pop = heapq.heappush, heapq.heappop
    report, scene_reached, job_over, patience_over, turn = range(5)

    def nearest(pools, i):
        best, x, y = None, xs[i], ys[i]
        for pool in pools:
            for unit in idle[pool]:
                ux, uy = place[unit]
                key = ((ux - x) ** 2 + (uy - y) ** 2, unit)
                if best is None or key < best:
                    best = key
        return None if best is None else best[1]

    def send(unit, i, now, wave):
        (ux, uy), x, y = place[unit], xs[i], ys[i]
        idle[force.pool[unit]].discard(unit)
        busy[unit], place[unit] = True, (x, y)
        metres = math.sqrt((ux - x) ** 2 + (uy - y) ** 2)
        on_scene = now + int(metres * force.pace[wave][grades[i]][now // HOUR_US % HOURS_OF_WEEK])
        if wave:
            found.support_scene[i] = on_scene
            push(events, ((on_scene + supports[i] + 3) & ~3 | 2, job_over, unit, 0))
            return
        found.scene[i] = on_scene
        push(events, ((on_scene + scenes[i] + 3) & ~3 | 2, job_over, unit, 0))
        if needs[i] >= 0:
            push(events, ((on_scene + 3) & ~3 | 2, scene_reached, unit, i))

    def freed(unit, now):
        pool = force.pool[unit]
        busy[unit] = False
        if pool >= force.areas:
            skills = [skill for skill in range(64) if force.skills[unit] >> skill & 1]
            for grade in grade_range:
                heads = [(support_queues[skill][grade][0], skill) for skill in skills if support_queues[skill][grade]]
                if heads:
                    i, skill = min(heads)
                    support_queues[skill][grade].popleft()
                    send(unit, i, now, 1)
                    return
        else:
            for queue in queues[pool]:
                if queue:
                    i = queue.popleft()
                    waiting.discard(i)
                    send(unit, i, now, 0)
                    return
            best = None
            for other in force.borrowers[pool]:
                for grade in grade_range:
                    queue = queues[other][grade]
                    if queue and time[queue[0]] + force.patience[grade] < now and (best is None or (grade, queue[0]) < best):
                        best = (grade, queue[0])
            if best is not None:
                queues[areas[best[1]]][best[0]].popleft()
                waiting.discard(best[1])
                send(unit, best[1], now, 0)
                return
        if force.returns[unit]:
            place[unit] = force.base[unit]
        idle[pool].add(unit)

    for unit in force.on_at_start:
        on_duty[unit] = True
        idle[force.pool[unit]].add(unit)
    next_turn, week = 0, 0
    push(events, (force.turns[0][0], turn, 0, 0))
    if n:
        push(events, (time[0], report, 0, 0))
    while events:
        now, kind, number, i = pop(events)
        if now > incidents.stop:
            break
        if kind == report:
            if number + 1 < n:
                push(events, (time[number + 1], report, number + 1, 0))
            unit = nearest((areas[number],), number)
            if unit is not None:
                send(unit, number, now, 0)
            else:
                queues[areas[number]][grades[number]].append(number)
                waiting.add(number)
                push(events, (now + force.patience[grades[number]], patience_over, number, 0))
        elif kind == job_over:
            if on_duty[number]:
                freed(number, now)
            else:
                busy[number] = False
        elif kind == patience_over:
            if number in waiting:
                unit = nearest(force.lenders[areas[number]], number)
                if unit is not None:
                    queues[areas[number]][grades[number]].popleft()
                    waiting.discard(number)
                    send(unit, number, now, 0)
        elif kind == scene_reached:
            skill = needs[i]
            able = [unit for pool in range(force.areas, len(idle)) for unit in idle[pool] if force.skills[unit] >> skill & 1]
            x, y = xs[i], ys[i]
            unit = min(able, key=lambda v: ((place[v][0] - x) ** 2 + (place[v][1] - y) ** 2, v), default=None)
            if unit is not None:
                send(unit, i, now, 1)
            else:
                support_queues[skill][grades[i]].append(i)
        else:
            while force.turns[next_turn][0] + week == now:
                _, starts, unit, _ = force.turns[next_turn]
                on_duty[unit] = bool(starts)
                if not starts:
                    idle[force.pool[unit]].discard(unit)
                elif not busy[unit]:
                    place[unit] = force.base[unit]
                    freed(unit, now)
                next_turn += 1
                if next_turn == len(force.turns):
                    next_turn, week = 0, week + WEEK_US
            push(events, (force.turns[next_turn][0] + week, turn, 0, 0))
    return found
