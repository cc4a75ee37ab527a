#include "monitor/recurrence.hpp"

#include <fmt/format.h>
#include <libical/ical.h>

#include <charconv>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "base/limits.hpp"

namespace catalejo::monitor {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kLengthMax = 366 * kDay;

// The library keeps zones that it has read for all threads.
std::mutex& library() {
  static std::mutex mutex;
  static const bool started = [] {
    icalerror_set_errors_are_fatal(false);
    return true;
  }();
  (void)started;
  return mutex;
}

struct IteratorFree {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};
using Iterator = std::unique_ptr<icalrecur_iterator, IteratorFree>;

icaltimezone* zone_of(const std::string& name) {
  if (name == "UTC") return icaltimezone_get_utc_timezone();
  return icaltimezone_get_builtin_timezone(name.c_str());
}

std::int64_t offset_at(icaltimezone* zone, std::int64_t at_s) {
  icaltimetype time =
      icaltime_from_timet_with_zone(static_cast<time_t>(at_s), 0, icaltimezone_get_utc_timezone());
  int daylight = 0;
  return icaltimezone_get_utc_offset_of_utc_time(zone, &time, &daylight);
}

// Of a time by the clocks of the zone. A day on either side of it shows what they are put from and
// to, should that be then.
std::int64_t seconds_of(const icaltimetype& local, icaltimezone* zone) {
  const std::int64_t shown = icaltime_as_timet(local);
  const std::int64_t before = offset_at(zone, shown - kDay), after = offset_at(zone, shown + kDay);
  if (offset_at(zone, shown - before) == before) return shown - before;
  return offset_at(zone, shown - after) == after ? shown - after : shown - before;
}

icaltimetype local_of(std::int64_t at_s, icaltimezone* zone) {
  return icaltime_from_timet_with_zone(static_cast<time_t>(at_s + offset_at(zone, at_s)), 0,
                                       nullptr);
}

// What the rule says of its end is compared as a time, not by the clocks.
std::int64_t take_end(icalrecurrencetype& rule, icaltimezone* zone) {
  if (icaltime_is_null_time(rule.until)) return 0;
  icaltimetype until = rule.until;
  rule.until = icaltime_null_time();
  if (until.is_date) {
    until.is_date = 0;
    until.hour = 23;
    until.minute = until.second = 59;
    return seconds_of(until, zone);
  }
  return icaltime_is_utc(until) ? static_cast<std::int64_t>(icaltime_as_timet(until))
                                : seconds_of(until, zone);
}

// The beginnings of a recurrence, in order.
class Beginnings {
 public:
  // From `from_s` on, or a little before; 0 = the first. library() is locked as long as it lives.
  Beginnings(const Recurrence& recurrence, std::int64_t from_s)
      : zone_(zone_of(recurrence.zone)),
        rule_(icalrecurrencetype_from_string(recurrence.rule.c_str())) {
    if (zone_ == nullptr || rule_.freq == ICAL_NO_RECURRENCE) return;
    const icaltimetype start = icaltime_from_string(recurrence.start.c_str());
    if (icaltime_is_null_time(start)) return;
    until_s_ = take_end(rule_, zone_);
    iterator_.reset(icalrecur_iterator_new(rule_, start));
    // What is counted has to be counted from the first.
    if (!iterator_ || rule_.count > 0 || from_s == 0) return;
    const icaltimetype from = local_of(from_s - 2 * kDay, zone_);
    if (icaltime_compare(from, start) > 0) icalrecur_iterator_set_start(iterator_.get(), from);
  }

  std::optional<std::int64_t> next() {
    if (!iterator_) return std::nullopt;
    const icaltimetype local = icalrecur_iterator_next(iterator_.get());
    if (icaltime_is_null_time(local)) return std::nullopt;
    const std::int64_t at_s = seconds_of(local, zone_);
    if (until_s_ != 0 && at_s > until_s_) return std::nullopt;
    return at_s;
  }

  bool ends() const { return until_s_ != 0 || rule_.count > 0; }

 private:
  icaltimezone* zone_;
  icalrecurrencetype rule_;
  std::int64_t until_s_ = 0;
  Iterator iterator_;
};

// Of what no month has libical looks for through ten thousand years: that is seen before.
bool can_come(const icalrecurrencetype& rule) {
  constexpr int kWeeksMax = 5;
  if (rule.freq == ICAL_MONTHLY_RECURRENCE)
    for (int i = 0; i < ICAL_BY_DAY_SIZE && rule.by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; ++i)
      if (std::abs(icalrecurrencetype_day_position(rule.by_day[i])) > kWeeksMax) return false;
  if (rule.by_month[0] == ICAL_RECURRENCE_ARRAY_MAX ||
      rule.by_month_day[0] == ICAL_RECURRENCE_ARRAY_MAX)
    return true;
  constexpr int kLeapYear = 2024;
  for (int i = 0; i < ICAL_BY_MONTH_SIZE && rule.by_month[i] != ICAL_RECURRENCE_ARRAY_MAX; ++i) {
    const int days = icaltime_days_in_month(rule.by_month[i], kLeapYear);
    for (int j = 0; j < ICAL_BY_MONTHDAY_SIZE && rule.by_month_day[j] != ICAL_RECURRENCE_ARRAY_MAX;
         ++j)
      if (std::abs(rule.by_month_day[j]) <= days) return true;
  }
  return false;
}

bool is_digits(std::string_view text) {
  for (const char c : text)
    if (c < '0' || c > '9') return false;
  return !text.empty();
}

}  // namespace

