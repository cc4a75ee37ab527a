// DogStatsD: takes datagrams by UDP and from a Unix socket, and the same framed on a Unix socket of
// streams (a length of four bytes, little endian, before each). One thread reads and sums up; a
// second makes points of what is complete and waits for the log, so that a slow disk costs no
// datagram. What the kernel threw away for want of room is asked for and counted, too.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "base/file.hpp"
#include "base/queue.hpp"
#include "base/result.hpp"
#include "intake/statsd_intake.hpp"
#include "pipeline/pipeline.hpp"

namespace catalejo::intake {

struct StatsdOptions {
  std::string address;  // empty = no UDP
  std::uint16_t port = 8125;
  std::string datagram_socket, stream_socket;  // paths; empty = none
  std::string host;                            // of values that do not say it
  std::size_t series_per_metric_max = 0;
};

class StatsdServer {
 public:
  // Pipeline and counters outlive it.
  static Result<std::unique_ptr<StatsdServer>> open(StatsdOptions options,
                                                    pipeline::Pipeline& pipeline,
                                                    Counters& counters);
  ~StatsdServer();
  // Reads what has come, then gives on everything, complete or not.
  void stop();
  std::uint16_t port() const;  // of UDP, when any free one was asked for

 private:
  struct Datagrams;  // buffers that one call of the kernel fills
  struct Source {
    UniqueFd fd;
    Counter* packets = nullptr;
    std::uint32_t lost = 0;  // by the kernel, as far as it was counted
  };
  struct Stream {
    UniqueFd fd;
    std::string waiting = {};  // the beginning of a frame
  };

  StatsdServer(StatsdOptions options, pipeline::Pipeline& pipeline, Counters& counters);
  Result<void> open_sockets();
  void read_on();
  void wait_for_packets(int timeout_ms);
  void read_all(int turns);
  bool read_datagrams(Source& source);
  void accept_streams();
  bool read_stream(Stream& stream);
  bool take_frames(Stream& stream);
  void count_lost();
  void give_on(UnixNanos until);
  void keep_on();
  void keep(StatsdIntake::Due due);

  StatsdOptions options_;
  pipeline::Pipeline& pipeline_;
  Counters& counters_;
  StatsdIntake intake_;
  std::unique_ptr<Datagrams> datagrams_;
  std::vector<Source> sources_;
  UniqueFd listener_, stop_;
  std::vector<Stream> streams_;
  Counter& values_;
  Counter* stream_packets_ = nullptr;
  BoundedQueue<StatsdIntake::Due> complete_;
  std::thread reader_, keeper_;
};

}  // namespace catalejo::intake
