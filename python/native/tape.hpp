// A Python value captured at one moment: JSON text with holes. Short texts are in the JSON already;
// a long one is a hole that refers to the interpreter's own characters, which never change, and is
// written by whoever appends the tape to a buffer, without the interpreter's lock.
//
// Nothing here calls the interpreter. A tape is immutable and may be read by any thread; the
// references that it holds are given back through release.hpp when it dies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace catalejo::tracer {

// Characters as CPython stores them: `width` bytes each.
struct Characters {
  const void* data = nullptr;
  std::size_t length = 0;
  std::uint8_t width = 1;
  bool ascii = true;
};

// `text` as a JSON string with its quotes, in UTF-8. Two halves of a surrogate pair become the one
// character they mean, as json.loads(json.dumps(text)) has it; a lone one becomes U+FFFD.
void append_json_text(std::string& out, const Characters& text);

class Tape;
using TapePointer = std::shared_ptr<const Tape>;

struct Hole {
  std::size_t at = 0;      // offset in the text of the tape
  void* object = nullptr;  // the str, one reference of it; null when `nested` is set
  Characters characters = {};
  TapePointer nested = {};
};

class Tape {
 public:
  // Tapes in tapes: writing and destroying them recurses this deep at most.
  static constexpr int kDepthMax = 32;

  Tape(std::string text, std::vector<Hole> holes);
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  void append_to(std::string& out) const;
  std::size_t bytes() const { return bytes_; }           // what it keeps in memory, about
  std::size_t json_bytes_min() const { return least_; }  // its JSON is not shorter
  int depth() const { return depth_; }                   // of tapes in tapes

 private:
  std::string text_;
  std::vector<Hole> holes_;
  std::size_t bytes_ = 0;
  std::size_t least_ = 0;
  int depth_ = 0;
};

}  // namespace catalejo::tracer
