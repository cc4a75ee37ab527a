#include "intake/statsd_server.hpp"

#include <fmt/format.h>
#include <linux/sock_diag.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "net/listen.hpp"
#include "pipeline/metric_keeper.hpp"

namespace catalejo::intake {
namespace {

constexpr std::int64_t kLookEvery = kNanosPerSecond;
constexpr int kLookEveryMs = 1'000;
// Batches of intervals that wait for the log: ten seconds each.
constexpr std::size_t kWaitingMax = 16;
// Calls of the kernel for one socket before the others have their turn.
constexpr int kTurns = 16;
// At a stop there is no other turn; who goes on sending is not waited for.
constexpr int kLastTurns = 4'096;
constexpr std::size_t kStreamBytes = 64u << 10;
constexpr std::size_t kFrameHeadBytes = 4;
constexpr UnixNanos kEverything{std::numeric_limits<std::int64_t>::max()};

void ask_for_room(int fd) {
  const int bytes = limits::datagram_queue_bytes;
  // The first needs a right that the process may not have; the second is cut to the system's bound.
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

}  // namespace

struct StatsdServer::Datagrams {
  std::vector<char> bytes;
  std::array<iovec, limits::datagrams_at_once> pieces{};
  std::array<mmsghdr, limits::datagrams_at_once> heads{};

  Datagrams() : bytes(limits::datagrams_at_once * limits::datagram_bytes_max) {
    for (std::size_t i = 0; i < heads.size(); ++i) {
      pieces[i] = {bytes.data() + i * limits::datagram_bytes_max, limits::datagram_bytes_max};
      heads[i].msg_hdr.msg_iov = &pieces[i];
      heads[i].msg_hdr.msg_iovlen = 1;
    }
  }
};

StatsdServer::StatsdServer(StatsdOptions options, pipeline::Pipeline& pipeline, Counters& counters)
    : options_(std::move(options)),
      pipeline_(pipeline),
      counters_(counters),
      intake_(options_.host, options_.series_per_metric_max),
      datagrams_(std::make_unique<Datagrams>()),
      values_(counters.counter("catalejo_dogstatsd_values_total")),
      complete_(kWaitingMax) {}

Result<std::unique_ptr<StatsdServer>> StatsdServer::open(StatsdOptions options,
                                                         pipeline::Pipeline& pipeline,
                                                         Counters& counters) {
  std::unique_ptr<StatsdServer> server(new StatsdServer(std::move(options), pipeline, counters));
  CATALEJO_TRY(server->open_sockets());
  server->keeper_ = std::thread([at = server.get()] { at->keep_on(); });
  server->reader_ = std::thread([at = server.get()] { at->read_on(); });
  return server;
}

Result<void> StatsdServer::open_sockets() {
  const auto packets = [this](std::string_view socket) {
    return &counters_.counter("catalejo_dogstatsd_packets_total", label("socket", socket));
  };
  stop_ = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop_) return errno_error("make an event", "dogstatsd");
  if (!options_.address.empty()) {
    const net::Listener place{
        .name = "dogstatsd", .address = options_.address, .port = options_.port};
    auto fd = net::take_datagrams_on(place);
    if (!fd) return fd.error();
    ask_for_room(fd->get());
    sources_.push_back({.fd = std::move(*fd), .packets = packets("udp")});
  }
  if (!options_.datagram_socket.empty()) {
    auto fd = net::take_datagrams_on({.name = "dogstatsd", .unix_path = options_.datagram_socket});
    if (!fd) return fd.error();
    ask_for_room(fd->get());
    sources_.push_back({.fd = std::move(*fd), .packets = packets("unix")});
  }
  if (!options_.stream_socket.empty()) {
    auto fd = net::listen_on({.name = "dogstatsd", .unix_path = options_.stream_socket});
    if (!fd) return fd.error();
    listener_ = std::move(*fd);
    stream_packets_ = packets("unix stream");
  }
  return {};
}

StatsdServer::~StatsdServer() {
  stop();
}

std::uint16_t StatsdServer::port() const {
  return options_.address.empty() ? 0 : net::local_port(sources_.front().fd.get());
}

void StatsdServer::stop() {
  if (!reader_.joinable()) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(stop_.get(), &one, sizeof one);
  reader_.join();
  complete_.close();
  keeper_.join();
  for (const std::string& path : {options_.datagram_socket, options_.stream_socket})
    if (!path.empty()) ::unlink(path.c_str());
}

void StatsdServer::read_on() {
  std::int64_t look_at = steady_now_nanos() + kLookEvery;
  std::uint64_t stopping = 0;
  while (::read(stop_.get(), &stopping, sizeof stopping) < 0) {
    wait_for_packets(kLookEveryMs);
    read_all(kTurns);
    if (const std::int64_t time = steady_now_nanos(); time >= look_at) {
      look_at = time + kLookEvery;
      give_on(now());
    }
  }
  // What a client has sent before the stop is in the sockets.
  read_all(kLastTurns);
  give_on(kEverything);
}

void StatsdServer::wait_for_packets(int timeout_ms) {
  std::vector<pollfd> waits{{.fd = stop_.get(), .events = POLLIN, .revents = 0}};
  for (const Source& source : sources_) waits.push_back({source.fd.get(), POLLIN, 0});
  if (listener_) waits.push_back({listener_.get(), POLLIN, 0});
  for (const Stream& stream : streams_) waits.push_back({stream.fd.get(), POLLIN, 0});
  ::poll(waits.data(), waits.size(), timeout_ms);
}

void StatsdServer::read_all(int turns) {
  for (Source& source : sources_) {
    int turn = 0;
    while (turn < turns && read_datagrams(source)) ++turn;
  }
  if (listener_) accept_streams();
  std::erase_if(streams_, [this](Stream& stream) { return !read_stream(stream); });
}

// False when there are no more.
bool StatsdServer::read_datagrams(Source& source) {
  const int count = ::recvmmsg(source.fd.get(), datagrams_->heads.data(), limits::datagrams_at_once,
                               MSG_DONTWAIT, nullptr);
  if (count <= 0) return false;
  source.packets->add(static_cast<std::uint64_t>(count));
  const UnixNanos time = now();
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const mmsghdr& head = datagrams_->heads[i];
    if ((head.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
      intake_.drop("datagram_too_long");
      continue;
    }
    intake_.take({static_cast<const char*>(datagrams_->pieces[i].iov_base), head.msg_len}, time);
  }
  return static_cast<std::size_t>(count) == limits::datagrams_at_once;
}

void StatsdServer::accept_streams() {
  while (true) {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return;
    if (streams_.size() >= limits::statsd_streams_max) {
      intake_.drop("too_many_connections");
      continue;
    }
    streams_.push_back({.fd = std::move(fd)});
  }
}

// False when the stream is over.
bool StatsdServer::read_stream(Stream& stream) {
  for (int turns = 0; turns < kTurns; ++turns) {
    const std::size_t before = stream.waiting.size();
    stream.waiting.resize(before + kStreamBytes);
    const ssize_t count = ::read(stream.fd.get(), stream.waiting.data() + before, kStreamBytes);
    stream.waiting.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) {
      if (!stream.waiting.empty()) intake_.drop("cut_frame");
      return false;
    }
    if (!take_frames(stream)) return false;
  }
  return true;
}

