#include "net/request_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

namespace catalejo::net {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast::error_code;

constexpr std::string_view kEndOfHead = "\r\n\r\n";
// No client needs more, and each costs two strings.
constexpr std::size_t kHeadersMax = 256;
// A chunk's size line with its extensions, or the trailers.
constexpr std::size_t kChunkLineBytesMax = 16u << 10;
// "0\r\n\r\n": less than this never ends a chunked body, and Beast asserts that it is not given
// less when it comes back to a last chunk that was incomplete.
constexpr std::size_t kLastChunkBytes = 5;
// The memory of a body is reserved up to here on the word of Content-Length alone.
constexpr std::size_t kTrustedBodyBytes = 64u << 10;
// Beyond it, up to this many times what has really come: a 20 MiB body is moved twice, not nine
// times, and untouched memory costs nothing.
constexpr std::size_t kTrustFactor = 8;
constexpr std::array kMethods{http::verb::get,  http::verb::head,    http::verb::post,
                              http::verb::put,  http::verb::delete_, http::verb::options,
                              http::verb::patch};

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

// Line ends are CRLF and nothing else, no line continues the one before, no NUL.
const char* line_fault(std::string_view head) {
  if (head.find('\0') != head.npos) return "NUL in the header";
  for (std::size_t at = head.find_first_of("\r\n"); at != head.npos;
       at = head.find_first_of("\r\n", at)) {
    if (head[at] != '\r' || at + 1 >= head.size() || head[at + 1] != '\n')
      return "a line does not end with CR LF";
    at += 2;
    if (at < head.size() && (head[at] == ' ' || head[at] == '\t'))
      return "a header is continued on the next line";
  }
  return nullptr;
}

bool is_framing_error(const error_code& ec) {
  return ec == http::error::bad_content_length || ec == http::error::bad_transfer_encoding ||
         ec == http::error::multiple_content_length;
}

bool ends_with_bare_lf(char before, std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != bytes.npos; at = bytes.find('\n', at + 1))
    if ((at == 0 ? before : bytes[at - 1]) != '\r') return true;
  return false;
}

// "/a?b" of "/a?b", "http://host/a?b" or "*".
std::string_view origin_form(std::string_view target) {
  if (const std::size_t scheme = target.find("://");
      !target.starts_with('/') && scheme != target.npos) {
    const std::size_t path = target.find_first_of("/?", scheme + 3);
    return path == target.npos ? std::string_view("/") : target.substr(path);
  }
  return target;
}

}  // namespace

// Fills a Request as Beast finds its parts. A fault that Beast does not know is left in `fault`
// beside an arbitrary error code.
class RequestParser::Machine : public http::basic_parser<true> {
 public:
  Machine(Request& request, std::size_t body_bytes_max)
      : request_(request), body_bytes_max_(body_bytes_max) {
    body_limit(boost::none);  // checked here, where the answer is made
    header_limit(UINT32_MAX);
  }

  Refusal fault;
  bool faulty = false;
  int version = 11;
  bool expects_continue = false;
  bool body_begun = false;

 private:
  void fail(error_code& ec, int status, Code code, const char* reason, std::string message) {
    fault = {status, {code, std::move(message), {}}, reason};
    faulty = true;
    ec = http::error::bad_field;
  }

