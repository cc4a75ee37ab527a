// CATALEJO_REDACT: what the rules find is taken out of an event when it is encoded, on the native
// thread, before the spool and before the first attempt to send. The rules are in a library that is
// loaded when they are asked for (python/redact). Where that cannot be, or the setting makes no
// sense, all texts are replaced.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "../redact/redact.h"
#include "target.hpp"

namespace catalejo::tracer {

using Struck = std::map<std::string, std::uint64_t>;  // by rule; "everything": all texts replaced

class Redaction {
 public:
  // Null when the target asks for none. From any thread; lives as long as the process.
  static Redaction* of(const Target& target);

  // Rewrites the event that `body` has from `begin` on. False: it is none, and must not leave.
  bool apply(Kind kind, std::string& body, std::size_t begin, Struck& struck) const;
  // The same with all events of a request that an earlier process has left.
  bool apply_to_all(Kind kind, std::string& body, Struck& struck) const;
  // Why all texts are replaced; empty when they are not.
  const std::string& trouble() const { return trouble_; }
  // True once, in a process and those that it forks.
  bool must_tell();

 private:
  explicit Redaction(const Target& target);
  void open(const Target& target);

  std::string rules_, patterns_, key_, library_, trouble_;
  catalejo_redact* opened_ = nullptr;
  decltype(&::catalejo_redact_apply) apply_ = nullptr;
  bool told_ = false;
};

}  // namespace catalejo::tracer
