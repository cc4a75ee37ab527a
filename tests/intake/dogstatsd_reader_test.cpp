// Runs tests/intake/dogstatsd/*.test: datagrams and what is read from them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "intake/dogstatsd/reader.hpp"
#include "support/paths.hpp"

namespace catalejo::intake::dogstatsd {
namespace {

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char escaped = text[++i];
    if (escaped == 'x' && i + 2 < text.size()) {
      plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      plain += escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
    }
  }
  return plain;
}

void put(std::string& line, std::string_view name, std::string_view value) {
  const bool quoted = value.empty() || value.find(' ') != std::string_view::npos;
  line += fmt::format(fmt::runtime(quoted ? " {}=\"{}\"" : " {}={}"), name, value);
}

void put_given(std::string& line, std::string_view name, std::string_view value) {
  if (!value.empty()) put(line, name, value);
}

void put_time(std::string& line, const std::optional<std::int64_t>& time) {
  if (time) put(line, "time", std::to_string(*time));
}

void put_origin(std::string& line, const Origin& origin) {
  put_given(line, "tags", origin.tags);
  put_given(line, "container", origin.container);
  put_given(line, "external", origin.external);
  put_given(line, "cardinality", origin.cardinality);
}

std::string values_of(const Sample& sample) {
  std::string texts;
  std::string_view rest = sample.values, value;
  while (next_value(rest, value)) {
    if (!texts.empty()) texts += ',';
    const std::optional<double> number = number_of(value);
    if (sample.type == Type::set) {
      texts += value;
    } else {
      texts += number ? fmt::format("{:g}", *number) : "(none)";
    }
  }
  return texts;
}

std::string line_of(const Sample& sample) {
  static constexpr const char* kTypes[] = {"count",     "gauge", "timing",
                                           "histogram", "set",   "distribution"};
  std::string line = "sample";
  put(line, "name", sample.name);
  put(line, "type", kTypes[static_cast<std::size_t>(sample.type)]);
  put(line, "values", values_of(sample));
  if (sample.rate != 1) put(line, "rate", fmt::format("{:g}", sample.rate));
  put_time(line, sample.timestamp_s);
  put_origin(line, sample.origin);
  return line;
}

std::string line_of(const Event& event) {
  std::string line = "event";
  put(line, "title", event.title);
  put(line, "text", event.text);
  put_time(line, event.timestamp_s);
  put_given(line, "host", event.host);
  put_given(line, "key", event.aggregation_key);
  put_given(line, "priority", event.priority);
  put_given(line, "source", event.source);
  put_given(line, "alert", event.alert_type);
  put_origin(line, event.origin);
  return line;
}

std::string line_of(const ServiceCheck& check) {
  static constexpr const char* kStatus[] = {"ok", "warning", "critical", "unknown"};
  std::string line = "check";
  put(line, "name", check.name);
  put(line, "status", kStatus[static_cast<std::size_t>(check.status)]);
  put_time(line, check.timestamp_s);
  put_given(line, "host", check.host);
  put_origin(line, check.origin);
  put_given(line, "message", check.message);
  return line;
}

std::vector<std::string> lines_of(std::string_view datagram) {
  std::vector<std::string> lines;
  Reader reader(datagram);
  for (auto next = reader.next(); next != Reader::Next::end; next = reader.next()) {
    switch (next) {
      case Reader::Next::sample:
        lines.push_back(line_of(reader.sample()));
        break;
      case Reader::Next::event:
        lines.push_back(line_of(reader.event()));
        break;
      case Reader::Next::service_check:
        lines.push_back(line_of(reader.service_check()));
        break;
      default:
        lines.push_back("bad " + std::string(reader.problem()));
    }
  }
  return lines;
}

TEST(DogStatsD, ReadsWhatTheDatagramsSay) {
  std::ifstream file(test_data("intake/dogstatsd/datagrams.test"));
  ASSERT_TRUE(file);
  std::vector<std::pair<std::string, std::vector<std::string>>> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("> ")) {
      cases.emplace_back(line.substr(2), std::vector<std::string>());
    } else {
      ASSERT_FALSE(cases.empty());
      cases.back().second.push_back(unescaped(line));
    }
  }
  ASSERT_GE(cases.size(), 50U);
  for (const auto& [datagram, expected] : cases)
    EXPECT_EQ(lines_of(unescaped(datagram)), expected) << datagram;
}

}  // namespace
}  // namespace catalejo::intake::dogstatsd
