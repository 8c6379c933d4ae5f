"""One run of the simulated response, compiled: the event loop.

The loop is one long function on purpose. Split into functions that share its arrays it ran eleven times slower, because numba counts
references to each array at each call; only what is called seldom stands apart. What it does is told step by step in
docs/explanation/response-simulation.md, and the slow twin in tests/analysis/challenge/resources/obvious.py does the same in plain Python,
incident by incident.

Events come from four places: incidents (sorted arrays), a heap of ends of jobs and arrivals at scenes (the only heap, at most two entries
a busy unit), rings of patience by grade (patience is one length within a grade, so first in is first out), and the calendar of shifts,
breaks and absences (sorted arrays). A branch for each kind only chooses: who stops being idle (`taken`), who looks for work (`free`), which
queue gives (`from_queue`), who goes where (`unit`, `incident`). The blocks after the branches then do it, once for all kinds.
"""

from typing import Any

import numpy as np

from bestvalue.analysis.challenge.resources_kernel_parts import (
    FAR,
    LAST_TIME_US,
    UNIT_BITS,
    UNIT_FIELDS,
    UNIT_MASK,
    Whole,
    heap_pop,
    heap_push,
    heap_replace,
    index,
    nearest,
    nearest_by_zone,
    time_bin,
    trailing_zeros,
)
from bestvalue.analysis.challenge.resources_model import (
    BINS,
    DAY_US,
    HOUR_US,
    HOURS_OF_WEEK,
    WEEK_US,
    Bools,
    Bytes,
    Floats,
    Ints,
    Longs,
    Masks,
    Shorts,
    Singles,
)
from bestvalue.analysis.compiled import compiled

OFF, IDLE, BUSY, BREAK = 0, 1, 2, 3
"""What a unit is doing: not to be had (off duty or away), waiting for an incident, on one, on its meal break."""
SHIFT_ENDS, SHIFT_STARTS, BREAK_DUE = 0, 1, 2
"""Kinds of event of the week's calendar, in the order in which they happen at one time."""
AWAY_STARTS, AWAY_ENDS = 0, 1

(X, Y, POOL, SHIFT_UNTIL, BREAK_OWED, DOING, PRESENT, RETURNS,
 PLACE, JOB, BASE_X, BASE_Y, ZONE, BASE_ZONE, ON_SHIFT, AWAY,
 SKILLS, JOB_UNTIL, JOB_REQUEST, SENT_AT, ON_SCENE, FROM_X, FROM_Y, JOB_OVERTIME) = (index(field) for field in range(24))  # fmt: skip
"""Fields of a unit, `UNIT_FIELDS` in all, those of each event first."""
FIRST_UNIT, IDLE_COUNT, KEEPS, IDLE_PART, DUTY_COUNT, DUTY_PART, BREAK_COUNT, BREAK_PART = (index(field) for field in range(8))
"""Fields of a pool; one record more follows the last. A part is unit time of the hour under way: changes add or take its rest."""
ATTENDED, WITHIN, RESPONSE_SUM, WAIT_SUM, WAITED, DIVERTED, REPORTED, UNSERVED_SUM = (index(field) for field in range(8))
"""Counts of an area and grade: one cache line."""
REQUESTED, SUPPORTED, SUPPORT_WITHIN, SUPPORT_RESPONSE_SUM, SUPPORT_WAIT_SUM, SUPPORT_WAITED, UNSUPPORTED = (
    index(field) for field in range(7)
)
"""Counts of a skill and grade."""
OVERTIME, OVERTIME_JOBS, BREAKS, BREAKS_MISSED = (index(field) for field in range(4))
"""Counts of a pool."""
POOL_FIELDS = CELL_FIELDS = SKILL_FIELDS = index(8)
POOL_COUNTS = index(4)
ZERO, ONE, TWO, THREE, FOUR, SIX, SIX_BITS = index(0), index(1), index(2), index(3), index(4), index(6), index(63)
A_HOUR, A_WEEK_OF_HOURS, ALL_BINS = index(HOUR_US), index(HOURS_OF_WEEK), index(BINS)
NOBODY: Any = np.int64(-1)


