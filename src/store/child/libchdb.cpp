#include "store/child/libchdb.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstring>

namespace catalejo::store {

struct ChdbFunctions {
  void** (*connect)(int, char**);
  const char* (*version)();
  void (*set_signal_handlers_enabled)(bool);
  void* (*query_with_params_n)(void*, const char*, std::size_t, const char*, std::size_t,
                               const char* const*, const std::size_t*, const char* const*,
                               const std::size_t*, std::size_t);
  const char* (*result_buffer)(void*);
  std::size_t (*result_length)(void*);
  const char* (*result_error)(void*);
  void (*destroy_query_result)(void*);
  void* (*stream_insert_n)(void*, const char*, std::size_t, const char*, std::size_t);
  int (*stream_append)(void*, const char*, std::size_t);
  void* (*stream_done)(void*);
  const char* (*stream_insert_error)(void*);
  void (*stream_cancel_insert)(void*);
  void (*destroy_insert_stream)(void*);
};

namespace {

// Another version may have other signatures.
constexpr std::string_view kVersionPrefix = "26.7.";

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

bool find_all(void* library, ChdbFunctions& to) {
  return find(library, "chdb_connect", to.connect) && find(library, "chdb_version", to.version) &&
         find(library, "chdb_set_signal_handlers_enabled", to.set_signal_handlers_enabled) &&
         find(library, "chdb_query_with_params_n", to.query_with_params_n) &&
         find(library, "chdb_result_buffer", to.result_buffer) &&
         find(library, "chdb_result_length", to.result_length) &&
         find(library, "chdb_result_error", to.result_error) &&
         find(library, "chdb_destroy_query_result", to.destroy_query_result) &&
         find(library, "chdb_stream_insert_n", to.stream_insert_n) &&
         find(library, "chdb_stream_append", to.stream_append) &&
         find(library, "chdb_stream_done", to.stream_done) &&
         find(library, "chdb_stream_insert_error", to.stream_insert_error) &&
         find(library, "chdb_stream_cancel_insert", to.stream_cancel_insert) &&
         find(library, "chdb_destroy_insert_stream", to.destroy_insert_stream);
}

Error database_error(const char* text) {
  return {Code::database, text && *text ? text : "the engine gave no reason"};
}

// Error of a result, if it has one; destroys the result.
Result<std::string> take_result(const ChdbFunctions& functions, void* result) {
  if (!result) return database_error(nullptr);
  const char* error = functions.result_error(result);
  if (error && *error) {
    Error failed = database_error(error);
    functions.destroy_query_result(result);
    return failed;
  }
  const char* bytes = functions.result_buffer(result);
  std::string body;
  if (bytes) body.assign(bytes, functions.result_length(result));
  functions.destroy_query_result(result);
  return body;
}

}  // namespace

InsertStream::~InsertStream() {
  if (!finished_) functions_.stream_cancel_insert(stream_);
  functions_.destroy_insert_stream(stream_);
}

Result<void> InsertStream::append(std::string_view bytes) {
  if (functions_.stream_append(stream_, bytes.data(), bytes.size()) == 0) return {};
  return database_error(functions_.stream_insert_error(stream_));
}

Result<void> InsertStream::finish() {
  finished_ = true;
  auto done = take_result(functions_, functions_.stream_done(stream_));
  if (!done) return done.error();
  return {};
}

Result<std::string> Connection::query(std::string_view sql, std::string_view format,
                                      const Parameters& parameters) {
  std::vector<const char*> names, values;
  std::vector<std::size_t> name_lengths, value_lengths;
  for (const auto& [name, value] : parameters) {
    names.push_back(name.data());
    name_lengths.push_back(name.size());
    values.push_back(value.data());
    value_lengths.push_back(value.size());
  }
  return take_result(functions_, functions_.query_with_params_n(
                                     *connection_, sql.data(), sql.size(), format.data(),
                                     format.size(), names.data(), name_lengths.data(),
                                     values.data(), value_lengths.data(), names.size()));
}

Result<std::unique_ptr<InsertStream>> Connection::insert(std::string_view sql,
                                                         std::string_view format) {
  void* raw = functions_.stream_insert_n(*connection_, sql.data(), sql.size(), format.data(),
                                         format.size());
  if (!raw) return database_error(nullptr);
  const char* error = functions_.stream_insert_error(raw);
  if (error && *error) {
    Error failed = database_error(error);
    functions_.destroy_insert_stream(raw);
    return failed;
  }
  return std::make_unique<InsertStream>(functions_, raw);
}

Engine::Engine() : functions_(std::make_unique<ChdbFunctions>()) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::open(const std::string& library, const std::string& path,
                                             const std::string& config_file) {
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return Error{Code::config, fmt::format("cannot load libchdb: {}", ::dlerror())};
  std::unique_ptr<Engine> engine(new Engine);
  if (!find_all(handle, *engine->functions_))
    return Error{Code::config, "this libchdb lacks a function that is needed", library};
  engine->version_ = engine->functions_->version();
  if (!std::string_view(engine->version_).starts_with(kVersionPrefix))
    return Error{
        Code::config,
        fmt::format("libchdb is version {}, needed is {}x", engine->version_, kVersionPrefix),
        library};
  engine->functions_->set_signal_handlers_enabled(false);
  engine->arguments_ = {"clickhouse", "--path=" + path, "--config-file=" + config_file};
  return engine;
}

Result<std::unique_ptr<Connection>> Engine::connect() {
  std::vector<char*> arguments;
  for (std::string& argument : arguments_) arguments.push_back(argument.data());
  void** connection = functions_->connect(static_cast<int>(arguments.size()), arguments.data());
  if (!connection || !*connection)
    return Error{Code::database, "libchdb cannot open its folder", arguments_[1]};
  return std::make_unique<Connection>(*functions_, connection);
}

}  // namespace catalejo::store
