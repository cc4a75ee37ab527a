// A JSON body as a tree (simdjson inside; its types are in json_dom.hpp for those who walk it).
// Strict and fast first; what the strict parser refuses is mended where real clients are known
// to be wrong (json_repair.hpp) and read again. Duplicate keys are kept in order: who reads field
// by field lets the last one win.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "codec/notes.hpp"

namespace catalejo::codec {

class JsonDocument {
 public:
  JsonDocument();
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;

  // Replaces what was read before; its memory is used again. Room for the parser's look-ahead is
  // reserved behind `text`, which is not needed any more when this returns.
  // Errors: malformed with a byte offset, too_deep.
  Result<void> parse(std::string& text);
  // What was mended.
  Notes notes() const;

  struct State;
  const State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace catalejo::codec
