// Reads what one datagram (or a part of a stream) of DogStatsD holds, line by line: metrics,
// events, service checks. Protocol v1.0 to v1.6 as Datadog documents it
// (https://docs.datadoghq.com/developers/dogstatsd/datagram_shell), with what real clients do
// beyond it: fields in any order, event lengths in UTF-16 units. Pulls one message at a time,
// allocates nothing; the texts point into the datagram.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace catalejo::intake::dogstatsd {

enum class Type : std::uint8_t { count, gauge, timing, histogram, set, distribution };

// Fields that metrics, events and service checks share. Empty or none = not given.
struct Origin {
  std::string_view tags;         // "k:v,k2:v2" as it came
  std::string_view container;    // v1.2, v1.4: "<id>", "ci-<id>" or "in-<inode>"
  std::string_view external;     // v1.5
  std::string_view cardinality;  // v1.6
};

struct Sample {
  std::string_view name;
  Type type = Type::count;
  std::string_view values;  // "1" or packed "1:2:3" (v1.1); for next_value()
  double rate = 1;          // 0 < rate ≤ 1: each value stands for 1 / rate of them
  std::optional<std::int64_t> timestamp_s;  // v1.3, counts and gauges: aggregated already
  Origin origin;
};

struct Event {
  std::string_view title, text;  // "\\n" stands for a line break, as it came
  std::optional<std::int64_t> timestamp_s;
  std::string_view host, aggregation_key, priority, source, alert_type;
  Origin origin;
};

enum class CheckStatus : std::uint8_t { ok, warning, critical, unknown };

struct ServiceCheck {
  std::string_view name;
  CheckStatus status = CheckStatus::unknown;
  std::optional<std::int64_t> timestamp_s;
  std::string_view host, message;
  Origin origin;
};

class Reader {
 public:
  explicit Reader(std::string_view datagram) : rest_(datagram) {}

  enum class Next { sample, event, service_check, bad, end };
  // A bad line is skipped: problem() says what is wrong with it, in a snake_case reason to count.
  Next next();

  const Sample& sample() const { return sample_; }
  const Event& event() const { return event_; }
  const ServiceCheck& service_check() const { return check_; }
  std::string_view problem() const { return problem_; }
  // The bad line was to be an event or a service check.
  bool problem_is_of_event() const { return bad_event_; }

 private:
  Next read_sample(std::string_view line);
  Next read_event(std::string_view line);
  Next read_check(std::string_view line);
  Next bad(std::string_view problem);

  std::string_view rest_;
  Sample sample_;
  Event event_;
  ServiceCheck check_;
  std::string_view problem_;
  bool bad_event_ = false;
};

// Takes the next of packed values off `values`: false when there is none left. The text is not
// yet a number: a set counts texts.
bool next_value(std::string_view& values, std::string_view& value);
// Finite numbers only; "+5" is 5.
std::optional<double> number_of(std::string_view value);

}  // namespace catalejo::intake::dogstatsd
