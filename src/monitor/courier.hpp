// Delivers notices: each until its channel takes it, or for some hours. One thread. That a try
// begins is kept before it does, so that after a crash it is known that a notice may have arrived;
// it is sent again with the same key, by which a receiver can tell.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "net/client.hpp"
#include "net/mail.hpp"
#include "store/monitors.hpp"

namespace catalejo::monitor {

// How a try ended.
struct Sent {
  bool delivered = false;
  bool again = false;  // worth another
  int http_status = 0;
  std::int64_t wait_ms = 0;  // the receiver asks for
  std::string problem;
};
// How a channel is reached.
struct Means {
  net::Client& client;
  const net::MailServer& mail;  // for addresses, and for channels without a server of their own
  std::function<bool()> stopped = {};
};
// `channel` takes it. Blocks.
Sent send(const Means& means, const store::Channel& channel, const std::string& body);
// The channel of that name, or what the name itself is: a mail address.
Result<store::Channel> find_channel(store::Monitors& control, const std::string& name);

// Until the try after so many.
std::int64_t pause_ms(std::int64_t attempts);

class Courier {
 public:
  // Both outlive it.
  Courier(store::Monitors& control, Counters& counters, net::MailServer mail);
  ~Courier() { stop(); }
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;
  void wake();  // from any thread
  void stop();

 private:
  void run();
  bool wait();
  bool stopping();
  bool deliver(store::MonitorNotice notice);  // how it ended is noted

  store::Monitors& control_;
  Counters& counters_;
  const net::MailServer mail_;
  net::Client client_;
  std::mutex mutex_;  // guards the two below
  std::condition_variable woken_;
  bool stopping_ = false, waiting_ = false;
  std::thread thread_;  // last, so that it begins when the others are there
};

}  // namespace catalejo::monitor
