// One accepted socket: reads requests in order, runs the listener's handler, writes the answers.
// Lives on its loop's thread and is kept alive by the loop, by the operations it waits for, and
// by the handler it runs, so a client may leave at any moment.
//
//   handshake -> idle -> reading -> handling -> writing -> idle …
//                                           (of each part) handling -> writing
//                            \-> (refused) writing -> lingering -> closed
//                                           handling -> events -> lingering -> closed
//
// Includes Asio: for server.cpp, connection.cpp and event_loop.cpp only.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "net/event_loop.hpp"
#include "net/event_stream.hpp"
#include "net/request_parser.hpp"
#include "net/server_state.hpp"

namespace catalejo::net {

using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol,
                                                boost::asio::io_context::executor_type>;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<EventLoop> loop, std::shared_ptr<ServerState> server,
             std::shared_ptr<ListenerState> listener, Socket socket, std::string peer);
  ~Connection();

  // All on the loop's thread.
  void run();
  void on_tick(std::int64_t now_nanos);
  void on_stopping();  // the server stops: no further request
  void abort();
  void drain_events();

 private:
  enum class Phase { handshake, idle, reading, handling, writing, events, lingering, closed };

  void shake_hands();
  void read_more();
  void take(std::string_view bytes);
  void take_request(std::string_view& bytes);
  bool charge_body();  // false: refused
  void send_continue();
  void dispatch();
  void refuse(const Refusal& refusal);
  void respond(Response response);
  void begin_events(Response response);
  void begin_parts(Response response);
  void put_part(std::string part);
  void ask_part();
  void take_part(Result<std::string> part);
  // `then` with what a handler gave, on the loop's thread.
  template <typename Given>
  void resume(Given given, void (Connection::*then)(Given));
  void begin_writing();
  void watch_for_end();
  void send_comment(std::int64_t now_nanos);
  void give_event_stream();
  void write_more();
  void written();
  void linger();
  void discard_input();
  void close();
  void await(IoStatus what, void (Connection::*then)());
  void set_deadline(int after_ms);
  void on_deadline();
  void release_body();

  const std::shared_ptr<EventLoop> loop_;
  const std::shared_ptr<ServerState> server_;
  const std::shared_ptr<ListenerState> listener_;
  Socket socket_;
  std::unique_ptr<Stream> stream_;
  const std::string peer_;
  Phase phase_ = Phase::idle;
  RequestParser parser_;
  std::string pending_;              // bytes after the current request, at most one scratch
  std::size_t charged_bytes_ = 0;    // of ServerState::body_bytes
  std::int64_t deadline_nanos_ = 0;  // 0 = none
  bool taking_ = false;              // take() is on the stack: answers do not recurse into it
  bool head_only_ = false;           // HEAD: the body is described, not sent
  bool close_after_ = false;
  bool http_1_1_ = true;
  std::string out_head_, out_body_;
  std::function<Task<Result<std::string>>()> next_part_;  // until the last one was given
  std::size_t out_sent_ = 0;
  std::size_t lingered_bytes_ = 0;
  std::shared_ptr<EventQueue> events_;
  std::function<void(std::shared_ptr<EventStream>)> on_event_stream_;  // until it is called
  std::int64_t next_comment_nanos_ = 0;
};

}  // namespace catalejo::net