  void on_request_impl(http::verb method, beast::string_view method_text, beast::string_view target,
                       int version_number, error_code& ec) override {
    version = version_number;
    if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end())
      return fail(ec, 405, Code::method_not_allowed, "method",
                  fmt::format("method {} is not known here", view(method_text)));
    request_.method = view(method_text);
    const std::string_view form = origin_form(view(target));
    const std::size_t mark = std::min(form.find('?'), form.size());
    std::optional<std::string> path = percent_decode(form.substr(0, mark), false);
    if (!path) return fail(ec, 400, Code::malformed, "target", "broken %-escape in the path");
    if (!path->starts_with('/') && *path != "*") path->insert(path->begin(), '/');
    request_.path = std::move(*path);
    if (mark < form.size()) request_.query = form.substr(mark + 1);
  }

  void on_field_impl(http::field field, beast::string_view name, beast::string_view value,
                     error_code& ec) override {
    if (body_begun) return;  // trailers never become headers
    if (request_.headers.size() >= kHeadersMax)
      return fail(ec, 431, Code::out_of_range, "header_too_large",
                  fmt::format("more than {} headers", kHeadersMax));
    if (field == http::field::transfer_encoding) {
      if (transfer_encoding_seen_ || !beast::iequals(value, "chunked"))
        return fail(ec, 400, Code::malformed, "smuggling",
                    "Transfer-Encoding other than one \"chunked\"");
      transfer_encoding_seen_ = true;
    }
    if (field == http::field::content_length) {
      const std::string_view digits = view(value);
      if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos)
        return fail(ec, 400, Code::malformed, "smuggling", "Content-Length is not a number");
      content_length_seen_ = true;
    }
    if (transfer_encoding_seen_ && content_length_seen_)
      return fail(ec, 400, Code::malformed, "smuggling",
                  "both Content-Length and Transfer-Encoding");
    if (field == http::field::expect) expects_continue = beast::iequals(value, "100-continue");
    request_.headers.emplace_back(view(name), view(value));
  }

  void on_header_impl(error_code& ec) override {
    if (transfer_encoding_seen_ && version < 11)
      return fail(ec, 400, Code::malformed, "smuggling", "Transfer-Encoding in HTTP/1.0");
    if (content_length() && *content_length() > body_bytes_max_)
      return fail_too_large(ec, *content_length());
    body_begun = true;
  }

  void fail_too_large(error_code& ec, std::uint64_t bytes) {
    fail(ec, 413, Code::body_too_large, "body_too_large",
         fmt::format("the body of {} bytes exceeds {}: send smaller batches", bytes,
                     body_bytes_max_));
  }

  void append(beast::string_view bytes, error_code& ec) {
    if (bytes.size() > body_bytes_max_ - request_.body.size())
      return fail_too_large(ec, request_.body.size() + bytes.size());
    const std::size_t needed = request_.body.size() + bytes.size();
    if (needed > request_.body.capacity() && content_length())
      request_.body.reserve(std::min<std::size_t>(*content_length(), needed * kTrustFactor));
    request_.body.append(bytes.data(), bytes.size());
  }

  void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override {
    if (length) request_.body.reserve(std::min<std::size_t>(*length, kTrustedBodyBytes));
  }
  std::size_t on_body_impl(beast::string_view bytes, error_code& ec) override {
    append(bytes, ec);
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t size, beast::string_view, error_code& ec) override {
    if (size > body_bytes_max_ - request_.body.size())
      fail_too_large(ec, request_.body.size() + size);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code& ec) override {
    append(bytes, ec);
    return bytes.size();
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  Request& request_;
  const std::size_t body_bytes_max_;
  bool transfer_encoding_seen_ = false;
  bool content_length_seen_ = false;
};

RequestParser::RequestParser(Bounds bounds) : bounds_(bounds) {}
RequestParser::~RequestParser() = default;

bool RequestParser::started() const {
  return state_ != State::head || !kept_.empty();
}
bool RequestParser::wants_continue() const {
  return state_ == State::body && machine_->expects_continue && request_.body.empty() &&
         machine_->version >= 11;
}
bool RequestParser::keep_alive() const {
  return machine_ && machine_->keep_alive();
}
bool RequestParser::http_1_1() const {
  return machine_ && machine_->version >= 11;
}

void RequestParser::restart() {
  state_ = State::head;
  kept_ = {};
  machine_.reset();
  request_ = {};
  refusal_ = {};
}

