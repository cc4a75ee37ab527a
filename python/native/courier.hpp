// Takes one batch to where it belongs and says what came of it. Belongs to the native thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "batch.hpp"
#include "http_client.hpp"
#include "target.hpp"

namespace catalejo::tracer {

struct Outcome {
  enum class Verdict : std::uint8_t { acknowledged, retry, refused };
  Verdict verdict = Verdict::retry;
  bool requested = false;  // a request was made, however it ended
  bool written = false;
  bool content = false;  // refused for what is in it, not for where it went or who sent it
  int retry_after_s = 0;
  std::string error = {};  // in words, empty when acknowledged
};

class Courier {
 public:
  Courier(std::shared_ptr<const Target> target, std::shared_ptr<const Abort> abort);

  Outcome deliver(const Batch& batch);
  const char* route() const { return route_; }  // "", "agent" or "agentless"
  void abandon_after_fork();

 private:
  void choose_route();

  std::shared_ptr<const Target> target_;
  std::shared_ptr<const Abort> abort_;
  HttpClient clients_[kKinds];
  const char* route_ = "";
  bool without_agent_ = false;
};

}  // namespace catalejo::tracer