@compiled
def take_back(
    unit: Longs,
    own: Whole,
    cells: Longs,
    response_bins: Ints,
    wait_bins: Ints,
    hourly: Longs,
    pool_counts: Longs,
    cell: Whole,
    by_hour: Whole,
    sendable: Whole,
    reported: Whole,
    reach: Whole,
) -> None:
    """Count an incident as not attended after all: the unit at `own` was called off its way to it."""
    at = cell * CELL_FIELDS
    wait = unit[own + SENT_AT] - sendable
    response = unit[own + ON_SCENE] - reported
    cells[at + ATTENDED] -= 1
    cells[at + RESPONSE_SUM] -= response
    cells[at + WAIT_SUM] -= wait
    cells[at + DIVERTED] += 1
    response_bins[cell * ALL_BINS + time_bin(response)] -= 1
    hourly[by_hour] -= 1
    hourly[by_hour + TWO] -= response
    if response <= reach:
        cells[at + WITHIN] -= 1
        hourly[by_hour + ONE] -= 1
    if wait > 0:
        cells[at + WAITED] -= 1
        wait_bins[cell * ALL_BINS + time_bin(wait)] -= 1
    if unit[own + JOB_OVERTIME] > 0:
        at = index(unit[own + POOL]) * POOL_COUNTS
        pool_counts[at + OVERTIME] -= unit[own + JOB_OVERTIME]
        pool_counts[at + OVERTIME_JOBS] -= 1