bool is_zone(const std::string& name) {
  const std::lock_guard lock(library());
  return name.size() <= 100 && name.find("..") == name.npos && !name.starts_with('/') &&
         zone_of(name) != nullptr;
}

Result<std::string> local_time_of(std::string_view text) {
  const Error wrong = bad("start", "must be a time like 2026-01-05T22:00:00, without a zone");
  // Fractions of seconds say nothing here.
  if (const std::size_t dot = text.find('.'); dot == 19) text = text.substr(0, dot);
  const bool seconds = text.size() == 19 && text[16] == ':';
  if ((text.size() != 16 && !seconds) || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':')
    return wrong;
  std::string made =
      fmt::format("{}{}{}T{}{}{}", text.substr(0, 4), text.substr(5, 2), text.substr(8, 2),
                  text.substr(11, 2), text.substr(14, 2), seconds ? text.substr(17, 2) : "00");
  if (!is_digits(std::string_view(made).substr(0, 8)) ||
      !is_digits(std::string_view(made).substr(9)))
    return wrong;
  const std::lock_guard lock(library());
  const icaltimetype time = icaltime_from_string(made.c_str());
  const icaltimetype right = icaltime_normalize(time);
  if (icaltime_is_null_time(time) || time.year < 1970 || icaltime_compare(time, right) != 0 ||
      time.day != right.day || time.hour != right.hour || time.minute != right.minute)
    return wrong;
  return made;
}

std::string local_time_at(std::int64_t at_s, const std::string& zone) {
  const std::lock_guard lock(library());
  icaltimezone* found = zone_of(zone);
  const icaltimetype local =
      local_of(at_s, found != nullptr ? found : icaltimezone_get_utc_timezone());
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}", local.year, local.month, local.day,
                     local.hour, local.minute, local.second);
}

Result<std::int64_t> length_of(std::string_view text) {
  const Error wrong = bad("duration", "must be a number and m, h, d or w, of a year at most");
  if (text.size() < 2) return wrong;
  const char unit = text.back();
  const std::int64_t seconds = unit == 'm'   ? 60
                               : unit == 'h' ? 3'600
                               : unit == 'd' ? kDay
                               : unit == 'w' ? 7 * kDay
                                             : 0;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, number);
  if (seconds == 0 || error != std::errc() || end != text.data() + text.size() - 1 || number <= 0 ||
      number > kLengthMax / seconds)
    return wrong;
  return number * seconds;
}

Result<void> check(const Recurrence& recurrence) {
  if (recurrence.rule.empty() || recurrence.rule.size() > limits::downtime_rrule_bytes_max)
    return bad("rrule", "must be an RRULE like FREQ=WEEKLY;BYDAY=MO");
  if (!is_zone(recurrence.zone))
    return bad("timezone", fmt::format("there is no time zone {} here", recurrence.zone));
  {
    const std::lock_guard lock(library());
    const icalrecurrencetype rule = icalrecurrencetype_from_string(recurrence.rule.c_str());
    if (rule.freq == ICAL_NO_RECURRENCE)
      return bad("rrule", "is no RRULE as RFC 5545 has it, or has a DURATION or a DTSTART in it");
    if (rule.freq < ICAL_DAILY_RECURRENCE)
      return bad("rrule", "must be of days, weeks, months or years; hours are a BYHOUR");
    if (!can_come(rule)) return bad("rrule", "never comes");
  }
  if (!window_at(recurrence, 0)) return bad("rrule", "never comes");
  return {};
}

std::optional<Window> window_at(const Recurrence& recurrence, std::int64_t at_s) {
  const std::lock_guard lock(library());
  Beginnings beginnings(recurrence, at_s == 0 ? 0 : at_s - recurrence.length_s);
  for (int step = 0; step < limits::downtime_steps_max; ++step) {
    const auto begin_s = beginnings.next();
    if (!begin_s) return std::nullopt;
    if (*begin_s + recurrence.length_s > at_s)
      return Window{.from_s = *begin_s, .to_s = *begin_s + recurrence.length_s};
  }
  return std::nullopt;
}

std::int64_t last_end_of(const Recurrence& recurrence) {
  const std::lock_guard lock(library());
  Beginnings beginnings(recurrence, 0);
  if (!beginnings.ends()) return 0;
  std::int64_t last_s = 0;
  for (int step = 0; step < limits::downtime_steps_max; ++step) {
    const auto begin_s = beginnings.next();
    if (!begin_s) return last_s + recurrence.length_s;
    last_s = *begin_s;
  }
  return 0;
}

}  // namespace catalejo::monitor
