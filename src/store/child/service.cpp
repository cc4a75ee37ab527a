#include "store/child/service.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/log.hpp"
#include "base/quoted.hpp"

namespace catalejo::store {
namespace {

constexpr std::size_t kPeersMax = 32;  // ours has four connections
constexpr std::size_t kStatementBytesMax = 4u << 20;

Result<void> run_set(Service::Session& session, const std::string& sql) {
  auto done = session.connection->query(sql, "TabSeparated", {});
  if (!done) return done.error();
  return {};
}

// Brings the settings of the session to exactly `wanted`.
Result<void> apply_settings(Service::Session& session,
                            const std::map<std::string, std::string>& wanted) {
  if (session.settings == wanted) return {};
  const std::map<std::string, std::string> before = session.settings;
  for (const auto& [name, value] : before) {
    if (wanted.contains(name)) continue;
    CATALEJO_TRY(run_set(session, "SET " + name + " = DEFAULT"));
    session.settings.erase(name);
  }
  for (const auto& [name, value] : wanted) {
    const auto now = session.settings.find(name);
    if (now != session.settings.end() && now->second == value) continue;
    CATALEJO_TRY(run_set(session, "SET " + name + " = " + quoted(value, '\'')));
    session.settings[name] = value;
  }
  return {};
}

Result<std::string> run_insert(Service::Session& session, const Statement& statement, Peer& peer) {
  auto stream = session.connection->insert(statement.sql, statement.format);
  if (!stream) return stream.error();
  while (peer.body_left() > 0) {
    auto piece = peer.read_body();
    if (!piece) return piece.error();
    CATALEJO_TRY((*stream)->append(*piece));
  }
  CATALEJO_TRY((*stream)->finish());
  return std::string();
}

}  // namespace

Service::Service(std::vector<Session> sessions, std::map<std::string, std::string> settings)
    : settings_(std::move(settings)) {
  for (Session& session : sessions) free_.push_back(std::make_unique<Session>(std::move(session)));
}

void Service::accept_forever(int listening) {
  while (true) {
    UniqueFd socket(::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) {
      if (errno != EINTR && errno != ECONNABORTED)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));  // out of descriptors
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      if (peers_ >= kPeersMax) continue;
      ++peers_;
    }
    std::thread([this, moved = std::move(socket)]() mutable { serve(std::move(moved)); }).detach();
  }
}

void Service::serve(UniqueFd socket) {
  Peer peer(std::move(socket));
  while (serve_one(peer)) {
  }
  const std::lock_guard lock(mutex_);
  --peers_;
}

// False when the connection is to be closed.
bool Service::serve_one(Peer& peer) {
  auto request = peer.read_head();
  if (!request) return false;
  Answer answer = run(*request, peer);
  // What is left of the body of a failed INSERT has to be read away before the answer is heard.
  while (peer.body_left() > 0)
    if (auto piece = peer.read_body(); !piece) return false;
  return peer.answer(answer.status, answer.headers, answer.body).ok();
}

Service::Answer Service::failed(const Error& error) {
  const int code = exception_code(error.message);
  Answer answer;
  answer.status = code != 0 ? status_of_exception(code) : 400;
  if (code != 0) answer.headers.emplace_back("X-ClickHouse-Exception-Code", std::to_string(code));
  answer.body = error.message + "\n";
  return answer;
}

Service::Answer Service::run(const net::Request& request, Peer& peer) {
  if (request.path == "/ping") return {.body = "Ok.\n"};
  if (request.path != "/" || (request.method != "GET" && request.method != "POST"))
    return {.status = 404, .body = "There is only / and /ping here.\n"};
  auto statement = parse_statement(request);
  if (!statement) return failed(statement.error());
  if (!statement->insert) {
    auto body = peer.read_whole_body(kStatementBytesMax);
    if (!body) return failed(body.error());
    if (!statement->sql.empty() && !body->empty()) statement->sql += '\n';
    statement->sql += *body;
  }
  std::unique_ptr<Session> session = borrow();
  if (!session) return {.status = 503, .body = "catalejo-store is stopping\n"};
  statement->settings.insert(settings_.begin(), settings_.end());  // those given win
  Result<std::string> result = std::string();
  if (auto applied = apply_settings(*session, statement->settings); !applied) {
    result = applied.error();
  } else if (statement->insert) {
    result = run_insert(*session, *statement, peer);
  } else {
    result = session->connection->query(statement->sql, statement->format, statement->parameters);
  }
  give_back(std::move(session));
  if (!result) return failed(result.error());
  return {.body = std::move(*result)};
}

std::unique_ptr<Service::Session> Service::borrow() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || !free_.empty(); });
  if (stopping_) return nullptr;
  auto session = std::move(free_.back());
  free_.pop_back();
  ++borrowed_;
  return session;
}

void Service::give_back(std::unique_ptr<Session> session) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(session));
  --borrowed_;
  changed_.notify_all();
}

bool Service::quiesce(int deadline_ms) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  return changed_.wait_for(lock, std::chrono::milliseconds(deadline_ms),
                           [&] { return borrowed_ == 0; });
}

}  // namespace catalejo::store