void RequestParser::refuse(int status, Code code, const char* reason, std::string message) {
  state_ = State::refused;
  refusal_ = {status, {code, std::move(message), {}}, reason};
}

std::size_t RequestParser::feed(std::string_view bytes) {
  switch (state_) {
    case State::head:
      return feed_head(bytes);
    case State::body:
      return feed_body(bytes);
    case State::done:
    case State::refused:
      break;
  }
  return 0;
}

std::size_t RequestParser::feed_head(std::string_view bytes) {
  const std::size_t offered = bytes.size();
  if (kept_.empty()) {
    // A client that ends its last body with an extra line end is forgiven (RFC 9112, 2.2).
    bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
    if (const std::size_t end = bytes.find(kEndOfHead); end != bytes.npos) {
      const std::size_t head_bytes = end + kEndOfHead.size();
      parse_head(bytes.substr(0, head_bytes));
      return offered - bytes.size() + head_bytes;
    }
  }
  const std::size_t before = kept_.size();
  const bool bare_lf = ends_with_bare_lf(before == 0 ? '\0' : kept_.back(), bytes);
  kept_.append(bytes.substr(0, bounds_.head_bytes_max + kEndOfHead.size() - before));
  const std::size_t end = kept_.find(kEndOfHead, before < 3 ? 0 : before - 3);
  if (end != kept_.npos) {
    const std::size_t head_bytes = end + kEndOfHead.size();
    kept_.resize(head_bytes);
    const std::string head = std::move(kept_);
    kept_.clear();
    parse_head(head);
    return offered - bytes.size() + head_bytes - before;
  }
  if (kept_.size() > bounds_.head_bytes_max) {
    parse_head(kept_);
  } else if (bare_lf) {
    refuse(400, Code::malformed, "smuggling", "a line does not end with CR LF");
  }
  return offered;
}

void RequestParser::parse_head(std::string_view head) {
  if (head.size() > bounds_.head_bytes_max)
    return refuse(431, Code::out_of_range, "header_too_large",
                  fmt::format("the header exceeds {} bytes", bounds_.head_bytes_max));
  if (const char* fault = line_fault(head)) return refuse(400, Code::malformed, "smuggling", fault);
  machine_ = std::make_unique<Machine>(request_, bounds_.body_bytes_max);
  error_code ec;
  machine_->put(boost::asio::const_buffer(head.data(), head.size()), ec);
  if (machine_->faulty) {
    state_ = State::refused;
    refusal_ = std::move(machine_->fault);
  } else if (ec || !machine_->is_header_done()) {
    refuse(400, Code::malformed, is_framing_error(ec) ? "smuggling" : "malformed",
           fmt::format("not a valid request: {}", ec.message()));
  } else {
    state_ = machine_->is_done() ? State::done : State::body;
    machine_->eager(true);
  }
}

std::size_t RequestParser::feed_body(std::string_view bytes) {
  const std::size_t offered = bytes.size();
  if (!kept_.empty()) {
    kept_ += bytes;
    bytes = kept_;
  }
  error_code ec;
  const bool whole_step = !machine_->chunked() || bytes.size() >= kLastChunkBytes;
  while (whole_step && !bytes.empty() && !machine_->is_done() && !ec)
    bytes.remove_prefix(machine_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec));
  if (machine_->is_done()) {
    state_ = State::done;
    const std::size_t left = bytes.size();
    kept_ = {};
    return offered - left;
  }
  if (machine_->faulty) {
    state_ = State::refused;
    refusal_ = std::move(machine_->fault);
  } else if (ec && ec != http::error::need_more) {
    refuse(400, Code::malformed, "malformed", fmt::format("broken body: {}", ec.message()));
  } else if (bytes.size() > kChunkLineBytesMax) {
    refuse(400, Code::malformed, "malformed", "a chunk's line is too long");
  } else {
    kept_ = std::string(bytes);
  }
  return offered;
}

}  // namespace catalejo::net
