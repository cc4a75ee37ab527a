#include "net/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/system/error_code.hpp>
#include <exception>
#include <string_view>

#include "base/log.hpp"
#include "net/response_writer.hpp"

namespace catalejo::net {
namespace {

// Reads in a row before other connections of the loop get their turn.
constexpr int kReadsInARow = 16;

// A part of a body, or the reason why there is none.
Task<Result<std::string>> guarded_part(std::function<Task<Result<std::string>>()> next) {
  std::string what = "unknown exception";
  try {
    co_return co_await next();
  } catch (const std::exception& exception) {
    what = exception.what();
  } catch (...) {
  }
  co_return Error{Code::internal, std::move(what), {}};
}

// What leaves a handler as an exception ends as an answer, never as the end of the program.
Task<Response> guarded(std::shared_ptr<ListenerState> listener, std::shared_ptr<ServerState> server,
                       Request request) {
  std::string what = "unknown exception";
  const std::string path = request.path;
  try {
    co_return co_await listener->config.handler(std::move(request));
  } catch (const std::exception& exception) {
    what = exception.what();
  } catch (...) {
  }
  log::error("net", "a handler failed listener={} path={} exception=\"{}\"", listener->config.name,
             path, what);
  server->counters
      ->counter("catalejo_http_handler_failures_total", label("listener", listener->config.name))
      .add();
  co_return error_response({Code::internal, "the handler failed: see the log of the server", {}});
}

}  // namespace

Connection::Connection(std::shared_ptr<EventLoop> loop, std::shared_ptr<ServerState> server,
                       std::shared_ptr<ListenerState> listener, Socket socket, std::string peer)
    : loop_(std::move(loop)),
      server_(std::move(server)),
      listener_(std::move(listener)),
      socket_(std::move(socket)),
      stream_(listener_->tls ? listener_->tls->stream(socket_.native_handle())
                             : plain_stream(socket_.native_handle())),
      peer_(std::move(peer)),
      parser_({server_->limits.header_bytes_max, server_->limits.body_bytes_max}) {}

Connection::~Connection() {
  release_body();
}

void Connection::run() {
  loop_->add(shared_from_this());
  if (server_->stopping) return close();
  phase_ = Phase::handshake;
  set_deadline(server_->limits.handshake_timeout_ms);
  shake_hands();
}

void Connection::shake_hands() {
  if (phase_ != Phase::handshake) return;
  const Io io = stream_->handshake();
  if (io.status == IoStatus::closed) {
    server_->count_refused("tls_handshake");
    return close();
  }
  if (io.status != IoStatus::done) return await(io.status, &Connection::shake_hands);
  phase_ = Phase::idle;
  set_deadline(server_->limits.keep_alive_ms);
  read_more();
}

void Connection::await(IoStatus what, void (Connection::*then)()) {
  socket_.async_wait(what == IoStatus::want_write ? Socket::wait_write : Socket::wait_read,
                     [self = shared_from_this(), then](const boost::system::error_code& failed) {
                       if (!failed && self->phase_ != Phase::closed) (self.get()->*then)();
                     });
}

void Connection::set_deadline(int after_ms) {
  deadline_nanos_ = after_ms == 0 ? 0 : steady_now_nanos() + after_ms * kNanosPerMilli;
}

// --- reading ---

void Connection::read_more() {
  for (int i = 0; i < kReadsInARow; ++i) {
    if (phase_ != Phase::idle && phase_ != Phase::reading) return;
    auto& scratch = loop_->scratch();
    const Io io = stream_->read(scratch.data(), scratch.size());
    if (io.status == IoStatus::closed) {
      if (phase_ == Phase::reading) server_->count_refused("cut_off");
      return close();
    }
    if (io.status != IoStatus::done) return await(io.status, &Connection::read_more);
    take({scratch.data(), io.bytes});
  }
  // TLS may hold bytes that no wait on the socket reports, so this is not an await.
  loop_->post([self = shared_from_this()] { self->read_more(); });
}

void Connection::take(std::string_view bytes) {
  taking_ = true;
  std::string held;
  if (!pending_.empty()) {
    held = std::exchange(pending_, {}).append(bytes);
    bytes = held;
  }
  while (!bytes.empty() && (phase_ == Phase::idle || phase_ == Phase::reading)) take_request(bytes);
  if (phase_ == Phase::handling || phase_ == Phase::writing) pending_.assign(bytes);
  taking_ = false;
}

void Connection::take_request(std::string_view& bytes) {
  using State = RequestParser::State;
  const State before = parser_.state();
  const bool started = parser_.started();
  bytes.remove_prefix(parser_.feed(bytes));
  if (!started && parser_.started()) {
    phase_ = Phase::reading;
    set_deadline(server_->limits.header_timeout_ms);
  }
  if (parser_.state() == State::refused) return refuse(parser_.refusal());
  if (!charge_body()) return;
  if (parser_.state() == State::done) return dispatch();
  if (parser_.state() == State::body && before == State::head) {
    set_deadline(server_->limits.body_timeout_ms);
    if (bytes.empty() && parser_.wants_continue()) send_continue();
  }
}

bool Connection::charge_body() {
  const std::size_t bytes = parser_.body_bytes();
  if (bytes <= charged_bytes_) return true;
  const std::size_t more = bytes - charged_bytes_;
  charged_bytes_ = bytes;
  if (server_->body_bytes.fetch_add(more) + more <= server_->limits.bodies_in_flight_bytes_max)
    return true;
  refuse({503,
          {Code::busy, "too many bytes of requests are in flight: try again", {}},
          "bodies_in_flight"});
  return false;
}

void Connection::release_body() {
  server_->body_bytes.fetch_sub(std::exchange(charged_bytes_, 0));
}

void Connection::send_continue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  // Nothing else is on its way out, so only a broken connection has no room for it.
  if (stream_->write(kContinue, {}).bytes != kContinue.size()) close();
}

