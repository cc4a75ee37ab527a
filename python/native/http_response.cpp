#include "http_response.hpp"

#include <algorithm>
#include <charconv>

namespace catalejo::tracer {
namespace {

constexpr std::size_t kHeaderBytesMax = 64u << 10;
constexpr std::size_t kBodyBytesMax = 1u << 20;
constexpr std::size_t kLineBytesMax = 8u << 10;  // of a chunk's size or a trailer

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool parse_number(std::string_view text, int base, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

std::string_view ResponseParser::header(std::string_view name) const {
  for (const auto& [key, value] : headers_) {
    if (key == name) return value;
  }
  return {};
}

ResponseParser::State ResponseParser::feed(std::string_view bytes) {
  if (state_ == State::done || state_ == State::broken) return state_;
  pending_.append(bytes);
  while (step()) {
  }
  if (at_ == pending_.size()) {
    pending_.clear();
    at_ = 0;
  } else if (state_ == State::done) {
    keep_alive_ = false;  // more than was asked for
  }
  return state_;
}

ResponseParser::State ResponseParser::end() {
  if (state_ == State::body && until_end_) {
    state_ = State::done;
  } else if (state_ != State::done) {
    state_ = State::broken;
  }
  keep_alive_ = false;
  return state_;
}

bool ResponseParser::take_line(std::string_view& line) {
  const std::size_t end = pending_.find('\n', at_);
  if (end == std::string::npos) {
    if (pending_.size() - at_ > kLineBytesMax) state_ = State::broken;
    return false;
  }
  if (end - at_ > kLineBytesMax) {
    state_ = State::broken;
    return false;
  }
  line = std::string_view(pending_).substr(at_, end - at_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  at_ = end + 1;
  return true;
}

bool ResponseParser::append_body(std::string_view bytes) {
  if (body_.size() + bytes.size() > kBodyBytesMax) {
    state_ = State::broken;
    return false;
  }
  body_.append(bytes);
  return true;
}

// One step forward; false when more bytes are needed or the end is reached.
bool ResponseParser::step() {
  std::string_view line;
  switch (state_) {
    case State::header: {
      const std::size_t end = pending_.find("\r\n\r\n", at_);
      if (end == std::string::npos) {
        if (pending_.size() - at_ > kHeaderBytesMax + 3) state_ = State::broken;
        return false;
      }
      if (end - at_ > kHeaderBytesMax) {
        state_ = State::broken;
        return false;
      }
      const std::string_view header = std::string_view(pending_).substr(at_, end + 2 - at_);
      at_ = end + 4;
      if (!parse_header(header)) state_ = State::broken;
      return state_ != State::broken && state_ != State::done;
    }
    case State::body:
    case State::chunk: {
      std::string_view rest = std::string_view(pending_).substr(at_);
      if (!until_end_) rest = rest.substr(0, std::min<std::uint64_t>(left_, rest.size()));
      if (!append_body(rest)) return false;
      at_ += rest.size();
      if (until_end_) return false;
      left_ -= rest.size();
      if (left_ != 0) return false;
      if (state_ == State::body) {
        state_ = State::done;
        return false;
      }
      state_ = State::chunk_size;
      return true;
    }
    case State::chunk_size:
      if (!take_line(line)) return false;
      if (line.empty() && !body_.empty()) return true;  // what ends the chunk before
      if (!parse_number(trimmed(line.substr(0, line.find(';'))), 16, left_)) {
        state_ = State::broken;
        return false;
      }
      state_ = left_ == 0 ? State::trailer : State::chunk;
      return true;
    case State::trailer:
      if (!take_line(line)) return false;
      if (line.empty()) state_ = State::done;
      return !line.empty();
    default:
      return false;
  }
}

bool ResponseParser::parse_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  headers_.emplace_back(lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return true;
}

bool ResponseParser::parse_header(std::string_view header) {
  headers_.clear();
  std::size_t end = header.find("\r\n");
  const std::string_view first = header.substr(0, end);
  std::uint64_t status = 0;
  if (!first.starts_with("HTTP/1.") || first.size() < 12 || first[8] != ' ' ||
      !parse_number(first.substr(9, 3), 10, status) || status < 100) {
    return false;
  }
  header.remove_prefix(end + 2);
  while (!header.empty()) {
    end = header.find("\r\n");
    if (!parse_line(header.substr(0, end))) return false;
    header.remove_prefix(end + 2);
  }
  if (status < 200) return status != 101;  // 100 Continue and its like: the real one follows
  status_ = static_cast<int>(status);
  const std::string connection = lower(this->header("connection"));
  keep_alive_ = first[7] != '0' ? connection != "close" : connection == "keep-alive";
  choose_body();
  return state_ != State::broken;
}

void ResponseParser::choose_body() {
  const std::string_view length = header("content-length");
  const std::string coding = lower(header("transfer-encoding"));
  if (status_ == 204 || status_ == 304) {
    state_ = State::done;
  } else if (!coding.empty()) {
    state_ = coding == "chunked" ? State::chunk_size : State::broken;
  } else if (!length.empty()) {
    state_ = !parse_number(length, 10, left_) ? State::broken
             : left_ == 0                     ? State::done
                                              : State::body;
  } else {
    state_ = State::body;
    until_end_ = true;
    keep_alive_ = false;
  }
}

}  // namespace catalejo::tracer
