// Errors as values. A code is a number that is never reused (docs/reference lists them), so that a
// person can search for it and a client can switch on it; the message says what happened and what
// to do about it in one sentence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace catalejo {

enum class Code : std::uint16_t {
  // 1xx: the input is wrong; sending it again will not help.
  malformed = 100,       // the bytes are not of the format they claim
  too_deep = 101,        // nested deeper than limits::nesting_depth_max
  body_too_large = 102,  // larger than limits::intake_body_bytes_max, before or after inflating
  wrong_type = 103,      // a field has another type than its contract says
  missing_field = 104,   // a field that must be there is not
  unsupported_encoding = 105,
  out_of_range = 106,
  bad_request = 107,  // a parameter of a query makes no sense
  not_found = 108,
  method_not_allowed = 109,
  // 2xx: who is asking.
  unauthorized = 200,  // no key, or an unknown or revoked one
  forbidden = 201,
  // 3xx: try again later.
  busy = 300,               // a queue is full
  disk_full = 301,          // the log cannot grow
  store_unavailable = 302,  // the database child or the cluster does not answer
  timeout = 303,
  shutting_down = 304,
  // 4xx: something of ours or of the machine is broken.
  io = 400,
  corrupt = 401,   // bytes on disk do not match their checksum
  database = 402,  // the database refused a statement
  config = 403,    // a setting is wrong
  internal = 404,  // a broken invariant
  peer = 405,      // another server answered something it should not
};

// The name as it stands in JSON answers, logs and docs, for example "body_too_large".
std::string_view code_name(Code code);

struct [[nodiscard]] Error {
  Code code = Code::internal;
  std::string message;
  std::string where = {};  // a position, path or field, empty when there is none
};

// What was sent is wrong at `where`: a field, a parameter.
Error bad(std::string_view where, std::string message);

// "malformed (100): message [where]"
std::string to_string(const Error& error);

// Ends the program after logging: only for what cannot be undone safely (see docs/architecture.md).
[[noreturn]] void invariant_failed(const char* expression, const char* file, int line);

}  // namespace catalejo

// A bug, never an input: cheap conditions only, kept in release builds.
#define CATALEJO_INVARIANT(expression) \
  ((expression) ? void() : ::catalejo::invariant_failed(#expression, __FILE__, __LINE__))