void Connection::refuse(const Refusal& refusal) {
  server_->count_refused(refusal.reason);
  close_after_ = true;
  http_1_1_ = true;
  head_only_ = parser_.request().method == "HEAD";
  Response response = error_response(refusal.error);
  response.status = refusal.status;
  parser_.restart();
  respond(std::move(response));
}

template <typename Given>
void Connection::resume(Given given, void (Connection::*then)(Given)) {
  if (loop_->here()) return (this->*then)(std::move(given));
  // The handler was resumed by a foreign thread that is no executor.
  auto carried = std::make_shared<Given>(std::move(given));
  loop_->post(
      [self = shared_from_this(), carried, then] { (self.get()->*then)(std::move(*carried)); });
}

void Connection::dispatch() {
  phase_ = Phase::handling;
  set_deadline(0);
  Request request = std::move(parser_.request());
  request.peer = peer_;
  request.tls = listener_->tls != nullptr;
  head_only_ = request.method == "HEAD";
  http_1_1_ = parser_.http_1_1();
  close_after_ = !parser_.keep_alive();
  parser_.restart();
  start(guarded(listener_, server_, std::move(request)),
        [self = shared_from_this()](Response response) {
          self->resume(std::move(response), &Connection::respond);
        });
}

// --- writing ---

void Connection::respond(Response response) {
  release_body();
  if (phase_ == Phase::closed) return;
  if (response.status < 200 || response.status > 599) response.status = 500;
  server_->count_answer(*listener_, response.status);
  if (server_->stopping) close_after_ = true;
  if (response.on_event_stream && !head_only_) return begin_events(std::move(response));
  if (response.next_part) return begin_parts(std::move(response));
  out_head_ = encode_head(response, {.http_1_1 = http_1_1_, .close = close_after_});
  if (!head_only_ && may_have_body(response.status)) out_body_ = std::move(response.body);
  phase_ = Phase::writing;
  begin_writing();
}

void Connection::begin_writing() {
  out_sent_ = 0;
  set_deadline(server_->limits.write_timeout_ms);
  write_more();
}

