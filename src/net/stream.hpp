// Bytes in and out of a connected socket without waiting: plain, or through TLS. Knows no event
// loop; whoever gets want_read or want_write waits and calls again. One thread per object.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "net/server.hpp"

namespace catalejo::net {

enum class IoStatus { done, want_read, want_write, closed };

struct Io {
  IoStatus status;
  std::size_t bytes = 0;
};

class Stream {
 public:
  virtual ~Stream() = default;
  virtual Io handshake() = 0;
  virtual Io read(char* into, std::size_t size) = 0;
  // As much of `first` and then `second` as fits.
  virtual Io write(std::string_view first, std::string_view second) = 0;
  // Tells the peer that nothing more comes; it may still send.
  virtual void finish_writing() = 0;
};

// The descriptor stays with the caller, non-blocking.
std::unique_ptr<Stream> plain_stream(int fd);

// A certificate with its key; immutable, shared by the connections of a listener.
class TlsContext {
 public:
  static Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);
  virtual ~TlsContext() = default;
  virtual std::unique_ptr<Stream> stream(int fd) const = 0;
};

}  // namespace catalejo::net
