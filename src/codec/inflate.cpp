#include "codec/inflate.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "base/ascii.hpp"

namespace catalejo::codec {
namespace {

constexpr std::size_t kChunkBytes = 64u << 10;
// A zstd frame may ask for a window; clients use 8 MiB at most, this bounds what one can demand.
constexpr int kZstdWindowLogMax = 25;

Error too_large(std::size_t bytes_max) {
  return {Code::body_too_large,
          fmt::format("the body inflates to more than {} bytes; send smaller batches", bytes_max),
          "body"};
}

Error damaged(std::string_view format) {
  return {Code::malformed, fmt::format("the {} body is damaged or cut short", format), "body"};
}

// Where inflated bytes go: grows by doubling, never past the bound plus one byte, which proves
// that there is more.
class Output {
 public:
  Output(std::size_t input_bytes, std::size_t bytes_max) : bytes_max_(bytes_max) {
    text_.resize(std::min(std::max(input_bytes * 4, kChunkBytes), bytes_max + 1));
  }
  char* free() { return text_.data() + size_; }
  std::size_t free_bytes() const { return text_.size() - size_; }
  void advance(std::size_t bytes) { size_ += bytes; }
  bool overflowed() const { return size_ > bytes_max_; }
  void make_room() {
    if (free_bytes() == 0) text_.resize(std::min(text_.size() * 2, bytes_max_ + 1));
  }
  std::string take() {
    text_.resize(size_);
    if (text_.capacity() > 2 * size_ + kChunkBytes) text_.shrink_to_fit();
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t size_ = 0;
  std::size_t bytes_max_;
};

struct ZlibEnd {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

constexpr int kGzip = 15 + 16, kZlib = 15, kRawDeflate = -15;  // zlib's windowBits

Result<std::string> inflate_zlib(std::string_view body, int window_bits, std::size_t bytes_max) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK)
    return Error{Code::internal, "zlib could not be started", {}};
  const std::unique_ptr<z_stream, ZlibEnd> closer(&stream);
  Output output(body.size(), bytes_max);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  for (;;) {
    output.make_room();
    stream.next_out = reinterpret_cast<Bytef*>(output.free());
    stream.avail_out = static_cast<uInt>(output.free_bytes());
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    output.advance(output.free_bytes() - stream.avail_out);
    if (output.overflowed()) return too_large(bytes_max);
    if (status == Z_STREAM_END) {
      if (stream.avail_in == 0) return output.take();
      // gzip allows several members in a row; anything else behind the end is damage.
      if (window_bits != kGzip || inflateReset(&stream) != Z_OK) return damaged("deflate");
      continue;
    }
    const bool wants_room = status == Z_BUF_ERROR && stream.avail_out == 0;
    if (status != Z_OK && !wants_room) return damaged(window_bits == kGzip ? "gzip" : "deflate");
    if (stream.avail_in == 0 && stream.avail_out != 0) return damaged("compressed");
  }
}

// Clients disagree on what "deflate" is: a zlib header says CM = 8 and is a multiple of 31.
int deflate_window_bits(std::string_view body) {
  if (body.size() < 2) return kRawDeflate;
  const unsigned first = static_cast<unsigned char>(body[0]);
  const unsigned second = static_cast<unsigned char>(body[1]);
  return (first & 0x0f) == 8 && (first << 8 | second) % 31 == 0 ? kZlib : kRawDeflate;
}

struct ZstdFree {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Result<std::string> inflate_zstd(std::string_view body, std::size_t bytes_max) {
  const std::unique_ptr<ZSTD_DCtx, ZstdFree> context(ZSTD_createDCtx());
  if (!context) return Error{Code::internal, "zstd could not be started", {}};
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
  Output output(body.size(), bytes_max);
  ZSTD_inBuffer input{body.data(), body.size(), 0};
  std::size_t expected = 1;  // 0 = a frame is complete
  for (;;) {
    output.make_room();
    ZSTD_outBuffer room{output.free(), output.free_bytes(), 0};
    expected = ZSTD_decompressStream(context.get(), &room, &input);
    if (ZSTD_isError(expected)) return damaged("zstd");
    output.advance(room.pos);
    if (output.overflowed()) return too_large(bytes_max);
    if (input.pos == input.size && (expected == 0 || room.pos < room.size)) break;
  }
  if (expected != 0) return damaged("zstd");
  return output.take();
}

std::string lower_trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return lower_ascii(text);
}

}  // namespace

Result<std::string> inflate(std::string_view encoding, std::string body, std::size_t bytes_max) {
  const std::string name = lower_trimmed(encoding);
  if (name.empty() || name == "identity") return body;
  if (name == "gzip" || name == "x-gzip") return inflate_zlib(body, kGzip, bytes_max);
  if (name == "deflate") return inflate_zlib(body, deflate_window_bits(body), bytes_max);
  if (name == "zstd" || name == "zstd1") return inflate_zstd(body, bytes_max);
  return Error{Code::unsupported_encoding,
               "send the body plain or as gzip, deflate or zstd, with one encoding only",
               fmt::format("Content-Encoding: {}", name.substr(0, 64))};
}

}  // namespace catalejo::codec
