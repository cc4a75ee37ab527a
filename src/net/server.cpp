#include "net/server.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <chrono>
#include <csignal>
#include <future>

#include "base/log.hpp"
#include "net/connection.hpp"
#include "net/listen.hpp"
#include "net/server_state.hpp"

namespace catalejo::net {
namespace {

using AcceptorSocket = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol,
                                                          boost::asio::io_context::executor_type>;

constexpr auto kAcceptPause = std::chrono::milliseconds(100);  // after EMFILE and the like

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// OpenSSL writes without MSG_NOSIGNAL: a client that leaves must not end the program.
void ignore_sigpipe() {
  struct sigaction action {};
  if (::sigaction(SIGPIPE, nullptr, &action) == 0 && action.sa_handler == SIG_DFL)
    std::signal(SIGPIPE, SIG_IGN);
}

// The finest timeout decides how often connections are looked at.
int tick_ms(const ServerLimits& limits) {
  const int finest =
      std::min({limits.linger_ms, limits.handshake_timeout_ms, limits.header_timeout_ms,
                limits.body_timeout_ms, limits.keep_alive_ms, limits.write_timeout_ms,
                limits.event_comment_ms});
  return std::clamp(finest / 8, 5, 500);
}

using Loops = std::vector<std::shared_ptr<EventLoop>>;

// Accepts on the first loop and spreads the connections over all.
class Acceptor {
 public:
  Acceptor(std::shared_ptr<ServerState> server, std::shared_ptr<ListenerState> listener,
           const Loops& loops, UniqueFd fd)
      : server_(std::move(server)),
        listener_(std::move(listener)),
        loops_(loops),
        port_(local_port(fd.get())),
        socket_(loops.front()->context()),
        pause_(loops.front()->context()) {
    const bool is_unix = listener_->config.address.empty();
    const bool is_v6 = listener_->config.address.find(':') != std::string::npos;
    if (is_unix) ::stat(listener_->config.unix_path.c_str(), &file_);
    socket_.assign({is_unix ? AF_UNIX
                    : is_v6 ? AF_INET6
                            : AF_INET,
                    is_unix ? 0 : IPPROTO_TCP},
                   fd.release());
  }

  const std::string& name() const { return listener_->config.name; }
  std::uint16_t port() const { return port_; }

  void accept();
  void close();  // on the first loop

 private:
  void take(Socket socket);

  const std::shared_ptr<ServerState> server_;
  const std::shared_ptr<ListenerState> listener_;
  const Loops& loops_;
  const std::uint16_t port_;
  AcceptorSocket socket_;
  boost::asio::steady_timer pause_;
  struct stat file_ {};
  std::size_t next_loop_ = 0;
};

void Acceptor::accept() {
  if (!socket_.is_open()) return;
  next_loop_ = (next_loop_ + 1) % loops_.size();
  socket_.async_accept(loops_[next_loop_]->context(),
                       [this](const boost::system::error_code& failed, Socket socket) {
                         if (failed == boost::asio::error::operation_aborted || !socket_.is_open())
                           return;
                         if (failed) {
                           server_->count_refused("accept");
                           log::warn("net", "cannot accept listener={} error=\"{}\"", name(),
                                     failed.message());
                           pause_.expires_after(kAcceptPause);
                           pause_.async_wait([this](const boost::system::error_code& stopped) {
                             if (!stopped) accept();
                           });
                           return;
                         }
                         take(std::move(socket));
                         accept();
                       });
}

void Acceptor::take(Socket socket) {
  const int fd = socket.native_handle();
  boost::system::error_code failed;
  socket.native_non_blocking(true, failed);
  if (failed) return;
  if (server_->connections->load() >= server_->limits.connections_max) {
    server_->count_refused("connections");
    static constexpr std::string_view kFull =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n";
    if (!listener_->tls) plain_stream(fd)->write(kFull, {});
    return;
  }
  const int on = 1;
  if (!listener_->config.address.empty())
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  server_->connections->fetch_add(1);
  server_->counters
      ->counter("catalejo_http_connections_total", label("listener", listener_->config.name))
      .add();
  const auto& loop = loops_[next_loop_];
  auto connection =
      std::make_shared<Connection>(loop, server_, listener_, std::move(socket), peer_name(fd));
  loop->post([connection] { connection->run(); });
}

void Acceptor::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  pause_.cancel();
  // Only the file made here: another server may have taken the path over.
  struct stat now {};
  const std::string& path = listener_->config.unix_path;
  if (listener_->config.address.empty() && ::stat(path.c_str(), &now) == 0 &&
      now.st_ino == file_.st_ino && now.st_dev == file_.st_dev)
    ::unlink(path.c_str());
}

class AsioServer final : public Server {
 public:
  AsioServer(const ServerOptions& options, std::shared_ptr<ServerState> state)
      : state_(std::move(state)) {
    for (int i = 0; i < std::max(1, options.threads); ++i)
      loops_.push_back(std::make_shared<EventLoop>(tick_ms(options.limits)));
  }
  ~AsioServer() override { stop(0); }