void Connection::write_more() {
  const std::string_view head = out_head_, body = out_body_;
  while (out_sent_ < head.size() + body.size()) {
    const std::size_t of_head = std::min(out_sent_, head.size());
    const Io io = stream_->write(head.substr(of_head), body.substr(out_sent_ - of_head));
    if (io.status == IoStatus::closed) return close();
    if (io.status != IoStatus::done) return await(io.status, &Connection::write_more);
    out_sent_ += io.bytes;
    if (out_sent_ < head.size() + body.size()) set_deadline(server_->limits.write_timeout_ms);
  }
  out_head_.clear();
  out_body_ = {};
  written();
}

void Connection::written() {
  if (phase_ == Phase::events) {
    set_deadline(0);
    if (on_event_stream_) return give_event_stream();
    events_->written();
    return loop_->post([self = shared_from_this()] { self->drain_events(); });
  }
  if (next_part_) {
    phase_ = Phase::handling;
    set_deadline(0);
    // A part that is there at once must not be asked for deeper and deeper in the stack.
    return loop_->post([self = shared_from_this()] { self->ask_part(); });
  }
  if (close_after_) return linger();
  phase_ = Phase::idle;
  set_deadline(server_->limits.keep_alive_ms);
  if (taking_) return;
  take({});
  read_more();
}

// --- parts of a body ---

void Connection::begin_parts(Response response) {
  // Only the end of the connection ends such a body for HTTP/1.0.
  close_after_ = close_after_ || !http_1_1_;
  out_head_ =
      encode_head(response, {.http_1_1 = http_1_1_, .close = close_after_, .streamed = true});
  phase_ = Phase::writing;
  if (head_only_) return begin_writing();
  next_part_ = std::move(response.next_part);
  if (!response.body.empty()) put_part(std::move(response.body));
  begin_writing();
}

// Behind what out_head_ has already. The part itself is not copied.
void Connection::put_part(std::string part) {
  if (http_1_1_) {
    out_head_ += fmt::format("{:x}\r\n", part.size());
    part += "\r\n";
  }
  out_body_ = std::move(part);
}

void Connection::ask_part() {
  if (phase_ == Phase::closed) return;
  start(guarded_part(next_part_), [self = shared_from_this()](Result<std::string> part) {
    self->resume(std::move(part), &Connection::take_part);
  });
}

void Connection::take_part(Result<std::string> part) {
  if (phase_ == Phase::closed) return;
  if (!part) {
    log::warn("net", "an answer was cut off listener={} reason=\"{}\"", listener_->config.name,
              to_string(part.error()));
    server_->count_refused("cut_off_answer");
    return close();
  }
  if (server_->stopping) close_after_ = true;
  phase_ = Phase::writing;
  if (part->empty()) {
    next_part_ = nullptr;
    if (http_1_1_) out_head_ = "0\r\n\r\n";
  } else {
    put_part(*std::move(part));
  }
  begin_writing();
}

// The peer may still be sending; closing now would reset the connection and could destroy the
// answer before it is read. So the write side is closed, and the rest is read for a while.
void Connection::linger() {
  phase_ = Phase::lingering;
  set_deadline(server_->limits.linger_ms);
  stream_->finish_writing();
  discard_input();
}

void Connection::discard_input() {
  for (int i = 0; i < kReadsInARow; ++i) {
    if (phase_ != Phase::lingering) return;
    const Io io = stream_->read(loop_->scratch().data(), loop_->scratch().size());
    if (io.status == IoStatus::closed) return close();
    if (io.status != IoStatus::done && server_->stopping) return close();
    if (io.status != IoStatus::done) return await(io.status, &Connection::discard_input);
    lingered_bytes_ += io.bytes;
    if (lingered_bytes_ > server_->limits.linger_bytes_max) return close();
  }
  loop_->post([self = shared_from_this()] { self->discard_input(); });
}

// --- events ---

