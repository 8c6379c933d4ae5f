// The same simulation by hand in C++: how near does the compiled Python come to it?
// Same inputs, same counts to the last bit. Time in whole microseconds, space in whole metres, no fused multiply-add:
//   g++ -std=c++17 -O3 -march=native -ffp-contract=off -shared -fPIC -o libtwin.so twin.cpp
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace {
using Time = int64_t;
using Word = uint64_t;
constexpr Time kFar = std::numeric_limits<Time>::max();
constexpr Time kHour = 3600000000LL, kDay = 24 * kHour, kWeek = 7 * kDay, kLast = (1LL << 46) - 2;
constexpr int kBins = 704, kUnitBits = 17;

struct Array { const void* data; int64_t size; };
template <class T> const T* at(const Array& a) { return static_cast<const T*>(a.data); }

int bin_of(Time time) {
  const Word steps = static_cast<Word>(time) >> 20;
  if (steps < 64) return static_cast<int>(steps);
  const int doubling = 58 - __builtin_clzll(steps);
  return std::min((doubling << 5) + static_cast<int>(steps >> doubling), kBins - 1);
}

class Heap {
 public:
  explicit Heap(size_t room) : keys_(room, kFar) {}
  Time top() const { return keys_[0]; }
  void push(Time key) {
    if (size_ + 2 > keys_.size()) keys_.resize(2 * keys_.size(), kFar);
    size_t place = size_++;
    while (place) {
      const size_t above = (place - 1) >> 1;
      if (keys_[above] <= key) break;
      keys_[place] = keys_[above];
      place = above;
    }
    keys_[place] = key;
  }
  void replace(Time key) {
    Time* const keys = keys_.data();
    size_t place = 0;
    for (;;) {
      size_t below = 2 * place + 1;
      if (below >= size_) break;
      below += keys[below + 1] < keys[below];
      if (keys[below] >= key) break;
      keys[place] = keys[below];
      place = below;
    }
    keys[place] = key;
  }
  void pop() {
    const Time key = keys_[--size_];
    keys_[size_] = kFar;
    if (size_) replace(key);
  }

 private:
  std::vector<Time> keys_;
  size_t size_ = 0;
};

struct Ring {  // incidents of one grade in the order in which their patience ends
  struct Entry { int32_t incident; Time ends; };
  std::vector<Entry> entries = std::vector<Entry>(4096);
  size_t first = 0, last = 0;
  bool empty() const { return first == last; }
  const Entry& front() const { return entries[first & (entries.size() - 1)]; }
  void pop() { first++; }
  void push(int32_t incident, Time ends) {
    if (last - first == entries.size()) {
      std::vector<Entry> larger(2 * entries.size());
      for (size_t k = first; k < last; k++) larger[k & (larger.size() - 1)] = entries[k & (entries.size() - 1)];
      entries.swap(larger);
    }
    entries[last++ & (entries.size() - 1)] = {incident, ends};
  }
};

enum Doing : int8_t { kOff, kIdle, kBusy, kBreak };

class Play {
 public:
  Play(const Array* in, const int64_t* scalars, void* const* out) {
    pool_of = at<int32_t>(in[0]); base_x = at<int32_t>(in[1]); base_y = at<int32_t>(in[2]); base_zone = at<int32_t>(in[3]);
    returns = at<int8_t>(in[4]); skills = at<Word>(in[5]); pool_start = at<int64_t>(in[6]); keeps = at<int64_t>(in[7]);
    borrow = at<Word>(in[8]); lend = at<Word>(in[9]); first_unit = at<int32_t>(in[10]); first_until = at<Time>(in[11]);
    week_time = at<Time>(in[12]); week_kind = at<int8_t>(in[13]); week_unit = at<int32_t>(in[14]); week_length = at<Time>(in[15]);
    away_time = at<Time>(in[16]); away_kind = at<int8_t>(in[17]); away_unit = at<int32_t>(in[18]);
    pace = at<double>(in[19]); root_pace = at<double>(in[20]); zone_travel = at<Time>(in[21]);
    patience = at<Time>(in[22]); target = at<Time>(in[23]); support_target = at<Time>(in[24]);
    time = at<Time>(in[25]); x = at<int32_t>(in[26]); y = at<int32_t>(in[27]); area = at<int16_t>(in[28]); grade = at<int8_t>(in[29]);
    scene = at<Time>(in[30]); need = at<int8_t>(in[31]); support = at<Time>(in[32]); turnout = at<int32_t>(in[33]);
    factor = at<float>(in[34]); zone = at<int32_t>(in[35]); reported = at<Time>(in[36]); support_before = at<Time>(in[37]);
    units = in[0].size; pools = in[6].size - 1; started = in[10].size; weekly = in[12].size; absences = in[16].size; n = in[25].size;
    areas = scalars[0]; grades = scalars[1]; kinds = scalars[2]; words = scalars[3]; zones = scalars[4];
    diverts_for = scalars[5]; diverts_from = scalars[6]; count_from = scalars[7]; end = scalars[8]; stop = scalars[9]; id_bits = scalars[10];
    has_root = scalars[11]; wants_support = in[31].size > 0; has_turnout = in[33].size > 0; has_factor = in[34].size > 0;
    has_reported = in[36].size > 0; has_before = in[37].size > 0; rows = scalars[12];
    diverts = diverts_for >= 0;
    auto longs = [&](int k) { return static_cast<Time*>(out[k]); };
    auto ints = [&](int k) { return static_cast<int32_t*>(out[k]); };
    tally = longs(0); response_bins = ints(1); wait_bins = ints(2); unserved_bins = ints(3); unserved_hourly = ints(4); hourly = longs(5); sent = longs(6);
    sent_time = longs(7); unit_hours = longs(8); waiting_by_day = longs(9); support_tally = longs(10); support_bins = ints(11);
    support_sent = longs(12); support_sent_time = longs(13); pool_tally = longs(14); row_unit = ints(15); row_time = longs(16);
  }
  int64_t run();

 private:
  // the world, the rules, the incidents
  const int32_t *pool_of, *base_x, *base_y, *base_zone, *first_unit, *week_unit, *away_unit, *x, *y, *turnout, *zone;
  const int8_t *returns, *week_kind, *away_kind, *grade, *need;
  const int16_t* area;
  const Word *skills, *borrow, *lend;
  const int64_t *pool_start, *keeps;
  const Time *first_until, *week_time, *week_length, *away_time, *zone_travel, *patience, *target, *support_target, *time, *scene, *support,
      *reported, *support_before;
  const double *pace, *root_pace;
  const float* factor;
  int64_t units, pools, started, weekly, absences, n, areas, grades, kinds, words, zones, diverts_for, diverts_from, rows;
  Time count_from, end, stop;
  int64_t id_bits;
  bool has_root, wants_support, has_turnout, has_factor, has_reported, has_before, diverts;
  // the counts
  Time *tally, *hourly, *sent, *sent_time, *unit_hours, *waiting_by_day, *support_tally, *support_sent, *support_sent_time, *pool_tally, *row_time;
  int32_t *response_bins, *wait_bins, *unserved_bins, *unserved_hourly, *support_bins, *row_unit;
  // the state
  std::vector<int32_t> unit_x, unit_y, unit_zone, idle_x, idle_y, idle_unit, idle_place, job, from_x, from_y, queue_first, queue_last;
  std::vector<int64_t> idle_count;
  std::vector<Word> can_lend, has_queue, every_skill, some_skill;
  std::vector<int8_t> doing, on_shift;
  std::vector<int16_t> away;
  std::vector<Time> shift_until, break_owed, job_begun, job_on_scene, job_until, job_request, job_overtime, idle_part, duty_part,
      break_part, duty_count, break_count, waiting;
  std::vector<Ring> rings;
  // kept from run to run, as the compiled Python keeps its workspace: fresh pages would cost as much as half a run
  static thread_local std::vector<int32_t> behind;
  static thread_local std::vector<int8_t> queued;
  static thread_local std::vector<Time> requested;
  int64_t hour = 0;
  Time now = 0, hour_ends = kHour, to_hour_end = kHour, patience_ends = kFar;
  int64_t patience_grade = 0;

  Time nearest(int64_t pool, int64_t i, Time best) const {
    const int64_t first = pool_start[pool], last = first + idle_count[pool];
    if (zones) {
      const Time* travel = zone_travel + zone[i] * zones;
      for (int64_t place = first; place < last; place++) {
        const int64_t unit = idle_unit[place];
        best = std::min(best, (travel[unit_zone[unit]] << kUnitBits) | unit);
      }
      return best;
    }
    const int32_t ix = x[i], iy = y[i];
    const int32_t *xs = idle_x.data(), *ys = idle_y.data(), *us = idle_unit.data();
    for (int64_t place = first; place < last; place++) {
      const int64_t dx = xs[place] - ix, dy = ys[place] - iy;
      best = std::min<Time>(best, ((dx * dx + dy * dy) << kUnitBits) | us[place]);
    }
    return best;
  }
  Time nearest_lent(int64_t k, int64_t i, Time best) const {
    for (int64_t w = 0; w < words; w++)
      for (Word lenders = can_lend[w] & borrow[k * words + w]; lenders; lenders &= lenders - 1)
        best = nearest((w << 6) + __builtin_ctzll(lenders), i, best);
    return best;
  }
  void make_idle(int64_t u) {
    const int64_t p = pool_of[u], place = pool_start[p] + idle_count[p];
    idle_x[place] = unit_x[u]; idle_y[place] = unit_y[u]; idle_unit[place] = u; idle_place[u] = place;
    idle_part[p] += to_hour_end;
    if (p < areas && idle_count[p] == keeps[p]) can_lend[p >> 6] |= Word{1} << (p & 63);
    idle_count[p]++;
    doing[u] = kIdle;
  }
  void take(int64_t u) {
    const int64_t p = pool_of[u], place = idle_place[u], last = pool_start[p] + --idle_count[p];
    const int32_t moved = idle_unit[last];
    idle_x[place] = idle_x[last]; idle_y[place] = idle_y[last]; idle_unit[place] = moved; idle_place[moved] = place;
    idle_part[p] -= to_hour_end;
    if (p < areas && idle_count[p] == keeps[p]) can_lend[p >> 6] &= ~(Word{1} << (p & 63));
  }
  void to_base(int64_t u) { unit_x[u] = base_x[u]; unit_y[u] = base_y[u]; unit_zone[u] = base_zone[u]; }
  int64_t dequeue(int64_t q, bool first_wave) {
    const int64_t i = queue_first[q];
    queue_first[q] = behind[i];
    if (behind[i] < 0) queue_last[q] = -1;
    if (first_wave) {
      queued[i] = 0;
      waiting[grade[i]]--;
      if (behind[i] < 0) {
        const int64_t k = q / grades;
        bool empty = true;
        for (int64_t g = 0; g < grades; g++) empty = empty && queue_first[k * grades + g] < 0;
        if (empty) has_queue[k >> 6] &= ~(Word{1} << (k & 63));
      }
    }
    return i;
  }
  void enqueue(int64_t i) {
    const int64_t k = area[i], g = grade[i], q = k * grades + g;
    if (queue_last[q] < 0) { queue_first[q] = queue_last[q] = i; behind[i] = -1; }
    else if (queue_last[q] < i) { behind[queue_last[q]] = i; queue_last[q] = i; behind[i] = -1; }
    else {
      int64_t ahead = -1, after = queue_first[q];
      while (after < i) { ahead = after; after = behind[after]; }
      behind[i] = after;
      (ahead < 0 ? queue_first[q] : behind[ahead]) = i;
    }
    queued[i] = 1;
    waiting[g]++;
    has_queue[k >> 6] |= Word{1} << (k & 63);
    if (patience[g] > 0 && patience[g] < kFar >> 2) {
      const bool was_empty = rings[g].empty();
      const Time ends = now + patience[g];
      rings[g].push(i, ends);
      if (was_empty && (ends < patience_ends || (ends == patience_ends && g < patience_grade))) { patience_ends = ends; patience_grade = g; }
    }
  }
  void send(Heap& heap, int64_t u, int64_t i, bool from_root, bool is_support);
  void look_for_work(Heap& heap, int64_t u, bool from_root);
  void rest(Heap& heap, int64_t u);
  void call_off(int64_t u);
  int64_t whom_to_divert(int64_t k, int64_t i) const;
  void close_hours(Time until, int64_t& day);
};

thread_local std::vector<int32_t> Play::behind;
thread_local std::vector<int8_t> Play::queued;
thread_local std::vector<Time> Play::requested;

void Play::send(Heap& heap, int64_t u, int64_t i, bool from_root, bool is_support) {
  const int64_t k = area[i], g = grade[i], p = pool_of[u], wave = is_support ? 1 : 0;
  double drive;
  if (zones) {
    drive = static_cast<double>(zone_travel[zone[i] * zones + unit_zone[u]]) * pace[(wave * grades + g) * 168 + hour];
    unit_zone[u] = zone[i];
  } else {
    const int64_t dx = unit_x[u] - x[i], dy = unit_y[u] - y[i];
    const double metres = std::sqrt(static_cast<double>(dx * dx + dy * dy));
    drive = metres * pace[(wave * grades + g) * 168 + hour];
    if (has_root) drive += root_pace[wave * grades + g] * std::sqrt(metres);
  }
  if (has_factor) drive *= static_cast<double>(factor[i]);
  Time on_scene = now + static_cast<Time>(drive);
  if (has_turnout) on_scene += turnout[i];
  Time until = on_scene + (is_support ? support[i] : scene[i]);
  until = std::min(((until + 3) & ~Time{3}) | 2, kLast);
  if (diverts) { from_x[u] = unit_x[u]; from_y[u] = unit_y[u]; job_begun[u] = now; job_on_scene[u] = on_scene; }
  unit_x[u] = x[i]; unit_y[u] = y[i]; doing[u] = kBusy; job[u] = i; job_until[u] = until;
  const Time key = (until << id_bits) | (units + u);
  if (from_root) heap.replace(key); else heap.push(key);
  const Time overtime = std::max<Time>(until - shift_until[u], 0);
  if (diverts) job_overtime[u] = overtime;
  const bool counted = time[i] >= count_from;
  if (counted && overtime > 0) { pool_tally[p * 4] += overtime; pool_tally[p * 4 + 1]++; }
  if (is_support) {
    if (counted) {
      const Time wait = now - requested[i];
      Time response = on_scene - requested[i];
      if (has_before) response = std::max<Time>(response + support_before[i], 0);
      Time* t = support_tally + (need[i] * grades + g) * 8;
      t[1]++; t[2] += response <= support_target[g]; t[3] += response; t[4] += wait; t[5] += wait > 0;
      support_bins[(need[i] * grades + g) * kBins + bin_of(response)]++;
      support_sent[k * pools + p]++;
      support_sent_time[k * pools + p] += until - now;
    }
    if (rows) { row_unit[n + i] = u; row_time[3 * n + i] = now; row_time[4 * n + i] = on_scene; }
    return;
  }
  if (wants_support && need[i] >= 0) {
    const Time request = std::min(((on_scene + 3) & ~Time{3}) | 2, kLast);
    job_request[u] = request;
    heap.push((request << id_bits) | u);
  }
  if (counted) {
    const Time wait = now - time[i], called = has_reported ? reported[i] : time[i], response = on_scene - called;
    Time* t = tally + (k * grades + g) * 8;
    t[0]++; t[2] += response;
    response_bins[(k * grades + g) * kBins + bin_of(response)]++;
    sent[k * pools + p]++;
    sent_time[k * pools + p] += until - now;
    int64_t reported_hour = hour;
    if (wait > 0) {
      t[3] += wait; t[4]++;
      wait_bins[(k * grades + g) * kBins + bin_of(wait)]++;
    }
    if (wait > 0 || has_reported) reported_hour = (called / kHour) % 168;
    Time* h = hourly + ((reported_hour * areas + k) * grades + g) * 3;
    h[0]++; h[2] += response;
    if (response <= target[g]) { t[1]++; h[1]++; }
  }
  if (rows) { row_unit[i] = u; row_time[i] = now; row_time[n + i] = on_scene; }
}

void Play::rest(Heap& heap, int64_t u) {
  const int64_t p = pool_of[u];
  const Time until = ((now + break_owed[u] + 3) & ~Time{3}) | 2;
  break_owed[u] = 0; doing[u] = kBreak; job_until[u] = until;
  break_count[p]++; break_part[p] += to_hour_end;
  pool_tally[p * 4 + 2]++;
  heap.push((until << id_bits) | (units + u));
}

void Play::look_for_work(Heap& heap, int64_t u, bool from_root) {
  const int64_t p = pool_of[u], queues = (areas + kinds) * grades;
  int64_t q = -1;
  bool is_support = false;
  if (p >= areas) {
    int64_t oldest = kFar;
    for (int64_t g = 0; g < grades && q < 0; g++)
      for (Word able = skills[u]; able; able &= able - 1) {
        const int64_t z = (areas + __builtin_ctzll(able)) * grades + g;
        if (z < queues && queue_first[z] >= 0 && queue_first[z] < oldest) { oldest = queue_first[z]; q = z; }
      }
    is_support = q >= 0;
  } else if (has_queue[p >> 6] >> (p & 63) & 1) {
    for (q = p * grades; queue_first[q] < 0; q++) {}
  } else if (idle_count[p] >= keeps[p]) {
    int64_t best_grade = grades - 1, oldest = kFar;
    for (int64_t w = 0; w < words; w++)
      for (Word askers = has_queue[w] & lend[p * words + w]; askers; askers &= askers - 1) {
        const int64_t z = ((w << 6) + __builtin_ctzll(askers)) * grades;
        for (int64_t g = 0; g <= best_grade; g++) {
          const int64_t i = queue_first[z + g];
          if (i >= 0 && time[i] + patience[g] < now) {
            if (g < best_grade || i < oldest) { best_grade = g; oldest = i; q = z + g; }
            break;
          }
        }
      }
  }
  if (q >= 0) { send(heap, u, dequeue(q, !is_support), from_root, is_support); return; }
  if (from_root) heap.pop();
  if (break_owed[u] > 0 && now + break_owed[u] <= shift_until[u]) { rest(heap, u); return; }
  if (returns[u]) to_base(u);
  make_idle(u);
}

int64_t Play::whom_to_divert(int64_t k, int64_t i) const {
  Time best = kFar;
  for (int64_t u = pool_start[k]; u < pool_start[k + 1]; u++)
    if (doing[u] == kBusy && now < job_on_scene[u] && on_shift[u] && away[u] == 0 && grade[job[u]] >= diverts_from) {
      const double gone = static_cast<double>(now - job_begun[u]) / static_cast<double>(job_on_scene[u] - job_begun[u]);
      const int64_t ux = from_x[u] + static_cast<int64_t>(static_cast<double>(x[job[u]] - from_x[u]) * gone);
      const int64_t uy = from_y[u] + static_cast<int64_t>(static_cast<double>(y[job[u]] - from_y[u]) * gone);
      const int64_t dx = ux - x[i], dy = uy - y[i];
      best = std::min<Time>(best, ((dx * dx + dy * dy) << kUnitBits) | u);
    }
  return best == kFar ? -1 : best & ((1 << kUnitBits) - 1);
}

void Play::call_off(int64_t u) {
  const int64_t j = job[u], k = area[j], g = grade[j], p = pool_of[u];
  const double gone = static_cast<double>(now - job_begun[u]) / static_cast<double>(job_on_scene[u] - job_begun[u]);
  unit_x[u] = from_x[u] + static_cast<int64_t>(static_cast<double>(x[j] - from_x[u]) * gone);
  unit_y[u] = from_y[u] + static_cast<int64_t>(static_cast<double>(y[j] - from_y[u]) * gone);
  job_request[u] = -1;
  if (time[j] >= count_from) {
    const Time called = has_reported ? reported[j] : time[j], wait = job_begun[u] - time[j], response = job_on_scene[u] - called;
    Time *t = tally + (k * grades + g) * 8, *h = hourly + (((called / kHour) % 168 * areas + k) * grades + g) * 3;
    t[0]--; t[2] -= response; t[3] -= wait; t[5]++;
    response_bins[(k * grades + g) * kBins + bin_of(response)]--;
    h[0]--; h[2] -= response;
    if (response <= target[g]) { t[1]--; h[1]--; }
    if (wait > 0) { t[4]--; wait_bins[(k * grades + g) * kBins + bin_of(wait)]--; }
    sent[k * pools + p]--;
    sent_time[k * pools + p] -= job_until[u] - now;
    if (job_overtime[u] > 0) { pool_tally[p * 4] -= job_overtime[u]; pool_tally[p * 4 + 1]--; }
  }
  if (rows) { row_unit[j] = -1; row_time[j] = row_time[n + j] = -1; }
  enqueue(j);
}

void Play::close_hours(Time until, int64_t& day) {
  while (hour_ends <= until && hour_ends <= end) {
    if (hour_ends > count_from)
      for (int64_t p = 0; p < pools; p++) {
        Time* h = unit_hours + (hour * pools + p) * 3;
        h[0] += duty_part[p]; h[1] += idle_part[p]; h[2] += break_part[p];
      }
    for (int64_t p = 0; p < pools; p++) {
      duty_part[p] = duty_count[p] * kHour; break_part[p] = break_count[p] * kHour; idle_part[p] = idle_count[p] * kHour;
    }
    if (hour_ends == (day + 1) * kDay) { for (int64_t g = 0; g < grades; g++) waiting_by_day[day * grades + g] = waiting[g]; day++; }
    hour_ends += kHour;
    if (++hour == 168) hour = 0;
  }
}

int64_t Play::run() {
  unit_x.assign(base_x, base_x + units); unit_y.assign(base_y, base_y + units); unit_zone.assign(base_zone, base_zone + units);
  for (auto* v : {&idle_x, &idle_y, &idle_unit, &idle_place, &from_x, &from_y}) v->assign(units, 0);
  job.assign(units, -1);
  for (auto* v : {&shift_until, &break_owed, &job_begun, &job_on_scene, &job_overtime}) v->assign(units, 0);
  job_until.assign(units, -1); job_request.assign(units, -1);
  for (auto* v : {&idle_part, &duty_part, &break_part, &duty_count, &break_count}) v->assign(pools, 0);
  idle_count.assign(pools, 0); waiting.assign(grades, 0); can_lend.assign(words, 0); has_queue.assign(words, 0);
  doing.assign(units, kOff); on_shift.assign(units, 0); away.assign(units, 0); queued.assign(n, 0);
  every_skill.assign(pools, ~Word{0}); some_skill.assign(pools, 0);
  for (int64_t u = 0; u < units; u++) { every_skill[pool_of[u]] &= skills[u]; some_skill[pool_of[u]] |= skills[u]; }
  const int64_t queues = (areas + kinds) * grades;
  queue_first.assign(queues, -1); queue_last.assign(queues, -1); behind.resize(std::max<size_t>(behind.size(), n)); requested.resize(std::max<size_t>(requested.size(), wants_support ? n : 0));
  rings.resize(grades);
  Heap heap(2 * units + 64);
  for (int64_t k = 0; k < started; k++) {
    const int64_t u = first_unit[k], p = pool_of[u];
    on_shift[u] = 1; shift_until[u] = first_until[k];
    duty_count[p]++; duty_part[p] += kHour;
    make_idle(u);
  }
  int64_t arrival = 0, week_at = 0, away_at = 0, day = 0, events = 0;
  Time week_base = 0, next_week = weekly ? week_time[0] : kFar, next_away = absences ? away_time[0] : kFar;
  const int64_t id_mask = (int64_t{1} << id_bits) - 1;
  for (;;) {
    const Time next_arrival = arrival < n ? time[arrival] : kFar, root = heap.top(), next_job = root >> id_bits;
    now = std::min(std::min(next_arrival, next_job), std::min(patience_ends, std::min(next_week, next_away)));
    if (hour_ends <= now) close_hours(now, day);
    if (now > stop) break;
    if (now >= hour_ends) hour = (now / kHour) % 168;
    events++;
    to_hour_end = hour_ends - now;
    if (now == next_arrival) {
      const int64_t i = arrival++, k = area[i], g = grade[i];
      Time best = nearest(k, i, kFar);
      if (patience[g] == 0) best = nearest_lent(k, i, best);
      if (time[i] >= count_from) tally[(k * grades + g) * 8 + 6]++;
      if (best != kFar) {
        const int64_t u = best & ((1 << kUnitBits) - 1);
        take(u);
        send(heap, u, i, false, false);
      } else {
        const int64_t u = diverts && g <= diverts_for ? whom_to_divert(k, i) : -1;
        if (u >= 0) { call_off(u); send(heap, u, i, false, false); } else enqueue(i);
      }
    } else if (now == next_job) {
      const int64_t number = root & id_mask;
      if (number < units) {  // on scene: ask for support
        if (diverts && job_request[number] != now) { heap.pop(); continue; }
        job_request[number] = -1;
        const int64_t i = job[number], skill = need[i], g = grade[i];
        requested[i] = now;
        if (rows) row_time[2 * n + i] = now;
        if (time[i] >= count_from) support_tally[(skill * grades + g) * 8]++;
        Time best = kFar;
        for (int64_t p = areas; p < pools; p++) {
          if (!(some_skill[p] >> skill & 1)) continue;
          if ((every_skill[p] >> skill & 1) && !zones) { best = nearest(p, i, best); continue; }
          for (int64_t place = pool_start[p]; place < pool_start[p] + idle_count[p]; place++) {
            const int64_t v = idle_unit[place];
            if (!(skills[v] >> skill & 1)) continue;
            const int64_t dx = idle_x[place] - x[i], dy = idle_y[place] - y[i];
            best = std::min<Time>(best, ((zones ? zone_travel[zone[i] * zones + unit_zone[v]] : dx * dx + dy * dy) << kUnitBits) | v);
          }
        }
        if (best != kFar) {
          const int64_t v = best & ((1 << kUnitBits) - 1);
          take(v);
          send(heap, v, i, true, true);
        } else {
          heap.pop();
          const int64_t q = (areas + skill) * grades + g;
          (queue_first[q] < 0 ? queue_first[q] : behind[queue_last[q]]) = i;
          queue_last[q] = i; behind[i] = -1;
        }
      } else {  // a job or a meal break is over
        const int64_t u = number - units;
        if (diverts && job_until[u] != now) { heap.pop(); continue; }
        job_until[u] = -1;
        if (doing[u] == kBreak) { break_count[pool_of[u]]--; break_part[pool_of[u]] -= to_hour_end; }
        if (on_shift[u] && away[u] == 0) look_for_work(heap, u, true);
        else { doing[u] = kOff; heap.pop(); }
      }
    } else if (now == patience_ends) {
      const int64_t z = patience_grade, i = rings[z].front().incident;
      rings[z].pop();
      patience_ends = kFar;
      for (int64_t g = 0; g < grades; g++)
        if (!rings[g].empty() && rings[g].front().ends < patience_ends) { patience_ends = rings[g].front().ends; patience_grade = g; }
      if (queued[i]) {
        const int64_t k = area[i], q = k * grades + z, oldest = queue_first[q];
        const Time best = nearest_lent(k, oldest, kFar);
        if (best != kFar) {
          const int64_t u = best & ((1 << kUnitBits) - 1);
          take(u);
          send(heap, u, dequeue(q, true), false, false);
        }
      }
    } else {
      const bool of_week = next_week < next_away || (next_week == next_away && away_kind[away_at] == 1);
      const int64_t u = of_week ? week_unit[week_at] : away_unit[away_at], p = pool_of[u];
      const int kind = of_week ? week_kind[week_at] : 3 + away_kind[away_at];
      const Time length = of_week ? week_length[week_at] : 0;
      if (of_week) {
        if (++week_at == weekly) { week_at = 0; week_base += kWeek; }
        next_week = week_base + week_time[week_at];
      } else {
        next_away = ++away_at < absences ? away_time[away_at] : kFar;
      }
      auto leaves = [&] {
        if (doing[u] == kIdle) { doing[u] = kOff; take(u); }
        else if (doing[u] == kBreak) { doing[u] = kBusy; break_count[p]--; break_part[p] -= to_hour_end; }
      };
      auto comes = [&] {
        duty_count[p]++; duty_part[p] += to_hour_end;
        if (doing[u] == kOff) { to_base(u); look_for_work(heap, u, false); }
      };
      if (kind == 0) {  // turn of duty ends
        if (on_shift[u]) {
          on_shift[u] = 0;
          if (away[u] == 0) { duty_count[p]--; duty_part[p] -= to_hour_end; }
          leaves();
          if (break_owed[u] > 0) { break_owed[u] = 0; pool_tally[p * 4 + 3]++; }
        }
      } else if (kind == 1) {  // starts
        on_shift[u] = 1; shift_until[u] = now + length;
        if (away[u] == 0) comes();
      } else if (kind == 2) {  // break due
        if (on_shift[u] && away[u] == 0) {
          break_owed[u] = length;
          if (doing[u] == kIdle) { take(u); rest(heap, u); }
        }
      } else if (kind == 3) {  // away
        if (++away[u] == 1 && on_shift[u]) { duty_count[p]--; duty_part[p] -= to_hour_end; break_owed[u] = 0; leaves(); }
      } else if (--away[u] == 0 && on_shift[u]) {
        comes();
      }
    }
  }
  for (int64_t q = 0; q < queues; q++)
    for (int64_t i = queue_first[q]; i >= 0; i = behind[i])
      if (time[i] >= count_from) {
        const int64_t g = q % grades;
        if (q < areas * grades) {
          tally[q * 8 + 7] += stop - time[i];
          unserved_bins[q * kBins + bin_of(stop - time[i])]++;
          unserved_hourly[((has_reported ? reported[i] : time[i]) / kHour) % 168 * areas * grades + q]++;
        } else {
          support_tally[(q - areas * grades) * 8 + 6]++;
        }
        (void)g;
      }
  return events;
}
}  // namespace

extern "C" int64_t play(const Array* in, const int64_t* scalars, void* const* out) { return Play(in, scalars, out).run(); }
