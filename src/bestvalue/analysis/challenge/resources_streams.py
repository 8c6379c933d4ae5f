"""Where do the random numbers of an incident come from?

Each number is a function of (seed, replication, hour, place in the hour, purpose): Philox4x32-10, a counter-based generator (Salmon,
Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC11). No number depends on how many were drawn before it, on the
scenario or on the thread. So an incident has the same place, length and needs in every scenario (common random numbers), and a demand that
grows a little keeps the incidents that it had and adds others.
"""

import numpy as np

from bestvalue.analysis.challenge.resources_model import HOUR_US, Bytes, Floats, Ints, Longs, Shorts, Singles
from bestvalue.analysis.compiled import compiled

COUNT, DAY, PLACE, WORK, TRAVEL = range(5)
"""Purposes: incidents in an hour; how busy a day is; when and where; how long and what is needed; turnout and travel."""
ORDINAL_BITS, OFFSET_BITS = 16, 30
MOST_IN_AN_HOUR = 1 << ORDINAL_BITS
MOST_HOURS = 1 << 17
GUIDES = 256
"""Entries of the guide table that starts the search of a cumulative distribution."""
_ROUND_1, _ROUND_2 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_KEY_1, _KEY_2 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _WORD = np.uint64(0xFFFFFFFF), np.uint64(32)


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
def philox(ordinal: int, hour: int, replication: int, purpose: int, seed: int) -> tuple[int, int, int, int]:
    """Four random words of 32 bits (as uint64) for one purpose of one incident."""
    a, b, c, d = np.uint64(ordinal) & _LOW, np.uint64(hour) & _LOW, np.uint64(replication) & _LOW, np.uint64(purpose) & _LOW
    k1, k2 = np.uint64(seed) & _LOW, np.uint64(seed) >> _WORD
    for _ in range(10):
        first, second = a * _ROUND_1, c * _ROUND_2
        a, b, c, d = (second >> _WORD) ^ b ^ k1, second & _LOW, (first >> _WORD) ^ d ^ k2, first & _LOW
        k1, k2 = (k1 + _KEY_1) & _LOW, (k2 + _KEY_2) & _LOW
    return a, b, c, d


@compiled
def uniforms(size: int, replication: int, purpose: int, seed: int) -> Floats:
    """One number in (0, 1) for each hour or day: 52 random bits and a half."""
    values = np.empty(size, np.float64)
    for place in range(size):
        first, second, _, _ = philox(0, place, replication, purpose, seed)
        bits = np.int64((first << np.uint64(20)) | (second >> np.uint64(12)))
        values[place] = (np.float64(bits) + 0.5) * 2.0**-52
    return values


@compiled
def draw_keys(counts: Longs, replication: int, seed: int) -> Longs:
    """For each incident: hour, time within it in steps of 4 us, and place in the hour, packed so that sorting is by time."""
    keys = np.empty(counts.sum(), np.int64)
    at = 0
    for hour in range(len(counts)):
        for ordinal in range(counts[hour]):
            word, _, _, _ = philox(ordinal, hour, replication, PLACE, seed)
            offset = np.int64((word * np.uint64(HOUR_US // 4)) >> _WORD)
            keys[at] = (hour << (ORDINAL_BITS + OFFSET_BITS)) | (offset << ORDINAL_BITS) | ordinal
            at += 1
    return keys


@compiled
def at_level(quantiles: Floats, word: int) -> float:
    """Value of a distribution, given at equal steps of probability from 0 to 1, at the level word / 2**32; straight between the steps."""
    level = word * np.uint64(len(quantiles) - 1)
    step = np.int64(level >> _WORD)
    low = quantiles[step]
    return low + (quantiles[step + 1] - low) * (np.float64(np.int64(level & _LOW)) * 2.0**-32)


@compiled
def fill(
    keys: Longs,
    replication: int,
    seed: int,
    hour_row: Ints,
    cumulative: Floats,
    guide: Ints,
    category_grade: Bytes,
    place_first: Longs,
    place_x: Ints,
    place_y: Ints,
    place_zone: Ints,
    jitter_m: int,
    scene_quantiles: Floats,
    skill_cumulative: Floats,
    support_quantiles: Floats,
    turnout_quantiles: Floats,
    travel_quantiles: Floats,
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
    """Draw everything about each incident from its sorted keys; an empty array of results is left out."""
    categories, skills = len(category_grade), skill_cumulative.shape[1]
    moves = len(turnout) > 0 or len(factor) > 0
    scale, jitter = 2.0**-32, np.uint64(2 * jitter_m + 1)
    previous = np.int64(-3)
    for i in range(len(keys)):
        key = keys[i]
        hour = key >> (ORDINAL_BITS + OFFSET_BITS)
        ordinal = key & (MOST_IN_AN_HOUR - 1)
        offset = (key >> ORDINAL_BITS) & ((1 << OFFSET_BITS) - 1)
        previous = max(hour * HOUR_US + 4 * offset + 1, previous + 4)
        time[i] = previous
        _, which, where, beside = philox(ordinal, hour, replication, PLACE, seed)
        length, asks, support_length, _ = philox(ordinal, hour, replication, WORK, seed)
        row = hour_row[hour]
        level = np.float64(np.int64(which)) * scale
        cell = np.int64(guide[row, np.int64(which >> np.uint64(24))])
        while cumulative[row, cell] <= level:
            cell += 1
        k, category = cell // categories, cell % categories
        area[i], grade[i] = k, category_grade[category]
        places = np.uint64(place_first[k + 1] - place_first[k])
        place = place_first[k] + np.int64((where * places) >> _WORD)
        x[i] = place_x[place] + np.int64(((beside >> np.uint64(16)) * jitter) >> np.uint64(16)) - jitter_m
        y[i] = place_y[place] + np.int64(((beside & np.uint64(0xFFFF)) * jitter) >> np.uint64(16)) - jitter_m
        scene[i] = np.int64(at_level(scene_quantiles[category], length))
        if len(zone) > 0:
            zone[i] = place_zone[place]
        if len(need) > 0:
            level = np.float64(np.int64(asks)) * scale
            skill = 0
            while skill < skills and skill_cumulative[category, skill] <= level:
                skill += 1
            need[i], support[i] = -1, 0
            if skill < skills:
                need[i], support[i] = skill, np.int64(at_level(support_quantiles[skill], support_length))
        if moves:
            first, second, _, _ = philox(ordinal, hour, replication, TRAVEL, seed)
            if len(turnout) > 0:
                turnout[i] = np.int64(at_level(turnout_quantiles[grade[i]], first))
            if len(factor) > 0:
                factor[i] = at_level(travel_quantiles[k], second)


def guides(cumulative: Floats) -> Ints:
    """For each row, where a search that starts from the top 8 bits of a word may begin."""
    starts = np.arange(GUIDES) / GUIDES
    return np.stack([np.searchsorted(row, starts, side="right") for row in cumulative]).astype(np.int32)
