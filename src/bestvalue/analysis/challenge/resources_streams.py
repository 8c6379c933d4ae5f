"""Where do the random numbers of an incident come from?

Each number is a function of (seed, replication, hour, place in the hour, purpose): Philox4x32-10, a counter-based generator (Salmon,
Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11). No number depends on how many were drawn before it, on the
scenario or on the thread. So an incident has the same place, length and needs in every scenario (common random numbers), and a demand that
grows a little keeps the incidents that it had and adds others.
"""

from typing import Any

import numpy as np

from bestvalue.analysis.challenge.resources_kernel_parts import ONE, Whole, index
from bestvalue.analysis.challenge.resources_model import HOUR_US, Bytes, Floats, Ints, Longs, Shorts, Singles
from bestvalue.analysis.compiled import compiled

COUNT, DAY, PLACE, WORK, TRAVEL = range(5)
"""Purposes: incidents in an hour; how busy a day is; when and where; how long and what is needed; turnout and travel."""
ORDINAL_BITS, OFFSET_BITS = 16, 30
MOST_IN_AN_HOUR = 1 << ORDINAL_BITS
MOST_HOURS = 1 << 17
GUIDES = index(256)
"""Entries of the guide table that starts the search of a cumulative distribution."""
SLOTS = 512
HOUR_SHIFT, ORDINAL_SHIFT, ORDINAL_MASK = index(ORDINAL_BITS + OFFSET_BITS), index(ORDINAL_BITS), index(MOST_IN_AN_HOUR - 1)
OFFSET_MASK, SLOT_SHIFT, STEPS_AN_HOUR = index((1 << OFFSET_BITS) - 1), index(OFFSET_BITS - 9), index(HOUR_US // 4)
GUIDE_SHIFT, HALF, HALF_MASK = index(24), index(16), index(0xFFFF)
_ROUND_1, _ROUND_2 = index(0xD2511F53), index(0xCD9E8D57)
_KEY_1, _KEY_2 = index(0x9E3779B9), index(0xBB67AE85)
_LOW, _WORD = index(0xFFFFFFFF), index(32)


def whole_times(times_us: Longs) -> Longs:
    """Times of incidents as `Demand` wants them: sorted, 1 modulo 4, all different (by moving one that coincides 4 us on).

    Example:
        >>> whole_times(np.array([8, 8, 3, 20])).tolist()
        [1, 9, 13, 21]
    """
    times = np.sort((times_us & ~np.int64(3)) | 1)
    steps = np.arange(len(times), dtype=np.int64) * 4  # a running maximum of (time - step) leaves room for each to follow the last
    return np.maximum.accumulate(times - steps) + steps if len(times) else times


@compiled
def philox(ordinal: Whole, hour: Whole, replication: Whole, purpose: Whole, seed: Whole) -> tuple[Whole, Whole, Whole, Whole]:
    """Four random words of 32 bits (as uint64) for one purpose of one incident."""
    a, b, c, d = np.uint64(ordinal) & _LOW, np.uint64(hour) & _LOW, np.uint64(replication) & _LOW, np.uint64(purpose) & _LOW
    k1, k2 = np.uint64(seed) & _LOW, np.uint64(seed) >> _WORD
    for _ in range(10):
        first, second = a * _ROUND_1, c * _ROUND_2
        a, b, c, d = (second >> _WORD) ^ b ^ k1, second & _LOW, (first >> _WORD) ^ d ^ k2, first & _LOW
        k1, k2 = (k1 + _KEY_1) & _LOW, (k2 + _KEY_2) & _LOW
    return a, b, c, d


@compiled
def uniforms(size: Whole, replication: Whole, purpose: Whole, seed: Whole) -> Floats:
    """One number in (0, 1) for each hour or day: 52 random bits and a half."""
    values = np.empty(size, np.float64)
    for place in range(size):
        first, second, _, _ = philox(0, place, replication, purpose, seed)
        bits = np.int64((first << np.uint64(20)) | (second >> np.uint64(12)))
        values[place] = (np.float64(bits) + 0.5) * 2.0**-52
    return values


@compiled
def draw_keys(keys: Longs, counts: Longs, replication: Whole, seed: Whole) -> None:
    """For each incident: hour, time within it in steps of 4 us, and place in the hour, packed and in order of time.

    An hour's incidents are dealt into slots of two seconds, and each then moves down past the few of its slot that come after it.
    """
    dealt = np.empty(counts.max() if len(counts) else 0, np.int64)
    slots = np.zeros(SLOTS + 1, np.int64)
    first = index(0)
    for hour in range(index(len(counts))):
        size = index(counts[hour])
        slots[:] = 0
        for ordinal in range(size):
            word, _, _, _ = philox(ordinal, hour, replication, PLACE, seed)
            offset = (word * STEPS_AN_HOUR) >> _WORD
            dealt[ordinal] = np.int64((hour << HOUR_SHIFT) | (offset << ORDINAL_SHIFT) | ordinal)
            slots[(offset >> SLOT_SHIFT) + ONE] += 1
        for slot in range(index(SLOTS)):
            slots[slot + ONE] += slots[slot]
        for ordinal in range(size):
            slot = (index(dealt[ordinal]) >> ORDINAL_SHIFT & OFFSET_MASK) >> SLOT_SHIFT
            keys[first + index(slots[slot])] = dealt[ordinal]
            slots[slot] += 1
        for place in range(first + ONE, first + size):
            key, to = keys[place], place
            while to > first and keys[to - ONE] > key:
                keys[to] = keys[to - ONE]
                to -= ONE
            keys[to] = key
        first += size


@compiled
def at_level(quantiles: Floats, row: Whole, steps: Whole, word: Whole) -> Any:
    """Value of a row of distributions, given at equal steps of probability from 0 to 1, at the level word / 2**32; straight between."""
    level = word * (steps - ONE)
    step = row * steps + (level >> _WORD)
    low = quantiles[step]
    return low + (quantiles[step + ONE] - low) * (np.float64(np.int64(level & _LOW)) * 2.0**-32)


@compiled
def fill(
    keys: Longs,
    replication: Whole,
    seed: Whole,
    hour_row: Ints,
    cumulative: Floats,
    guide: Ints,
    cell_area: Ints,
    cell_category: Ints,
    category_grade: Bytes,
    place_first: Longs,
    place_x: Ints,
    place_y: Ints,
    place_zone: Ints,
    jitter_m: Whole,
    skills: Whole,
    scene_quantiles: Floats,
    skill_cumulative: Floats,
    support_quantiles: Floats,
    turnout_quantiles: Floats,
    travel_quantiles: Floats,
    levels: Longs,
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
) -> None:
    """Draw everything about each incident from its sorted keys. Tables are flat; an empty array of results is left out.

    `levels` holds how many steps of probability the four tables of quantiles have, scene first.
    """
    cells, skills = index(len(cell_area)), index(skills)
    scene_levels, support_levels, turnout_levels, travel_levels = (
        index(levels[index(0)]),
        index(levels[index(1)]),
        index(levels[index(2)]),
        index(levels[index(3)]),
    )
    moves = len(turnout) > 0 or len(factor) > 0
    scale, jitter = 2.0**-32, index(2 * jitter_m + 1)
    previous = np.int64(-3)
    for i in range(index(len(keys))):
        key = index(keys[i])
        hour, ordinal, offset = key >> HOUR_SHIFT, key & ORDINAL_MASK, (key >> ORDINAL_SHIFT) & OFFSET_MASK
        previous = max(np.int64(hour) * HOUR_US + 4 * np.int64(offset) + 1, previous + 4)
        time[i] = previous
        _, which, where, beside = philox(ordinal, hour, replication, PLACE, seed)
        length, asks, support_length, _ = philox(ordinal, hour, replication, WORK, seed)
        row = index(hour_row[hour])
        level = np.float64(np.int64(which)) * scale
        cell = index(guide[row * GUIDES + (which >> GUIDE_SHIFT)])
        while cumulative[row * cells + cell] <= level:
            cell += ONE
        k, category = index(cell_area[cell]), index(cell_category[cell])
        g = index(category_grade[category])
        area[i], grade[i] = np.int64(k), np.int64(g)
        first = index(place_first[k])
        place = first + ((where * (index(place_first[k + ONE]) - first)) >> _WORD)
        x[i] = np.int64(place_x[place]) + np.int64(((beside >> HALF) * jitter) >> HALF) - jitter_m
        y[i] = np.int64(place_y[place]) + np.int64(((beside & HALF_MASK) * jitter) >> HALF) - jitter_m
        scene[i] = np.int64(at_level(scene_quantiles, category, scene_levels, length))
        if len(zone) > 0:
            zone[i] = place_zone[place]
        if len(need) > 0:
            level = np.float64(np.int64(asks)) * scale
            skill = index(0)
            while skill < skills and skill_cumulative[category * skills + skill] <= level:
                skill += ONE
            need[i], support[i] = -1, 0
            if skill < skills:
                need[i], support[i] = np.int64(skill), np.int64(at_level(support_quantiles, skill, support_levels, support_length))
        if moves:
            one, other, _, _ = philox(ordinal, hour, replication, TRAVEL, seed)
            if len(turnout) > 0:
                turnout[i] = np.int64(at_level(turnout_quantiles, g, turnout_levels, one))
            if len(factor) > 0:
                factor[i] = at_level(travel_quantiles, k, travel_levels, other)


def guides(cumulative: Floats) -> Ints:
    """For each row, where a search that starts from the top 8 bits of a word may begin."""
    starts = np.arange(int(GUIDES)) / int(GUIDES)
    return np.stack([np.searchsorted(row, starts, side="right") for row in cumulative]).astype(np.int32)
