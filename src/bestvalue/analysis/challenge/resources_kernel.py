"""One run of the simulated response, compiled: the event loop.

It is one long function on purpose. Split into functions that share its arrays it ran eleven times slower, because numba counts references
to each array at each call. What it does is told step by step in docs/explanation/response-simulation.md, and the slow twin in
tests/analysis/challenge/resources/obvious.py does the same in plain Python, incident by incident.

Events come from four places: incidents (sorted arrays), a heap of ends of jobs and arrivals at scenes (the only heap, at most two entries
a busy unit), rings of patience by grade (patience is one length within a grade, so first in is first out), and the calendar of shifts,
breaks and absences (sorted arrays). A branch for each kind only chooses: who stops being idle (`taken`), who looks for work (`free`), which
queue gives (`from_queue`), who goes where (`unit`, `incident`). The blocks after the branches then do it, once for all kinds.
"""

import numpy as np

from bestvalue.analysis.challenge.resources_kernel_parts import (
    FAR,
    UNIT_BITS,
    UNIT_MASK,
    heap_pop,
    heap_push,
    heap_replace,
    nearest,
    nearest_by_zone,
    time_bin,
    trailing_zeros,
)
from bestvalue.analysis.challenge.resources_model import (
    DAY_US,
    HOUR_US,
    HOURS_OF_WEEK,
    WEEK_US,
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
ATTENDED, WITHIN, RESPONSE_SUM, WAIT_SUM, WAITED, DIVERTED, REPORTED, UNSERVED_SUM = range(8)
"""Columns of `tally`, one cache line an area and grade."""
REQUESTED, SUPPORTED, SUPPORT_WITHIN, SUPPORT_RESPONSE_SUM, SUPPORT_WAIT_SUM, SUPPORT_WAITED, UNSUPPORTED = range(7)
"""Columns of `support_tally`."""
DUTY, ON_BREAK = 0, 1
"""Columns of `unit_hours` beside the idle, which change too often to share a place."""
OVERTIME, OVERTIME_JOBS, BREAKS, BREAKS_MISSED = range(4)
"""Columns of `pool_tally`."""


@compiled
def play(
    # the world
    unit_pool: Ints,
    base_x: Ints,
    base_y: Ints,
    base_zone: Ints,
    returns: Bytes,
    skills: Masks,
    pool_start: Longs,
    keeps: Longs,
    borrow_words: Masks,
    lend_words: Masks,
    first_unit: Ints,
    first_until: Longs,
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
    diverts_for: int,
    diverts_from: int,
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
    count_from: int,
    end: int,
    stop: int,
    id_bits: int,
    # the counts
    tally: Longs,
    response_bins: Ints,
    wait_bins: Ints,
    unserved_bins: Ints,
    hourly: Longs,
    sent: Longs,
    sent_time: Longs,
    unit_hours: Longs,
    waiting_by_day: Longs,
    support_tally: Longs,
    support_bins: Ints,
    support_sent: Longs,
    support_sent_time: Longs,
    pool_tally: Longs,
    row_unit: Ints,
    row_time: Longs,
) -> int:
    """Play all events up to `stop` and add to the counts; how many events there were.

    Arguments are those of `World`, `Rules` and `Demand`, made ready by `resources_engine.prepared`. An empty optional array of the demand
    switches that option off. `row_unit` (2, n) and `row_time` (5, n) are empty where nobody asked for rows.
    """
    # --- sizes and switches
    areas, grades, n = tally.shape[0], tally.shape[1], len(time)
    pools, units, words = len(pool_start) - 1, len(unit_pool), borrow_words.shape[1]
    wants_support, has_turnout, has_factor = len(need) > 0, len(turnout) > 0, len(factor) > 0
    by_zone, diverts, keep_rows = zone_travel.shape[0] > 0, diverts_for >= 0, row_unit.shape[1] > 0
    has_root = root_pace.max() > 0.0
    id_mask = (1 << id_bits) - 1
    one, six_bits = np.uint64(1), np.uint64(63)

    # --- state of the units
    unit_x, unit_y, unit_zone = base_x.copy(), base_y.copy(), base_zone.copy()
    idle_x, idle_y, idle_unit = np.zeros(units, np.int32), np.zeros(units, np.int32), np.zeros(units, np.int32)
    idle_place, idle_count = np.zeros(units, np.int32), np.zeros(pools, np.int64)
    idle_words, queue_words = np.zeros(words, np.uint64), np.zeros(words, np.uint64)
    doing, on_shift, away = np.zeros(units, np.int8), np.zeros(units, np.bool_), np.zeros(units, np.int16)
    shift_until, break_owed = np.zeros(units, np.int64), np.zeros(units, np.int64)
    job, job_begun, job_on_scene, job_until = (
        np.full(units, -1, np.int32),
        np.zeros(units, np.int64),
        np.zeros(units, np.int64),
        np.full(units, -1, np.int64),
    )
    job_request, job_overtime = np.full(units, -1, np.int64), np.zeros(units, np.int64)
    from_x, from_y = np.zeros(units, np.int32), np.zeros(units, np.int32)
    all_skills = np.full(pools, np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64)  # skills that every unit of a pool has
    any_skills = np.zeros(pools, np.uint64)
    for u in range(units):
        all_skills[unit_pool[u]] &= skills[u]
        any_skills[unit_pool[u]] |= skills[u]

    # --- events to come
    heap = np.full(2 * units + 64, FAR, np.int64)
    heap_size = 0
    ring_capacity = 4096
    ring, ring_time = np.zeros((grades, ring_capacity), np.int32), np.zeros((grades, ring_capacity), np.int64)
    ring_first, ring_last = np.zeros(grades, np.int64), np.zeros(grades, np.int64)
    patience_ends, patience_grade = FAR, 0
    week_at, week_base, weekly, absences = 0, 0, len(week_time), len(away_time)
    away_at = 0
    next_week = week_time[0] if weekly > 0 else FAR
    next_away = away_time[0] if absences > 0 else FAR

    # --- queues: first-wave ones by area and grade, then support ones by skill and grade; an incident is in at most one
    queues = (areas + support_tally.shape[0]) * grades
    queue_first, queue_last = np.full(queues, -1, np.int32), np.full(queues, -1, np.int32)
    behind, queued = np.empty(n, np.int32), np.zeros(n, np.bool_)
    waiting = np.zeros(grades, np.int64)
    requested = np.empty(n if wants_support else 0, np.int64)

    # --- unit time of the hour under way, as (end of hour - now) at each change
    hour, hour_ends, day = 0, HOUR_US, 0
    idle_part, duty_part = np.zeros(pools, np.int64), np.zeros((pools, 2), np.int64)
    duty_count = np.zeros((pools, 2), np.int64)

    for place in range(len(first_unit)):  # turns of duty that began in the week before
        u = first_unit[place]
        p = unit_pool[u]
        on_shift[u], doing[u], shift_until[u] = True, IDLE, first_until[place]
        duty_count[p, DUTY] += 1
        duty_part[p, DUTY] += HOUR_US
        at = pool_start[p] + idle_count[p]
        idle_x[at], idle_y[at], idle_unit[at], idle_place[u] = base_x[u], base_y[u], u, at
        idle_count[p] += 1
        idle_part[p] += HOUR_US
        if p < areas and idle_count[p] > keeps[p]:
            idle_words[p >> 6] |= one << (np.uint64(p) & six_bits)

    arrival = 0
    next_arrival = time[0] if n > 0 else FAR
    events = 0
    while True:
        root = heap[0]
        next_job = root >> id_bits
        next_calendar = min(next_week, next_away)
        now = min(min(next_arrival, next_job), min(patience_ends, next_calendar))
        while hour_ends <= now and hour_ends <= end:  # close the hour
            if hour_ends > count_from:
                for p in range(pools):
                    unit_hours[hour, p, 0] += duty_part[p, DUTY]
                    unit_hours[hour, p, 1] += idle_part[p]
                    unit_hours[hour, p, 2] += duty_part[p, ON_BREAK]
            for p in range(pools):
                duty_part[p, DUTY] = duty_count[p, DUTY] * HOUR_US
                duty_part[p, ON_BREAK] = duty_count[p, ON_BREAK] * HOUR_US
                idle_part[p] = idle_count[p] * HOUR_US
            if hour_ends == (day + 1) * DAY_US:
                for g in range(grades):
                    waiting_by_day[day, g] = waiting[g]
                day += 1
            hour_ends += HOUR_US
            hour += 1
            if hour == HOURS_OF_WEEK:
                hour = 0
        if now > stop:
            break
        if now >= hour_ends:  # after `end` the hours are no longer counted, but the pace still changes with them
            hour = (now // HOUR_US) % HOURS_OF_WEEK
        if heap_size + 4 > len(heap):  # entries of jobs that were called off are still in it
            larger = np.full(2 * len(heap), FAR, np.int64)
            larger[:heap_size] = heap[:heap_size]
            heap = larger
        events += 1
        to_hour_end = hour_ends - now

        taken, free, unit, incident, from_queue, rests = -1, -1, -1, -1, -1, -1
        is_support, from_root = False, False

        if now == next_arrival:
            i = arrival
            arrival += 1
            next_arrival = time[arrival] if arrival < n else FAR
            k, g = np.int64(area[i]), np.int64(grade[i])
            first = pool_start[k]
            best = FAR
            if by_zone:
                best = nearest_by_zone(unit_zone, idle_unit, zone_travel[zone[i]], first, first + idle_count[k], best)
            else:
                best = nearest(idle_x, idle_y, idle_unit, first, first + idle_count[k], x[i], y[i], best)
            if patience[g] == 0:
                for word in range(words):
                    lenders = idle_words[word] & borrow_words[k, word]
                    while lenders != 0:
                        j = (word << 6) + trailing_zeros(lenders)
                        lenders &= lenders - one
                        first = pool_start[j]
                        if by_zone:
                            best = nearest_by_zone(unit_zone, idle_unit, zone_travel[zone[i]], first, first + idle_count[j], best)
                        else:
                            best = nearest(idle_x, idle_y, idle_unit, first, first + idle_count[j], x[i], y[i], best)
            if time[i] >= count_from:
                tally[k, g, REPORTED] += 1
            if best != FAR:
                unit = best & UNIT_MASK
                taken, incident = unit, i
            else:
                put_back, put_area, put_grade = -1, k, g
                if diverts and g <= diverts_for:
                    for u in range(pool_start[k], pool_start[k + 1]):  # nearest unit on its way to something that can wait
                        if doing[u] == BUSY and now < job_on_scene[u] and on_shift[u] and away[u] == 0 and grade[job[u]] >= diverts_from:
                            gone = np.float64(now - job_begun[u]) / np.float64(job_on_scene[u] - job_begun[u])
                            at_x = from_x[u] + np.int64(np.float64(x[job[u]] - from_x[u]) * gone)
                            at_y = from_y[u] + np.int64(np.float64(y[job[u]] - from_y[u]) * gone)
                            dx, dy = at_x - x[i], at_y - y[i]
                            best = min(best, ((dx * dx + dy * dy) << UNIT_BITS) | u)
                if best != FAR:
                    unit, incident = best & UNIT_MASK, i
                    u = unit
                    gone = np.float64(now - job_begun[u]) / np.float64(job_on_scene[u] - job_begun[u])
                    put_back = np.int64(job[u])
                    j = put_back
                    unit_x[u] = from_x[u] + np.int64(np.float64(x[j] - from_x[u]) * gone)
                    unit_y[u] = from_y[u] + np.int64(np.float64(y[j] - from_y[u]) * gone)
                    put_area, put_grade = np.int64(area[j]), np.int64(grade[j])
                    job_request[u] = -1
                    if time[j] >= count_from:  # the incident was not attended after all
                        wait, response = job_begun[u] - time[j], job_on_scene[u] - time[j]
                        tally[put_area, put_grade, ATTENDED] -= 1
                        tally[put_area, put_grade, RESPONSE_SUM] -= response
                        tally[put_area, put_grade, WAIT_SUM] -= wait
                        tally[put_area, put_grade, DIVERTED] += 1
                        response_bins[put_area, put_grade, time_bin(response)] -= 1
                        reported_hour = (time[j] // HOUR_US) % HOURS_OF_WEEK
                        hourly[reported_hour, put_area, put_grade, 0] -= 1
                        hourly[reported_hour, put_area, put_grade, 2] -= response
                        if response <= target[put_grade]:
                            tally[put_area, put_grade, WITHIN] -= 1
                            hourly[reported_hour, put_area, put_grade, 1] -= 1
                        if wait > 0:
                            tally[put_area, put_grade, WAITED] -= 1
                            wait_bins[put_area, put_grade, time_bin(wait)] -= 1
                        sent[put_area, k] -= 1
                        sent_time[put_area, k] -= job_until[u] - now  # what was driven in vain stays counted
                        if job_overtime[u] > 0:
                            pool_tally[k, OVERTIME] -= job_overtime[u]
                            pool_tally[k, OVERTIME_JOBS] -= 1
                    if keep_rows:
                        row_unit[0, j], row_time[0, j], row_time[1, j] = -1, -1, -1
                else:
                    put_back = i
                # into the queue, by time of report: at its end, unless the incident was put back
                q = put_area * grades + put_grade
                last = queue_last[q]
                if last < 0:
                    queue_first[q], queue_last[q], behind[put_back] = put_back, put_back, -1
                elif last < put_back:
                    behind[last], queue_last[q], behind[put_back] = put_back, put_back, -1
                else:
                    ahead, after = np.int64(-1), np.int64(queue_first[q])
                    while after < put_back:
                        ahead, after = after, np.int64(behind[after])
                    behind[put_back] = after
                    if ahead < 0:
                        queue_first[q] = put_back
                    else:
                        behind[ahead] = put_back
                queued[put_back] = True
                waiting[put_grade] += 1
                queue_words[put_area >> 6] |= one << (np.uint64(put_area) & six_bits)
                if 0 < patience[put_grade] < FAR >> 2:
                    size = ring_last[put_grade] - ring_first[put_grade]
                    if size == ring_capacity:
                        old, old_time = ring, ring_time
                        ring = np.zeros((grades, 2 * ring_capacity), np.int32)
                        ring_time = np.zeros((grades, 2 * ring_capacity), np.int64)
                        for z in range(grades):
                            for place in range(ring_first[z], ring_last[z]):
                                ring[z, place & (2 * ring_capacity - 1)] = old[z, place & (ring_capacity - 1)]
                                ring_time[z, place & (2 * ring_capacity - 1)] = old_time[z, place & (ring_capacity - 1)]
                        ring_capacity *= 2
                    place = ring_last[put_grade] & (ring_capacity - 1)
                    ring[put_grade, place], ring_time[put_grade, place] = put_back, now + patience[put_grade]
                    ring_last[put_grade] += 1
                    if size == 0 and (
                        now + patience[put_grade] < patience_ends
                        or (now + patience[put_grade] == patience_ends and put_grade < patience_grade)
                    ):
                        patience_ends, patience_grade = now + patience[put_grade], put_grade

        elif now == next_job:
            number = root & id_mask
            from_root = True
            if number < units:  # on scene: ask for support
                u = number
                if diverts and job_request[u] != now:  # called off on its way
                    heap_pop(heap, heap_size)
                    heap_size -= 1
                    continue
                job_request[u] = -1
                i = np.int64(job[u])
                skill = np.int64(need[i])
                g = np.int64(grade[i])
                requested[i] = now
                if keep_rows:
                    row_time[2, i] = now
                if time[i] >= count_from:
                    support_tally[skill, g, REQUESTED] += 1
                wanted = one << np.uint64(skill)
                best = FAR
                for p in range(areas, pools):
                    first, last = pool_start[p], pool_start[p] + idle_count[p]
                    if any_skills[p] & wanted == 0:
                        continue
                    if all_skills[p] & wanted != 0 and not by_zone:
                        best = nearest(idle_x, idle_y, idle_unit, first, last, x[i], y[i], best)
                        continue
                    for place in range(first, last):
                        v = np.int64(idle_unit[place])
                        if skills[v] & wanted != 0:
                            if by_zone:
                                key = (zone_travel[zone[i], unit_zone[v]] << UNIT_BITS) | v
                            else:
                                dx, dy = np.int64(idle_x[place] - x[i]), np.int64(idle_y[place] - y[i])
                                key = ((dx * dx + dy * dy) << UNIT_BITS) | v
                            best = min(best, key)
                if best != FAR:
                    unit, incident, is_support = best & UNIT_MASK, i, True
                    taken = unit
                else:
                    heap_pop(heap, heap_size)
                    heap_size -= 1
                    q = (areas + skill) * grades + g
                    if queue_first[q] < 0:
                        queue_first[q] = i
                    else:
                        behind[queue_last[q]] = i
                    queue_last[q], behind[i] = i, -1
            else:  # a job or a meal break is over
                u = number - units
                if diverts and job_until[u] != now:
                    heap_pop(heap, heap_size)
                    heap_size -= 1
                    continue
                job_until[u] = -1
                if doing[u] == BREAK:
                    duty_count[unit_pool[u], ON_BREAK] -= 1
                    duty_part[unit_pool[u], ON_BREAK] -= to_hour_end
                if on_shift[u] and away[u] == 0:
                    free = u
                else:
                    doing[u] = OFF
                    heap_pop(heap, heap_size)
                    heap_size -= 1

        elif now == patience_ends:
            z = patience_grade
            i = np.int64(ring[z, ring_first[z] & (ring_capacity - 1)])
            ring_first[z] += 1
            patience_ends = FAR
            for g in range(grades):
                if ring_first[g] < ring_last[g] and ring_time[g, ring_first[g] & (ring_capacity - 1)] < patience_ends:
                    patience_ends, patience_grade = ring_time[g, ring_first[g] & (ring_capacity - 1)], g
            if queued[i]:
                k = np.int64(area[i])
                i = np.int64(queue_first[k * grades + z])  # the oldest of its area and grade: another one only after a diversion
                best = FAR
                for word in range(words):
                    lenders = idle_words[word] & borrow_words[k, word]
                    while lenders != 0:
                        j = (word << 6) + trailing_zeros(lenders)
                        lenders &= lenders - one
                        first = pool_start[j]
                        if by_zone:
                            best = nearest_by_zone(unit_zone, idle_unit, zone_travel[zone[i]], first, first + idle_count[j], best)
                        else:
                            best = nearest(idle_x, idle_y, idle_unit, first, first + idle_count[j], x[i], y[i], best)
                if best != FAR:
                    unit, from_queue = best & UNIT_MASK, k * grades + z
                    taken = unit

        elif next_week <= next_away:
            u = np.int64(week_unit[week_at])
            kind, length = week_kind[week_at], week_length[week_at]
            week_at += 1
            if week_at == weekly:
                week_at, week_base = 0, week_base + WEEK_US
            next_week = week_base + week_time[week_at]
            p = np.int64(unit_pool[u])
            if kind == SHIFT_STARTS:
                on_shift[u], shift_until[u] = True, now + length
                if away[u] == 0:
                    duty_count[p, DUTY] += 1
                    duty_part[p, DUTY] += to_hour_end
                    if doing[u] == OFF:
                        unit_x[u], unit_y[u], unit_zone[u] = base_x[u], base_y[u], base_zone[u]
                        free = u
            elif kind == SHIFT_ENDS:
                if on_shift[u]:
                    on_shift[u] = False
                    if away[u] == 0:
                        duty_count[p, DUTY] -= 1
                        duty_part[p, DUTY] -= to_hour_end
                    if doing[u] == IDLE:
                        taken, doing[u] = u, OFF
                    elif doing[u] == BREAK:
                        doing[u] = BUSY
                        duty_count[p, ON_BREAK] -= 1
                        duty_part[p, ON_BREAK] -= to_hour_end
                    if break_owed[u] > 0:
                        break_owed[u] = 0
                        pool_tally[p, BREAKS_MISSED] += 1
            elif on_shift[u] and away[u] == 0:
                break_owed[u] = length
                if doing[u] == IDLE:
                    taken, rests = u, u

        else:
            u = np.int64(away_unit[away_at])
            kind = away_kind[away_at]
            away_at += 1
            next_away = away_time[away_at] if away_at < absences else FAR
            p = np.int64(unit_pool[u])
            if kind == AWAY_STARTS:
                away[u] += 1
                if away[u] == 1 and on_shift[u]:
                    duty_count[p, DUTY] -= 1
                    duty_part[p, DUTY] -= to_hour_end
                    break_owed[u] = 0  # it eats where it is
                    if doing[u] == IDLE:
                        taken, doing[u] = u, OFF
                    elif doing[u] == BREAK:
                        doing[u] = BUSY
                        duty_count[p, ON_BREAK] -= 1
                        duty_part[p, ON_BREAK] -= to_hour_end
            else:
                away[u] -= 1
                if away[u] == 0 and on_shift[u]:
                    duty_count[p, DUTY] += 1
                    duty_part[p, DUTY] += to_hour_end
                    if doing[u] == OFF:
                        unit_x[u], unit_y[u], unit_zone[u] = base_x[u], base_y[u], base_zone[u]
                        free = u

        if taken >= 0:  # no longer idle
            p = np.int64(unit_pool[taken])
            place = np.int64(idle_place[taken])
            idle_count[p] -= 1
            last = pool_start[p] + idle_count[p]
            moved = np.int64(idle_unit[last])
            idle_x[place], idle_y[place], idle_unit[place], idle_place[moved] = idle_x[last], idle_y[last], moved, place
            idle_part[p] -= to_hour_end
            if p < areas and idle_count[p] == keeps[p]:
                idle_words[p >> 6] &= ~(one << (np.uint64(p) & six_bits))

        if free >= 0:  # looks for work
            p = np.int64(unit_pool[free])
            if p >= areas:  # support: most urgent grade, then the oldest incident, of its skills
                best_incident = FAR
                for g in range(grades):
                    able = skills[free]
                    while able != 0:
                        q = (areas + trailing_zeros(able)) * grades + g
                        able &= able - one
                        if q < queues and 0 <= queue_first[q] < best_incident:
                            best_incident, from_queue = np.int64(queue_first[q]), q
                    if from_queue >= 0:
                        is_support = True
                        break
            elif queue_words[p >> 6] & (one << (np.uint64(p) & six_bits)) != 0:
                q = p * grades
                while queue_first[q] < 0:
                    q += 1
                from_queue = q
            elif idle_count[p] >= keeps[p]:  # its area is quiet: the most urgent, then oldest, overdue incident of an area that it may help
                best_grade, best_incident = grades - 1, FAR
                for word in range(words):
                    askers = queue_words[word] & lend_words[p, word]
                    while askers != 0:
                        q = ((word << 6) + trailing_zeros(askers)) * grades
                        askers &= askers - one
                        for g in range(best_grade + 1):
                            i = np.int64(queue_first[q + g])
                            if i >= 0 and time[i] + patience[g] < now:
                                if g < best_grade or i < best_incident:
                                    best_grade, best_incident, from_queue = g, i, q + g
                                break
            if from_queue >= 0:
                unit = free
            else:
                if from_root:
                    heap_pop(heap, heap_size)
                    heap_size -= 1
                    from_root = False
                if break_owed[free] > 0 and now + break_owed[free] <= shift_until[free]:
                    rests = free
                else:
                    if returns[free]:
                        unit_x[free], unit_y[free], unit_zone[free] = base_x[free], base_y[free], base_zone[free]
                    doing[free] = IDLE
                    place = pool_start[p] + idle_count[p]
                    idle_x[place], idle_y[place], idle_unit[place], idle_place[free] = unit_x[free], unit_y[free], free, place
                    idle_part[p] += to_hour_end
                    if p < areas and idle_count[p] == keeps[p]:
                        idle_words[p >> 6] |= one << (np.uint64(p) & six_bits)
                    idle_count[p] += 1

        if rests >= 0:  # takes its meal break
            p = np.int64(unit_pool[rests])
            until = ((now + break_owed[rests] + 3) & ~3) | 2
            break_owed[rests], doing[rests], job_until[rests] = 0, BREAK, until
            duty_count[p, ON_BREAK] += 1
            duty_part[p, ON_BREAK] += to_hour_end
            pool_tally[p, BREAKS] += 1
            heap_push(heap, heap_size, (until << id_bits) | (units + rests))
            heap_size += 1

        if from_queue >= 0:  # the head of the queue is next
            incident = np.int64(queue_first[from_queue])
            queue_first[from_queue] = behind[incident]
            if behind[incident] < 0:
                queue_last[from_queue] = -1
            if not is_support:
                queued[incident] = False
                g = np.int64(grade[incident])
                waiting[g] -= 1
                if behind[incident] < 0:
                    k = from_queue // grades
                    empty = True
                    for q in range(k * grades, k * grades + grades):
                        empty = empty and queue_first[q] < 0
                    if empty:
                        queue_words[k >> 6] &= ~(one << (np.uint64(k) & six_bits))

        if incident >= 0:  # the unit goes
            i, u = incident, unit
            k, g, p = np.int64(area[i]), np.int64(grade[i]), np.int64(unit_pool[u])
            wave = 1 if is_support else 0
            if by_zone:
                drive = np.float64(zone_travel[zone[i], unit_zone[u]]) * pace[wave, g, hour]
                unit_zone[u] = zone[i]
            else:
                dx, dy = np.int64(unit_x[u] - x[i]), np.int64(unit_y[u] - y[i])
                metres = np.sqrt(np.float64(dx * dx + dy * dy))
                drive = metres * pace[wave, g, hour]
                if has_root:
                    drive += root_pace[wave, g] * np.sqrt(metres)
            if has_factor:
                drive *= np.float64(factor[i])
            on_scene = now + np.int64(drive)
            if has_turnout:
                on_scene += turnout[i]
            until = on_scene + (support[i] if is_support else scene[i])
            until = ((until + 3) & ~3) | 2
            if diverts:
                from_x[u], from_y[u], job_begun[u], job_on_scene[u] = unit_x[u], unit_y[u], now, on_scene
            unit_x[u], unit_y[u], doing[u], job[u], job_until[u] = x[i], y[i], BUSY, i, until
            key = (until << id_bits) | (units + u)
            if from_root:
                heap_replace(heap, heap_size, key)
            else:
                heap_push(heap, heap_size, key)
                heap_size += 1
            overtime = max(until - shift_until[u], 0)
            if diverts:
                job_overtime[u] = overtime
            counted = time[i] >= count_from
            if counted and overtime > 0:
                pool_tally[p, OVERTIME] += overtime
                pool_tally[p, OVERTIME_JOBS] += 1
            if is_support:
                if counted:
                    skill = np.int64(need[i])
                    wait, response = now - requested[i], on_scene - requested[i]
                    support_tally[skill, g, SUPPORTED] += 1
                    support_tally[skill, g, SUPPORT_RESPONSE_SUM] += response
                    support_tally[skill, g, SUPPORT_WAIT_SUM] += wait
                    support_tally[skill, g, SUPPORT_WAITED] += wait > 0
                    support_tally[skill, g, SUPPORT_WITHIN] += response <= support_target[g]
                    support_bins[skill, g, time_bin(response)] += 1
                    support_sent[k, p] += 1
                    support_sent_time[k, p] += until - now
                if keep_rows:
                    row_unit[1, i], row_time[3, i], row_time[4, i] = u, now, on_scene
                continue
            if wants_support and need[i] >= 0:
                request = ((on_scene + 3) & ~3) | 2
                job_request[u] = request
                heap_push(heap, heap_size, (request << id_bits) | u)
                heap_size += 1
            if counted:
                wait, response = now - time[i], on_scene - time[i]
                tally[k, g, ATTENDED] += 1
                tally[k, g, RESPONSE_SUM] += response
                response_bins[k, g, time_bin(response)] += 1
                sent[k, p] += 1
                sent_time[k, p] += until - now
                reported_hour = hour
                if wait > 0:
                    tally[k, g, WAIT_SUM] += wait
                    tally[k, g, WAITED] += 1
                    wait_bins[k, g, time_bin(wait)] += 1
                    reported_hour = (time[i] // HOUR_US) % HOURS_OF_WEEK
                hourly[reported_hour, k, g, 0] += 1
                hourly[reported_hour, k, g, 2] += response
                if response <= target[g]:
                    tally[k, g, WITHIN] += 1
                    hourly[reported_hour, k, g, 1] += 1
            if keep_rows:
                row_unit[0, i], row_time[0, i], row_time[1, i] = u, now, on_scene

    for q in range(queues):  # who is still waiting
        i = np.int64(queue_first[q])
        while i >= 0:
            if time[i] >= count_from:
                g = q % grades
                if q < areas * grades:
                    unserved = stop - time[i]
                    tally[q // grades, g, UNSERVED_SUM] += unserved
                    unserved_bins[q // grades, g, time_bin(unserved)] += 1
                else:
                    support_tally[q // grades - areas, g, UNSUPPORTED] += 1
            i = np.int64(behind[i])
    return events