  Result<void> add(Listener listener) {
    auto state = std::make_shared<ListenerState>();
    state->config = std::move(listener);
    if (state->config.tls) {
      Result<std::shared_ptr<const TlsContext>> tls = TlsContext::load(*state->config.tls);
      if (!tls) return tls.error();
      state->tls = std::move(*tls);
      ignore_sigpipe();
    }
    Result<UniqueFd> fd = listen_on(state->config);
    if (!fd) return fd.error();
    acceptors_.push_back(
        std::make_unique<Acceptor>(state_, std::move(state), loops_, std::move(*fd)));
    return {};
  }

  void start() {
    for (const auto& acceptor : acceptors_) acceptor->accept();
    for (const auto& loop : loops_) loop->start();
    started_ = true;
  }

  std::uint16_t port(const std::string& listener) const override {
    for (const auto& acceptor : acceptors_)
      if (acceptor->name() == listener) return acceptor->port();
    return 0;
  }

  void stop(int deadline_ms) override {
    if (std::exchange(stopped_, true)) return;
    state_->stopping = true;
    if (!started_) {
      for (const auto& acceptor : acceptors_) acceptor->close();
      return;
    }
    std::promise<void> closed;
    loops_.front()->post([&] {
      for (const auto& acceptor : acceptors_) acceptor->close();
      closed.set_value();
    });
    // Whoever is accepted is counted from here on: none comes when the loops have ended.
    closed.get_future().wait();
    for (const auto& loop : loops_)
      loop->post([raw = loop.get()] {
        for (const auto& connection : raw->connections()) connection->on_stopping();
      });
    {
      std::unique_lock lock(state_->mutex);
      state_->connections_gone.wait_for(lock, std::chrono::milliseconds(deadline_ms),
                                        [&] { return state_->connections->load() == 0; });
    }
    if (const std::size_t cut = state_->connections->load(); cut != 0 && deadline_ms != 0)
      log::warn("net", "connections cut at the end of the deadline count={}", cut);
    for (const auto& loop : loops_) loop->stop();
  }

 private:
  const std::shared_ptr<ServerState> state_;
  Loops loops_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  bool started_ = false;
  bool stopped_ = false;
};

}  // namespace

void ServerState::count_answer(ListenerState& listener, int status) {
  std::atomic<Counter*>& known = listener.answered[static_cast<std::size_t>(status)];
  Counter* counter = known.load(std::memory_order_acquire);
  if (!counter) {
    counter = &counters->counter("catalejo_http_requests_total",
                                 fmt::format("{},{}", label("listener", listener.config.name),
                                             label("status", std::to_string(status))));
    known.store(counter, std::memory_order_release);
  }
  counter->add();
}

void ServerState::count_refused(const char* reason) {
  counters->counter("catalejo_http_refused_total", label("reason", reason)).add();
}

void ServerState::connection_closed() {
  if (connections->fetch_sub(1) != 1) return;
  const std::lock_guard lock(mutex);
  connections_gone.notify_all();
}

Result<std::unique_ptr<Server>> Server::open(ServerOptions options,
                                             std::vector<Listener> listeners) {
  raise_descriptor_limit();
  auto state = std::make_shared<ServerState>();
  state->limits = options.limits;
  if (!options.counters) state->own_counters = std::make_unique<Counters>();
  state->counters = options.counters ? options.counters : state->own_counters.get();
  state->counters->gauge("catalejo_http_connections", {},
                         [open = state->connections] { return static_cast<double>(open->load()); });
  auto server = std::make_unique<AsioServer>(options, state);
  for (Listener& listener : listeners) {
    const std::string name = listener.name;
    if (Result<void> added = server->add(std::move(listener)); !added) {
      Error error = added.error();
      error.message = fmt::format("listener {}: {}", name, error.message);
      return error;
    }
  }
  server->start();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace catalejo::net