// False when what comes next is no frame: the rest of the stream means nothing then.
bool StatsdServer::take_frames(Stream& stream) {
  const UnixNanos time = now();
  std::string_view rest = stream.waiting;
  while (rest.size() >= kFrameHeadBytes) {
    std::uint32_t size = 0;
    std::memcpy(&size, rest.data(), sizeof size);
    if (size > limits::datagram_bytes_max) {
      intake_.drop("frame_too_long");
      return false;
    }
    if (rest.size() - kFrameHeadBytes < size) break;
    stream_packets_->add();
    intake_.take(rest.substr(kFrameHeadBytes, size), time);
    rest.remove_prefix(kFrameHeadBytes + size);
  }
  stream.waiting.erase(0, stream.waiting.size() - rest.size());
  return true;
}

void StatsdServer::count_lost() {
  for (Source& source : sources_) {
    std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
    socklen_t size = sizeof memory;
    if (::getsockopt(source.fd.get(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size) != 0) continue;
    const std::uint32_t lost =
        memory[SK_MEMINFO_DROPS] - std::exchange(source.lost, memory[SK_MEMINFO_DROPS]);
    if (lost > 0) intake_.drop("socket_buffer_full", lost);
  }
}

void StatsdServer::give_on(UnixNanos until) {
  count_lost();
  StatsdIntake::Due due = intake_.due(until);
  values_.add(due.values);
  if (due.empty()) return;
  const std::uint64_t events = due.events.size();
  std::uint64_t series = due.stamped.size();
  for (const pipeline::MetricInterval& interval : due.intervals) series += interval.series.size();
  if (!complete_.try_push(std::move(due), 1)) {
    intake_.drop("log_behind", series);
    if (events > 0) intake_.drop_event("log_behind", events);
    log::warn("dogstatsd", "the log does not keep up: {} points and {} events are lost", series,
              events);
  }
}

void StatsdServer::keep_on() {
  while (std::optional<StatsdIntake::Due> due = complete_.pop()) keep(*std::move(due));
}

void StatsdServer::keep(StatsdIntake::Due due) {
  pipeline::keep_metrics(pipeline_, counters_,
                         {.intervals = std::move(due.intervals),
                          .points = std::move(due.stamped),
                          .dropped = std::move(due.dropped),
                          .source = "dogstatsd",
                          .events = std::move(due.events),
                          .events_dropped = std::move(due.events_dropped)});
}

}  // namespace catalejo::intake
