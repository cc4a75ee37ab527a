// Answers the requests of the socket: a thread per connection, a few engine connections shared by
// them. Lives for the whole process; the engine is left by _exit, so there is no orderly end.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "base/result.hpp"
#include "store/child/dialect.hpp"
#include "store/child/libchdb.hpp"
#include "store/child/peer.hpp"

namespace catalejo::store {

class Service {
 public:
  // A connection to the engine with the settings it has at the moment.
  struct Session {
    std::unique_ptr<Connection> connection;
    std::map<std::string, std::string> settings = {};
  };

  // `settings` hold for every statement that does not say otherwise.
  Service(std::vector<Session> sessions, std::map<std::string, std::string> settings);
  // Takes connections until the process ends.
  [[noreturn]] void accept_forever(int listening);
  // From then on new requests are refused; true when none was running any more in time.
  bool quiesce(int deadline_ms);

 private:
  void serve(UniqueFd socket);
  bool serve_one(Peer& peer);
  struct Answer {
    int status = 200;
    net::Headers headers = {};
    std::string body = {};
  };
  Answer run(const net::Request& request, Peer& peer);
  static Answer failed(const Error& error);
  std::unique_ptr<Session> borrow();  // null while stopping
  void give_back(std::unique_ptr<Session> session);

  const std::map<std::string, std::string> settings_;
  std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Session>> free_;
  std::size_t borrowed_ = 0, peers_ = 0;
  bool stopping_ = false;
};

}  // namespace catalejo::store
