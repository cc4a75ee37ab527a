#include "store/word_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/ids.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/time.hpp"

namespace catalejo::store {
namespace {

constexpr int kStatementTimeoutMs = 120'000;
constexpr std::int64_t kLookEvery = kNanosPerSecond / 2;  // while it may not work
constexpr std::int64_t kRestMin = 50 * kNanosPerMilli;
constexpr int kFailuresMax = 3;

// ClickHouse's tokens() cuts as WordSet does.
constexpr std::string_view kTake = R"(INSERT INTO span_words (first, last, spans, words)
SELECT min(start), max(start), count(),
  if(arrayExists(word -> length(word) > {0}, words_of) OR length(text) > {1}, '**', text)
FROM (
  SELECT start, intDiv(toUnixTimestamp64Nano(start), {{width:Int64}}) AS block,
    arrayFilter(word -> length(word) >= {2}, tokens(lower(concat(input, ' ', output)))) AS found
  FROM spans
  WHERE start >= fromUnixTimestamp64Nano({{from:Int64}}, 'UTC')
    AND start <= fromUnixTimestamp64Nano({{to:Int64}}, 'UTC'))
GROUP BY block
HAVING notEmpty(groupUniqArrayArray(found) AS words_of)
  AND notEmpty(concat(arrayStringConcat(words_of, '\n'), '\n') AS text)
SETTINGS max_threads = 1, optimize_aggregation_in_order = 1, max_execution_time = 100,
  insert_deduplication_token = '{3}')";

constexpr std::string_view kMark =
    "INSERT INTO span_words (first, last, spans, words) SETTINGS insert_deduplication_token = "
    "'{}' SELECT fromUnixTimestamp64Nano({{first:Int64}}, 'UTC'), "
    "fromUnixTimestamp64Nano({{last:Int64}}, 'UTC'), {{spans:UInt32}}, '{}'";

// The next field of a line of a TabSeparated answer.
std::int64_t next_number(std::string_view& line) {
  const std::string_view field = line.substr(0, line.find('\t'));
  line.remove_prefix(std::min(line.size(), field.size() + 1));
  return static_cast<std::int64_t>(parse_decimal64(field).value_or(0));
}

}  // namespace

WordBuilder::WordBuilder(WordBuilderOptions options)
    : options_(std::move(options)), database_(options_.endpoint, kStatementTimeoutMs) {}

WordBuilder::~WordBuilder() {
  stop();
}

void WordBuilder::start() {
  thread_ = std::thread([this] { run(); });
}

void WordBuilder::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

bool WordBuilder::pause(std::int64_t nanos) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::nanoseconds(nanos), [&] { return stopping_; });
  return !stopping_;
}

bool WordBuilder::wait_for_turn() {
  while (!options_.may_work())
    if (!pause(kLookEvery)) return false;
  return pause(0);
}

void WordBuilder::run() {
  std::vector<Stretch> waiting;
  while (true) {
    if (!wait_for_turn()) return;
    auto found = find_waiting();
    if (found) {
      waiting = *std::move(found);
      break;
    }
    log::warn("store", "cannot find the spans without words: {}", to_string(found.error()));
    if (!pause(10 * kNanosPerSecond)) return;
  }
  if (waiting.empty()) return;
  const std::uint64_t all = spans_waiting_;
  log::info("store", "taking the words of {} older spans in the background", all);
  std::uint64_t taken = 0;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (!take(waiting[i])) return;
    taken += waiting[i].spans;
    spans_waiting_ -= waiting[i].spans;
    if (i + 1 < waiting.size() && waiting[i + 1].day == waiting[i].day) continue;
    forget_marks(waiting[i].day);
    log::info("store", "words of {} of {} older spans are taken, back to {}", taken, all,
              waiting[i].day);
  }
}

Result<std::vector<WordBuilder::Stretch>> WordBuilder::find_waiting() {
  auto body = database_.run(
      "SELECT toUnixTimestamp64Nano(first), toUnixTimestamp64Nano(last), spans, toYYYYMMDD(first)\n"
      "FROM span_words\nWHERE words = '*' AND first NOT IN (SELECT first FROM span_words WHERE "
      "words = '-')\nORDER BY first DESC FORMAT TSV",
      {});
  if (!body) return body.error();
  std::vector<Stretch> waiting;
  std::uint64_t spans = 0;
  for (std::string_view rest = *body; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    Stretch stretch;
    stretch.first = next_number(line);
    stretch.last = next_number(line);
    stretch.spans = static_cast<std::uint64_t>(next_number(line));
    stretch.day = static_cast<std::uint64_t>(next_number(line));
    spans += stretch.spans;
    waiting.push_back(stretch);
  }
  spans_waiting_ = spans;
  return waiting;
}

bool WordBuilder::take(const Stretch& stretch) {
  // Pieces that take about a second, so that nobody waits long for this thread to end.
  const auto pieces = static_cast<std::int64_t>(stretch.spans / limits::words_built_spans_max + 1);
  const std::int64_t length = stretch.last - stretch.first + 1;
  const std::int64_t step = length / pieces + 1;
  const std::int64_t width = std::max<std::int64_t>(
      length / static_cast<std::int64_t>(stretch.spans / limits::words_block_spans + 1), 1);
  int failures = 0;
  for (std::int64_t from = stretch.first; from <= stretch.last;) {
    if (!wait_for_turn()) return false;
    const std::int64_t to = std::min(from + step - 1, stretch.last);
    const std::int64_t began = steady_now_nanos();
    auto done = run_piece(from, to, width);
    const std::int64_t took = steady_now_nanos() - began;
    if (!pause(std::max(kRestMin, took))) return false;
    if (done) {
      from = to + 1;
    } else if (++failures > kFailuresMax) {
      log::warn("store", "words of spans at {} cannot be taken, searches read them: {}", from,
                to_string(done.error()));
      return mark(stretch, "**") && mark(stretch, "-");
    }
  }
  return mark(stretch, "-");
}

Result<std::string> WordBuilder::run_piece(std::int64_t from, std::int64_t to, std::int64_t width) {
  const std::string sql =
      fmt::format(fmt::runtime(kTake), limits::word_bytes_max, limits::words_block_bytes_max,
                  limits::word_bytes_min, fmt::format("words:{}:{}", from, to));
  return database_.run(sql, {{"from", std::to_string(from)},
                             {"to", std::to_string(to)},
                             {"width", std::to_string(width)}});
}

// False when stopping.
bool WordBuilder::mark(const Stretch& stretch, std::string_view words) {
  const std::string sql =
      fmt::format(fmt::runtime(kMark), fmt::format("words:{}:{}", stretch.first, words), words);
  while (true) {
    if (!wait_for_turn()) return false;
    auto done = database_.run(sql, {{"first", std::to_string(stretch.first)},
                                    {"last", std::to_string(stretch.last)},
                                    {"spans", std::to_string(stretch.spans)}});
    if (done) return true;
    if (!pause(kNanosPerSecond)) return false;
  }
}

// The marks of a day that is done; when it fails, they are read again at the next start.
void WordBuilder::forget_marks(std::uint64_t day) {
  auto done =
      database_.run(fmt::format("ALTER TABLE span_words DELETE WHERE words IN ('*', '-') AND "
                                "toYYYYMMDD(first) = {} SETTINGS mutations_sync = 1",
                                day),
                    {});
  if (!done)
    log::warn("store", "marks of {} stay until the next start: {}", day, to_string(done.error()));
}

}  // namespace catalejo::store
