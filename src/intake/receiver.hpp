// The part of the handlers that all protocols share: undo the encoding, translate, hand over to
// the pipeline, count, and answer what went wrong. Lives as long as the handlers that hold it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "intake/dd_events/events.hpp"
#include "net/http.hpp"
#include "pipeline/pipeline.hpp"

namespace catalejo::intake {

class Receiver {
 public:
  Receiver(pipeline::Pipeline& pipeline, Counters& counters)
      : pipeline_(pipeline), counters_(counters) {}

  using Parse = Result<model::Batch> (*)(std::string body);

  // Each is a coroutine: `self` keeps the receiver alive until the answer is made.
  static Task<net::Response> batch(std::shared_ptr<Receiver> self, net::Request request,
                                   Parse parse, net::Response done);
  static Task<net::Response> evaluations(std::shared_ptr<Receiver> self, net::Request request);
  using ParseEvents = Result<dd_events::Parsed> (*)(std::string body, UnixNanos now);
  // A client whose only event is not kept hears why.
  static Task<net::Response> events(std::shared_ptr<Receiver> self, net::Request request,
                                    ParseEvents parse);
  // Statistics become metrics; what comes twice counts once.
  static Task<net::Response> stats(std::shared_ptr<Receiver> self, net::Request request,
                                   bool wrapped, net::Response done);

  // For requests that need no more than an answer.
  static Task<net::Response> answer(net::Response response);

  // One request of a protocol that is served.
  void count(std::string_view endpoint);
  // One request of something else, by its path.
  void count_unhandled(std::string_view path);
  void add(std::string_view counter, std::uint64_t amount);
  // Answers and counts a request whose body or key was no good.
  net::Response refuse(const Error& error);

 private:
  Result<std::string> body_of(net::Request& request);
  Task<net::Response> accept(model::Batch batch, net::Response done);

  pipeline::Pipeline& pipeline_;
  Counters& counters_;
};

bool is_upload(const net::Request& request);  // POST or PUT
net::Response method_not_allowed(std::string_view allowed);

}  // namespace catalejo::intake