@compiled
def close_hour(pool: Longs, unit_hours: Longs, first: Whole, counted: Whole) -> None:
    """Add the unit time of the hour that is over, from place `first` on, and begin the next."""
    for p in range(index(len(pool)) // POOL_FIELDS - ONE):
        ours = p * POOL_FIELDS
        at = (first + p) * THREE
        if counted:
            unit_hours[at] += pool[ours + DUTY_PART]
            unit_hours[at + ONE] += pool[ours + IDLE_PART]
            unit_hours[at + TWO] += pool[ours + BREAK_PART]
        pool[ours + DUTY_PART] = pool[ours + DUTY_COUNT] * HOUR_US
        pool[ours + IDLE_PART] = pool[ours + IDLE_COUNT] * HOUR_US
        pool[ours + BREAK_PART] = pool[ours + BREAK_COUNT] * HOUR_US


@compiled
def play(
    # the world and its units as they are at the start
    unit: Longs,
    pool: Longs,
    every_skill: Masks,
    some_skill: Masks,
    borrow_words: Masks,
    lend_words: Masks,
    week_time: Longs,
    week_kind: Bytes,
    week_unit: Ints,
    week_length: Longs,
    away_time: Longs,
    away_kind: Bytes,
    away_unit: Ints,
    pace: Floats,
    root_pace: Floats,
    zone_travel: Longs,
    # the rules
    patience: Longs,
    target: Longs,
    support_target: Longs,
    # the incidents
    time: Longs,
    x: Ints,
    y: Ints,
    area: Shorts,
    grade: Bytes,
    scene: Longs,
    need: Bytes,
    support: Longs,
    turnout: Ints,
    factor: Singles,
    zone: Ints,
    reported: Longs,
    support_before: Longs,
    # room to work in
    idle_x: Ints,
    idle_y: Ints,
    idle_unit: Ints,
    can_lend: Masks,
    has_queue: Masks,
    heap: Longs,
    ring: Longs,
    ring_ends: Longs,
    queue: Ints,
    behind: Ints,
    queued: Bools,
    requested: Longs,
    waiting: Longs,
    # the counts
    cells: Longs,
    response_bins: Ints,
    wait_bins: Ints,
    hourly: Longs,
    sent: Longs,
    sent_time: Longs,
    unit_hours: Longs,
    waiting_by_day: Longs,
    kinds: Longs,
    support_bins: Ints,
    support_sent: Longs,
    support_sent_time: Longs,
    pool_counts: Longs,
    row_unit: Ints,
    row_time: Longs,
    # sizes and switches
    areas: Whole,
    grades: Whole,
    diverts_for: Whole,
    diverts_from: Whole,
    count_from: Whole,
    end: Whole,
    stop: Whole,
    id_bits: Whole,
    zones: Whole,
) -> int:
    """Play all events up to `stop` and add to the counts; the number of events, or -1 where heap or rings are too small to go on.

    All arrays are flat, so that places in them are found with shifts and sums. `resources_engine` makes them, and says what is what.
    An empty optional array of the demand switches that option off; `row_unit` is empty where nobody asked for rows.
    """
    areas = index(areas)
    grades = index(grades)
    zones = index(zones)
    n, pools, units, words = len(time), index(len(pool)) // POOL_FIELDS - ONE, len(unit) // 24, index(len(can_lend))
    queues = index(len(queue)) >> ONE
    wants_support = len(need) > 0
    has_turnout = len(turnout) > 0
    has_factor = len(factor) > 0
    has_reported = len(reported) > 0
    has_before = len(support_before) > 0
    by_zone = zones > 0
    diverts = diverts_for >= 0
    keep_rows = len(row_unit) > 0
    has_root = len(root_pace) > 0
    id_mask = (1 << id_bits) - 1
    ring_room = index(len(ring)) // (grades << ONE)
    ring_mask = ring_room - ONE
    heap_room = len(heap) - 4
    heap_size = 0

    arrival = ZERO
    week_at = ZERO
    away_at = ZERO
    week_base = 0
    last_arrival = index(n)
    weekly = index(len(week_time))
    absences = index(len(away_time))
    next_arrival = time[arrival] if arrival < last_arrival else FAR
    next_week = week_time[week_at] if weekly > 0 else FAR
    next_away = away_time[away_at] if absences > 0 else FAR
    patience_ends = FAR
    patience_grade = ZERO
    hour = ZERO
    hour_ends = HOUR_US
    day = ZERO
    day_ends = DAY_US
    events = 0
    while True:
        root = heap[ZERO]
        next_job = root >> id_bits
        now = min(min(next_arrival, next_job), min(patience_ends, min(next_week, next_away)))
        while hour_ends <= now and hour_ends <= end:  # close the hour
            close_hour(pool, unit_hours, hour * pools, hour_ends > count_from)
            if hour_ends == day_ends:
                for g in range(grades):
                    waiting_by_day[day * grades + g] = waiting[g]
                day += ONE
                day_ends += DAY_US
            hour_ends += HOUR_US
            hour += ONE
            if hour == A_WEEK_OF_HOURS:
                hour = ZERO
        if now > stop:
            break
        if now >= hour_ends:  # after `end` the hours are no longer counted, but the pace still changes with them
            hour = index(now) // A_HOUR % A_WEEK_OF_HOURS
        if heap_size > heap_room:  # entries of jobs that were called off are still in it
            return -1
        events += 1
        to_hour_end = hour_ends - now

        taken = NOBODY
        free = NOBODY
        goes = NOBODY
        incident = NOBODY
        from_queue = NOBODY
        rests = NOBODY
        back = NOBODY
        is_support = False
        from_root = False
        asker = NOBODY
        lent_to = NOBODY
        best = FAR

        if now == next_arrival:
            i = arrival
            arrival += ONE
            next_arrival = time[arrival] if arrival < last_arrival else FAR
            k = index(area[i])
            g = index(grade[i])
            ours = k * POOL_FIELDS
            first = pool[ours + FIRST_UNIT]
            if by_zone:
                row = index(zone[i]) * zones
                best = nearest_by_zone(unit, ZONE, idle_unit, zone_travel, row, first, first + pool[ours + IDLE_COUNT], best)
            else:
                best = nearest(idle_x, idle_y, idle_unit, first, first + pool[ours + IDLE_COUNT], x[i], y[i], best)
            if time[i] >= count_from:
                cells[(k * grades + g) * CELL_FIELDS + REPORTED] += 1
            incident = np.int64(i)
            if patience[g] == 0:
                asker = incident
                lent_to = np.int64(k)

        elif now == next_job:
            number = root & id_mask
            from_root = True
            if number < units:  # on scene: ask for support
                own = index(number) * UNIT_FIELDS
                if diverts and unit[own + JOB_REQUEST] != now:  # called off on its way
                    heap_pop(heap, heap_size)
                    heap_size -= 1
                    continue
                unit[own + JOB_REQUEST] = -1
                i = index(unit[own + JOB])
                skill = index(need[i])
                g = index(grade[i])
                requested[i] = now
                if keep_rows:
                    row_time[index(2 * n) + i] = now
                if time[i] >= count_from:
                    kinds[(skill * grades + g) * SKILL_FIELDS + REQUESTED] += 1
                wanted = ONE << skill
                for p in range(areas, pools):
                    if some_skill[p] & wanted == 0:
                        continue
                    ours = p * POOL_FIELDS
                    first = pool[ours + FIRST_UNIT]
                    last = pool[ours + FIRST_UNIT] + pool[ours + IDLE_COUNT]
                    if every_skill[p] & wanted != 0 and not by_zone:
                        best = nearest(idle_x, idle_y, idle_unit, first, last, x[i], y[i], best)
                        continue
                    for place in range(index(first), index(last)):
                        able = index(idle_unit[place]) * UNIT_FIELDS
                        if index(unit[able + SKILLS]) & wanted != 0:
                            if by_zone:
                                far = zone_travel[index(zone[i]) * zones + index(unit[able + ZONE])]
                            else:
                                dx = np.int64(idle_x[place]) - np.int64(x[i])
                                dy = np.int64(idle_y[place]) - np.int64(y[i])
                                far = dx * dx + dy * dy
                            best = min(best, (far << UNIT_BITS) | np.int64(idle_unit[place]))
                if best != FAR:
                    is_support = True
                    incident = np.int64(i)
                else:
                    heap_pop(heap, heap_size)
                    heap_size -= 1
                    q = ((areas + skill) * grades + g) << ONE
                    if queue[q] < 0:
                        queue[q] = np.int64(i)
                    else:
                        behind[index(queue[q + ONE])] = np.int64(i)
                    queue[q + ONE] = np.int64(i)
                    behind[i] = -1
            else:  # a job or a meal break is over
                number -= units
                own = index(number) * UNIT_FIELDS
                if diverts:
                    if unit[own + JOB_UNTIL] != now:
                        heap_pop(heap, heap_size)
                        heap_size -= 1
                        continue
                    unit[own + JOB_UNTIL] = -1
                if unit[own + DOING] == BREAK:
                    ours = index(unit[own + POOL]) * POOL_FIELDS
                    pool[ours + BREAK_COUNT] -= 1
                    pool[ours + BREAK_PART] -= to_hour_end
                if unit[own + PRESENT]:
                    free = number
                else:
                    unit[own + DOING] = OFF
                    heap_pop(heap, heap_size)
                    heap_size -= 1

        elif now == patience_ends:
            z = patience_grade
            i = index(ring[(z * ring_room + (index(ring_ends[z << ONE]) & ring_mask)) << ONE])
            ring_ends[z << ONE] += 1
            patience_ends = FAR
            for g in range(grades):
                if ring_ends[g << ONE] < ring_ends[(g << ONE) + ONE]:
                    ends = ring[((g * ring_room + (index(ring_ends[g << ONE]) & ring_mask)) << ONE) + ONE]
                    if ends < patience_ends:
                        patience_ends = ends
                        patience_grade = g
            if queued[i]:
                k = index(area[i])
                from_queue = np.int64(k * grades + z)
                asker = np.int64(queue[index(from_queue) << ONE])  # the oldest of its area and grade: another only after a diversion
                lent_to = np.int64(k)

        else:
            # Who is away for a whole turn must not begin it: absences start before turns do, and end after turns have ended.
            of_week = next_week < next_away or (next_week == next_away and away_kind[away_at] == AWAY_ENDS)
            if of_week:
                number = np.int64(week_unit[week_at])
                kind = np.int64(week_kind[week_at])
                length = week_length[week_at]
                week_at += ONE
                if week_at == weekly:
                    week_at = ZERO
                    week_base += WEEK_US
                next_week = week_base + week_time[week_at]
            else:
                number = np.int64(away_unit[away_at])
                kind = np.int64(away_kind[away_at])
                length = 0
                away_at += ONE
                next_away = away_time[away_at] if away_at < absences else FAR
            own = index(number) * UNIT_FIELDS
            ours = index(unit[own + POOL]) * POOL_FIELDS
            was_present = unit[own + PRESENT]
            if of_week and kind == BREAK_DUE:
                if was_present:
                    unit[own + BREAK_OWED] = length
                    if unit[own + DOING] == IDLE:
                        taken = number
                        rests = number
            else:
                if of_week:
                    unit[own + ON_SHIFT] = kind == SHIFT_STARTS
                    if kind == SHIFT_STARTS:
                        unit[own + SHIFT_UNTIL] = now + length
                    elif unit[own + BREAK_OWED] > 0:
                        unit[own + BREAK_OWED] = 0
                        pool_counts[index(unit[own + POOL]) * POOL_COUNTS + BREAKS_MISSED] += 1
                else:
                    unit[own + AWAY] += 1 if kind == AWAY_STARTS else -1
                is_present = unit[own + ON_SHIFT] != 0 and unit[own + AWAY] == 0
                unit[own + PRESENT] = is_present
                if was_present and not is_present:
                    pool[ours + DUTY_COUNT] -= 1
                    pool[ours + DUTY_PART] -= to_hour_end
                    unit[own + BREAK_OWED] = 0  # taken away, it eats where it is
                    if unit[own + DOING] == IDLE:
                        taken = number
                        unit[own + DOING] = OFF
                    elif unit[own + DOING] == BREAK:
                        unit[own + DOING] = BUSY
                        pool[ours + BREAK_COUNT] -= 1
                        pool[ours + BREAK_PART] -= to_hour_end
                elif is_present and not was_present:
                    pool[ours + DUTY_COUNT] += 1
                    pool[ours + DUTY_PART] += to_hour_end
                    if unit[own + DOING] == OFF:
                        unit[own + X] = unit[own + BASE_X]
                        unit[own + Y] = unit[own + BASE_Y]
                        unit[own + ZONE] = unit[own + BASE_ZONE]
                        free = number

        if asker >= 0:  # the nearest idle unit of the areas that this one borrows from
            i, k = index(asker), index(lent_to)
            row = index(zone[i]) * zones if by_zone else ZERO
            for word in range(words):
                lenders = can_lend[word] & borrow_words[k * words + word]
                while lenders != 0:
                    ours = ((word << SIX) + trailing_zeros(lenders)) * POOL_FIELDS
                    lenders &= lenders - ONE
                    first = pool[ours + FIRST_UNIT]
                    if by_zone:
                        best = nearest_by_zone(unit, ZONE, idle_unit, zone_travel, row, first, first + pool[ours + IDLE_COUNT], best)
                    else:
                        best = nearest(idle_x, idle_y, idle_unit, first, first + pool[ours + IDLE_COUNT], x[i], y[i], best)
        if best != FAR:
            goes = best & UNIT_MASK
            taken = goes
        elif from_queue >= 0:
            from_queue = NOBODY
        elif incident >= 0:  # nobody is idle for a new incident: it waits, or somebody is called off what can wait
            back = incident
            i = index(incident)
            if diverts and grade[i] <= diverts_for:
                ours = index(area[i]) * POOL_FIELDS
                for other in range(pool[ours + FIRST_UNIT], pool[ours + POOL_FIELDS + FIRST_UNIT]):
                    own = index(other) * UNIT_FIELDS
                    if unit[own + DOING] == BUSY and now < unit[own + ON_SCENE] and unit[own + PRESENT]:
                        j = index(unit[own + JOB])
                        if grade[j] >= diverts_from:
                            gone = np.float64(now - unit[own + SENT_AT]) / np.float64(unit[own + ON_SCENE] - unit[own + SENT_AT])
                            at_x = unit[own + FROM_X] + np.int64(np.float64(x[j] - unit[own + FROM_X]) * gone)
                            at_y = unit[own + FROM_Y] + np.int64(np.float64(y[j] - unit[own + FROM_Y]) * gone)
                            dx = at_x - np.int64(x[i])
                            dy = at_y - np.int64(y[i])
                            best = min(best, ((dx * dx + dy * dy) << UNIT_BITS) | other)
            if best != FAR:
                goes = best & UNIT_MASK
                own = index(goes) * UNIT_FIELDS
                back = unit[own + JOB]
                j = index(back)
                gone = np.float64(now - unit[own + SENT_AT]) / np.float64(unit[own + ON_SCENE] - unit[own + SENT_AT])
                unit[own + X] = unit[own + FROM_X] + np.int64(np.float64(x[j] - unit[own + FROM_X]) * gone)
                unit[own + Y] = unit[own + FROM_Y] + np.int64(np.float64(y[j] - unit[own + FROM_Y]) * gone)
                unit[own + JOB_REQUEST] = -1
                if time[j] >= count_from:
                    cell = index(area[j]) * grades + index(grade[j])
                    reach = target[index(grade[j])]
                    at = index(area[j]) * pools + index(unit[own + POOL])
                    called = reported[j] if has_reported else time[j]
                    by_hour = ((index(called) // A_HOUR % A_WEEK_OF_HOURS) * areas * grades + cell) * THREE
                    take_back(unit, own, cells, response_bins, wait_bins, hourly, pool_counts, cell, by_hour, time[j], called, reach)
                    sent[at] -= 1
                    sent_time[at] -= unit[own + JOB_UNTIL] - now  # what was driven in vain stays counted
                if keep_rows:
                    row_unit[j] = -1
                    row_time[j] = -1
                    row_time[index(n) + j] = -1
            else:
                incident = NOBODY

        if back >= 0:  # into the queue, by time of report: at its end, unless it was put back
            i = index(back)
            k = index(area[i])
            g = index(grade[i])
            q = (k * grades + g) << ONE
            last = np.int64(queue[q + ONE])
            if last < 0:
                queue[q] = back
                queue[q + ONE] = back
                behind[i] = -1
            elif last < back:
                behind[index(last)] = back
                queue[q + ONE] = back
                behind[i] = -1
            else:
                ahead = NOBODY
                after = np.int64(queue[q])
                while after < back:
                    ahead = after
                    after = np.int64(behind[index(after)])
                behind[i] = after
                if ahead < 0:
                    queue[q] = back
                else:
                    behind[index(ahead)] = back
            queued[i] = True
            waiting[g] += 1
            has_queue[k >> SIX] |= ONE << (k & SIX_BITS)
            if 0 < patience[g] < FAR >> 2:
                ends = now + patience[g]
                begin = ring_ends[g << ONE]
                finish = ring_ends[(g << ONE) + ONE]
                if index(finish - begin) == ring_room:
                    return -1
                at = (g * ring_room + (index(finish) & ring_mask)) << ONE
                ring[at] = back
                ring[at + ONE] = ends
                ring_ends[(g << ONE) + ONE] += 1
                if begin == finish and (ends < patience_ends or (ends == patience_ends and g < patience_grade)):
                    patience_ends = ends
                    patience_grade = g

        if taken >= 0:  # no longer idle
            own = index(taken) * UNIT_FIELDS
            p = index(unit[own + POOL])
            ours = p * POOL_FIELDS
            place = index(unit[own + PLACE])
            count = pool[ours + IDLE_COUNT] - 1
            pool[ours + IDLE_COUNT] = count
            at = index(pool[ours + FIRST_UNIT] + count)
            moved = idle_unit[at]
            idle_x[place] = idle_x[at]
            idle_y[place] = idle_y[at]
            idle_unit[place] = moved
            unit[index(moved) * UNIT_FIELDS + PLACE] = np.int64(place)
            pool[ours + IDLE_PART] -= to_hour_end
            if count == pool[ours + KEEPS] and p < areas:
                can_lend[p >> SIX] &= ~(ONE << (p & SIX_BITS))

        if free >= 0:  # looks for work
            own = index(free) * UNIT_FIELDS
            p = index(unit[own + POOL])
            ours = p * POOL_FIELDS
            if p >= areas:  # support: most urgent grade, then the oldest incident, of its skills
                oldest = FAR
                for g in range(grades):
                    able = index(unit[own + SKILLS])
                    while able != 0:
                        q = (areas + trailing_zeros(able)) * grades + g
                        able &= able - ONE
                        if q < queues and 0 <= queue[q << ONE] < oldest:
                            oldest = np.int64(queue[q << ONE])
                            from_queue = np.int64(q)
                    if from_queue >= 0:
                        is_support = True
                        break
            elif (has_queue[p >> SIX] >> (p & SIX_BITS)) & ONE != 0:
                q = p * grades
                while queue[q << ONE] < 0:
                    q += ONE
                from_queue = np.int64(q)
            elif pool[ours + IDLE_COUNT] >= pool[ours + KEEPS]:
                # its area is quiet: the most urgent, then oldest, overdue incident of an area that it may help
                last_grade = grades - ONE
                oldest = FAR
                for word in range(words):
                    askers = has_queue[word] & lend_words[p * words + word]
                    while askers != 0:
                        q = ((word << SIX) + trailing_zeros(askers)) * grades
                        askers &= askers - ONE
                        for g in range(last_grade + ONE):
                            head = np.int64(queue[(q + g) << ONE])
                            if head >= 0 and time[index(head)] + patience[g] < now:
                                if g < last_grade or head < oldest:
                                    last_grade = g
                                    oldest = head
                                    from_queue = np.int64(q + g)
                                break
            if from_queue >= 0:
                goes = free
            else:
                if from_root:
                    heap_pop(heap, heap_size)
                    heap_size -= 1
                if unit[own + BREAK_OWED] > 0 and now + unit[own + BREAK_OWED] <= unit[own + SHIFT_UNTIL]:
                    rests = free
                else:
                    if unit[own + RETURNS]:
                        unit[own + X] = unit[own + BASE_X]
                        unit[own + Y] = unit[own + BASE_Y]
                        unit[own + ZONE] = unit[own + BASE_ZONE]
                    unit[own + DOING] = IDLE
                    count = pool[ours + IDLE_COUNT]
                    place = index(pool[ours + FIRST_UNIT] + count)
                    idle_x[place] = unit[own + X]
                    idle_y[place] = unit[own + Y]
                    idle_unit[place] = free
                    unit[own + PLACE] = np.int64(place)
                    pool[ours + IDLE_PART] += to_hour_end
                    pool[ours + IDLE_COUNT] = count + 1
                    if count == pool[ours + KEEPS] and p < areas:
                        can_lend[p >> SIX] |= ONE << (p & SIX_BITS)

        if rests >= 0:  # takes its meal break
            own = index(rests) * UNIT_FIELDS
            ours = index(unit[own + POOL]) * POOL_FIELDS
            until = ((now + unit[own + BREAK_OWED] + 3) & ~3) | 2
            unit[own + BREAK_OWED] = 0
            unit[own + DOING] = BREAK
            unit[own + JOB_UNTIL] = until
            pool[ours + BREAK_COUNT] += 1
            pool[ours + BREAK_PART] += to_hour_end
            pool_counts[index(unit[own + POOL]) * POOL_COUNTS + BREAKS] += 1
            heap_push(heap, heap_size, (until << id_bits) | (units + rests))
            heap_size += 1

        if from_queue >= 0:  # the head of the queue is next
            q = index(from_queue)
            incident = np.int64(queue[q << ONE])
            i = index(incident)
            next_in_queue = behind[i]
            queue[q << ONE] = next_in_queue
            if next_in_queue < 0:
                queue[(q << ONE) + ONE] = -1
            if not is_support:
                queued[i] = False
                waiting[index(grade[i])] -= 1
                if next_in_queue < 0:
                    k = index(area[i])
                    q = k * grades
                    while q < (k + ONE) * grades and queue[q << ONE] < 0:
                        q += ONE
                    if q == (k + ONE) * grades:
                        has_queue[k >> SIX] &= ~(ONE << (k & SIX_BITS))

        if goes >= 0:  # the unit goes
            i, own = index(incident), index(goes) * UNIT_FIELDS
            k = index(area[i])
            g = index(grade[i])
            p = index(unit[own + POOL])
            way = (grades + g if is_support else g) * A_WEEK_OF_HOURS + hour
            here_x = np.int64(x[i])
            here_y = np.int64(y[i])
            if by_zone:
                drive = np.float64(zone_travel[index(zone[i]) * zones + index(unit[own + ZONE])]) * pace[way]
                unit[own + ZONE] = np.int64(zone[i])
            else:
                dx = unit[own + X] - here_x
                dy = unit[own + Y] - here_y
                metres = np.sqrt(np.float64(dx * dx + dy * dy))
                drive = metres * pace[way]
                if has_root:
                    drive += root_pace[grades + g if is_support else g] * np.sqrt(metres)
            if has_factor:
                drive *= np.float64(factor[i])
            on_scene = now + np.int64(drive)
            if has_turnout:
                on_scene += np.int64(turnout[i])
            until = on_scene + (support[i] if is_support else scene[i])
            until = min(((until + 3) & ~3) | 2, LAST_TIME_US)
            overtime = max(until - unit[own + SHIFT_UNTIL], 0)
            if diverts:
                unit[own + FROM_X] = unit[own + X]
                unit[own + FROM_Y] = unit[own + Y]
                unit[own + SENT_AT] = now
                unit[own + ON_SCENE] = on_scene
                unit[own + JOB_UNTIL] = until
                unit[own + JOB_OVERTIME] = overtime
            unit[own + X] = here_x
            unit[own + Y] = here_y
            unit[own + DOING] = BUSY
            unit[own + JOB] = incident
            key = (until << id_bits) | (units + goes)
            if from_root:
                heap_replace(heap, heap_size, key)
            else:
                heap_push(heap, heap_size, key)
                heap_size += 1
            counted = time[i] >= count_from
            if counted and overtime > 0:
                pool_counts[p * POOL_COUNTS + OVERTIME] += overtime
                pool_counts[p * POOL_COUNTS + OVERTIME_JOBS] += 1
            if is_support:
                if counted:
                    cell = index(need[i]) * grades + g
                    at = cell * SKILL_FIELDS
                    wait = now - requested[i]
                    response = on_scene - requested[i]
                    if has_before:
                        response = max(response + support_before[i], 0)
                    kinds[at + SUPPORTED] += 1
                    kinds[at + SUPPORT_RESPONSE_SUM] += response
                    kinds[at + SUPPORT_WAIT_SUM] += wait
                    kinds[at + SUPPORT_WAITED] += wait > 0
                    kinds[at + SUPPORT_WITHIN] += response <= support_target[g]
                    support_bins[cell * ALL_BINS + time_bin(response)] += 1
                    support_sent[k * pools + p] += 1
                    support_sent_time[k * pools + p] += until - now
                if keep_rows:
                    row_unit[index(n) + i] = goes
                    row_time[index(3 * n) + i] = now
                    row_time[index(4 * n) + i] = on_scene
                continue
            if wants_support and need[i] >= 0:
                request = min(((on_scene + 3) & ~3) | 2, LAST_TIME_US)
                unit[own + JOB_REQUEST] = request
                heap_push(heap, heap_size, (request << id_bits) | goes)
                heap_size += 1
            if counted:
                wait = now - time[i]
                called = reported[i] if has_reported else time[i]
                response = on_scene - called
                cell = k * grades + g
                at = cell * CELL_FIELDS
                cells[at + ATTENDED] += 1
                cells[at + RESPONSE_SUM] += response
                response_bins[cell * ALL_BINS + time_bin(response)] += 1
                sent[k * pools + p] += 1
                sent_time[k * pools + p] += until - now
                by_hour = hour
                if wait > 0:
                    cells[at + WAIT_SUM] += wait
                    cells[at + WAITED] += 1
                    wait_bins[cell * ALL_BINS + time_bin(wait)] += 1
                if wait > 0 or has_reported:
                    by_hour = index(called) // A_HOUR % A_WEEK_OF_HOURS
                by_hour = (by_hour * areas * grades + cell) * THREE
                hourly[by_hour] += 1
                hourly[by_hour + TWO] += response
                if response <= target[g]:
                    cells[at + WITHIN] += 1
                    hourly[by_hour + ONE] += 1
            if keep_rows:
                row_unit[i] = goes
                row_time[i] = now
                row_time[index(n) + i] = on_scene

    return events
