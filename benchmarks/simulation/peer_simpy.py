"""The benchmark's plain model in simpy: a process for each incident, as simpy's documents would have it.

Simpy has no resource that picks the nearest unit or lends between pools, so idle units are kept in sets, as simpy's users do.
"""

import math
from collections import deque

import simpy
from peer_heapq import Columns, Force, Found

from bestvalue.analysis.challenge.resources_model import HOUR_US, HOURS_OF_WEEK, WEEK_US


def play(force: Force, incidents: Columns) -> Found:
    """Play the plain model."""
    environment = simpy.Environment()
    time, xs, ys, areas, grades = incidents.time_us, incidents.x_m, incidents.y_m, incidents.area, incidents.grade
    scenes, needs, supports = incidents.scene_us, incidents.need_skill, incidents.support_us
    n, grade_range = len(time), range(force.grades)
    found = Found(scene=[-1] * n, support_scene=[-1] * n)
    place, on_duty, busy = list(force.base), [False] * len(force.pool), [False] * len(force.pool)
    idle = [set() for _ in range(max(force.pool) + 1)]
    queues = [[deque() for _ in grade_range] for _ in range(force.areas)]
    support_queues = [[deque() for _ in grade_range] for _ in range(64)]
    called: dict[int, simpy.Event] = {}
    asked: dict[int, simpy.Event] = {}

    def nearest(units, i):
        x, y = xs[i], ys[i]
        return min(units, key=lambda unit: ((place[unit][0] - x) ** 2 + (place[unit][1] - y) ** 2, unit), default=None)

    def leave(unit, i, wave):
        """The unit goes; when it is on scene."""
        (ux, uy), x, y, now = place[unit], xs[i], ys[i], environment.now
        idle[force.pool[unit]].discard(unit)
        busy[unit], place[unit] = True, (x, y)
        metres = math.sqrt((ux - x) ** 2 + (uy - y) ** 2)
        return now + int(metres * force.pace[wave][grades[i]][now // HOUR_US % HOURS_OF_WEEK])

    def freed(unit):
        pool, now = force.pool[unit], environment.now
        busy[unit] = False
        if pool >= force.areas:
            for grade in grade_range:
                heads = [
                    (support_queues[skill][grade][0], skill)
                    for skill in range(64)
                    if force.skills[unit] >> skill & 1 and support_queues[skill][grade]
                ]
                if heads:
                    i, skill = min(heads)
                    support_queues[skill][grade].popleft()
                    busy[unit] = True
                    asked.pop(i).succeed(unit)
                    return
        else:
            best = None
            for queue in queues[pool]:
                if queue:
                    best = queue
                    break
            else:
                key = None
                for other in force.borrowers[pool]:
                    for grade in grade_range:
                        queue = queues[other][grade]
                        if queue and time[queue[0]] + force.patience[grade] < now and (key is None or (grade, queue[0]) < key):
                            key, best = (grade, queue[0]), queue
            if best is not None:
                busy[unit] = True
                called.pop(best.popleft()).succeed(unit)
                return
        if force.returns[unit]:
            place[unit] = force.base[unit]
        idle[pool].add(unit)

    def incident(i):
        k, grade = areas[i], grades[i]
        unit = nearest(idle[k], i)
        if unit is None:
            call = called[i] = environment.event()
            queues[k][grade].append(i)
            yield call | environment.timeout(force.patience[grade])
            if not call.triggered:
                unit = nearest((unit for j in force.lenders[k] for unit in idle[j]), i)
                if unit is None:
                    yield call
                else:
                    queues[k][grade].popleft()
                    del called[i]
            if unit is None:
                unit = call.value
        on_scene = found.scene[i] = leave(unit, i, 0)
        over = on_scene + scenes[i] + 3 & ~3 | 2
        if needs[i] >= 0:
            yield environment.timeout((on_scene + 3 & ~3 | 2) - environment.now)
            environment.process(support(i))
        yield environment.timeout(over - environment.now)
        busy[unit] = False
        if on_duty[unit]:
            freed(unit)

    def support(i):
        skill, grade = needs[i], grades[i]
        able = (unit for pool in range(force.areas, len(idle)) for unit in idle[pool] if force.skills[unit] >> skill & 1)
        unit = nearest(able, i)
        if unit is None:
            ask = asked[i] = environment.event()
            support_queues[skill][grade].append(i)
            unit = yield ask
        on_scene = found.support_scene[i] = leave(unit, i, 1)
        yield environment.timeout((on_scene + supports[i] + 3 & ~3 | 2) - environment.now)
        busy[unit] = False
        if on_duty[unit]:
            freed(unit)

    def reports():
        for i in range(n):
            yield environment.timeout(time[i] - environment.now)
            environment.process(incident(i))

    def turns():
        week = 0
        while True:
            for when, starts, unit, _ in force.turns:
                if when + week > environment.now:
                    yield environment.timeout(when + week - environment.now)
                on_duty[unit] = bool(starts)
                if not starts:
                    idle[force.pool[unit]].discard(unit)
                elif not busy[unit]:
                    place[unit] = force.base[unit]
                    freed(unit)
            week += WEEK_US

    for unit in force.on_at_start:
        on_duty[unit] = True
        idle[force.pool[unit]].add(unit)
    environment.process(turns())
    environment.process(reports())
    environment.run(until=incidents.stop)
    return found