void Connection::begin_events(Response response) {
  phase_ = Phase::events;
  close_after_ = true;
  if (response.status == 200) {
    std::erase_if(response.headers, [](const auto& header) {
      return !find_header({header}, "Content-Type").empty();
    });
    response.headers.emplace_back("Content-Type", "text/event-stream");
  }
  response.headers.emplace_back("Cache-Control", "no-cache");
  out_head_ = encode_head(response, {.http_1_1 = http_1_1_, .close = true, .streamed = true});
  on_event_stream_ = std::move(response.on_event_stream);
  events_ =
      std::make_shared<EventQueue>(EventQueue::Bounds{server_->limits.events_waiting_max,
                                                      server_->limits.event_bytes_waiting_max},
                                   [loop = loop_, weak = weak_from_this()] {
                                     loop->post([weak] {
                                       if (const auto self = weak.lock()) self->drain_events();
                                     });
                                   });
  next_comment_nanos_ = steady_now_nanos() + server_->limits.event_comment_ms * kNanosPerMilli;
  begin_writing();
  watch_for_end();
}

void Connection::give_event_stream() {
  const auto give = std::exchange(on_event_stream_, nullptr);
  try {
    give(events_);
  } catch (const std::exception& exception) {
    log::error("net", "an event handler failed exception=\"{}\"", exception.what());
    events_->close();
  }
  if (server_->stopping) events_->close();
}

// A client of events sends nothing more; what it sends is ignored, that it leaves is noticed.
void Connection::watch_for_end() {
  if (phase_ != Phase::events) return;
  const Io io = stream_->read(loop_->scratch().data(), loop_->scratch().size());
  if (io.status == IoStatus::closed) return close();
  if (io.status != IoStatus::done) return await(io.status, &Connection::watch_for_end);
  loop_->post([self = shared_from_this()] { self->watch_for_end(); });
}

void Connection::drain_events() {
  if (phase_ != Phase::events) return;
  if (events_->overrun()) {
    server_->count_refused("slow_event_reader");
    return close();
  }
  if (!out_head_.empty()) return;  // written() comes back here
  const EventQueue::Drained drained = events_->drain();
  if (!drained.text.empty()) {
    out_head_ = http_1_1_ ? encode_chunk(drained.text) : drained.text;
    begin_writing();
  } else if (drained.ended) {
    phase_ = Phase::writing;
    if (http_1_1_) out_head_ = "0\r\n\r\n";
    begin_writing();
  }
}

void Connection::send_comment(std::int64_t now_nanos) {
  next_comment_nanos_ = now_nanos + server_->limits.event_comment_ms * kNanosPerMilli;
  if (!out_head_.empty()) return;
  static constexpr std::string_view kComment = ": keep-alive\n\n";
  out_head_ = http_1_1_ ? encode_chunk(kComment) : std::string(kComment);
  begin_writing();
}

// --- time and ends ---

void Connection::on_tick(std::int64_t now_nanos) {
  if (phase_ == Phase::events && now_nanos >= next_comment_nanos_) send_comment(now_nanos);
  if (deadline_nanos_ != 0 && now_nanos >= deadline_nanos_) on_deadline();
}

void Connection::on_deadline() {
  switch (phase_) {
    case Phase::handshake:
      server_->count_refused("handshake_timeout");
      return close();
    case Phase::reading: {
      const bool in_head = parser_.state() == RequestParser::State::head;
      return refuse(
          {408,
           {Code::timeout, in_head ? "the header takes too long" : "the body takes too long", {}},
           in_head ? "header_timeout" : "body_timeout"});
    }
    case Phase::writing:
    case Phase::events:
      server_->count_refused("write_timeout");
      return close();
    case Phase::idle:
    case Phase::lingering:
      return close();
    case Phase::handling:
    case Phase::closed:
      return;
  }
}

void Connection::on_stopping() {
  switch (phase_) {
    case Phase::handshake:
    case Phase::idle:
      return close();
    case Phase::events:
      return events_->close();
    case Phase::lingering:
      return discard_input();
    case Phase::reading:
    case Phase::handling:
    case Phase::writing:
      close_after_ = true;
      return;
    case Phase::closed:
      return;
  }
}

void Connection::abort() {
  close();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  const auto self = shared_from_this();
  if (events_) events_->abandon();
  parser_.restart();
  pending_ = out_body_ = {};
  release_body();
  boost::system::error_code ignored;
  socket_.close(ignored);
  loop_->remove(this);
  server_->connection_closed();
}

}  // namespace catalejo::net
