// Sends datagrams of DogStatsD at a rate: catalejo-statsd-load PORT PACKETS PER_SECOND SERIES
// [METRICS]. With METRICS, the series are those of so many counts, gauges and distributions. Prints
// how many it sent and the rate it reached.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 32;

// As applications send: some types, four tags, one packet each.
std::vector<std::string> packets_of(int series) {
  constexpr const char* kForms[] = {"shop.requests:1|c", "shop.queue:17|g", "shop.seconds:0.231|d",
                                    "shop.bytes:5120|h"};
  std::vector<std::string> packets;
  for (int i = 0; i < series; ++i)
    packets.push_back(fmt::format("{}|#env:prod,service:checkout,version:1.2.{},pod:checkout-{:05}",
                                  kForms[i % 4], i % 7, i / 4));
  return packets;
}

std::vector<std::string> packets_of(int series, int metrics) {
  constexpr const char* kForms[] = {"requests:1|c", "queue:17|g", "seconds:0.231|d"};
  std::vector<std::string> packets;
  for (int i = 0; i < series; ++i)
    packets.push_back(fmt::format("bench.m{}.{}|#env:prod,service:checkout,version:1.2.{},pod:p-{}",
                                  i % metrics, kForms[i % metrics % 3], i % 7, i / metrics));
  return packets;
}

int connect_to(int port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) return -1;
  return fd;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5 && count != 6) return 2;
  const int fd = connect_to(std::atoi(arguments[1]));
  const long wanted = std::atol(arguments[2]);
  const double per_second = std::atof(arguments[3]);
  const int series = std::max(4, std::atoi(arguments[4]));
  const int metrics = count == 6 ? std::max(1, std::atoi(arguments[5])) : 0;
  std::vector<std::string> packets = metrics > 0 ? packets_of(series, metrics) : packets_of(series);
  if (fd < 0) return 1;
  std::array<mmsghdr, kAtOnce> heads{};
  std::array<iovec, kAtOnce> pieces{};
  const auto began = Clock::now();
  long sent = 0;
  while (sent < wanted) {
    const auto due =
        began + std::chrono::duration_cast<Clock::duration>(
                    std::chrono::duration<double>(static_cast<double>(sent) / per_second));
    if (due > Clock::now() + std::chrono::microseconds(100)) std::this_thread::sleep_until(due);
    const auto now = static_cast<unsigned>(std::min<long>(kAtOnce, wanted - sent));
    for (unsigned i = 0; i < now; ++i) {
      std::string& packet = packets[static_cast<std::size_t>(sent + i) % packets.size()];
      pieces[i] = {packet.data(), packet.size()};
      heads[i].msg_hdr.msg_iov = &pieces[i];
      heads[i].msg_hdr.msg_iovlen = 1;
    }
    const int put = ::sendmmsg(fd, heads.data(), now, 0);
    if (put > 0) sent += put;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  fmt::print("{} {:.0f}\n", sent, static_cast<double>(sent) / seconds);
  ::close(fd);
  return 0;
}
