#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

#include "codec/base64.hpp"
#include "codec/digest.hpp"
#include "codec/inflate.hpp"
#include "codec/utf8.hpp"

namespace catalejo::codec {
namespace {

constexpr int kGzip = 31, kZlib = 15, kRaw = -15;

std::string deflated(const std::string& text, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
  return out;
}

std::string outcome(std::string_view encoding, const std::string& body,
                    std::size_t bytes_max = 1u << 20) {
  Result<std::string> result = inflate(encoding, body, bytes_max);
  return result ? *result : std::string(code_name(result.error().code));
}

TEST(Inflate, UndoesEveryEncodingInUse) {
  for (const std::string& text : {std::string(), std::string("hola"), std::string(200'000, 'x'),
                                  std::string(65'536 * 4, 'y')}) {
    EXPECT_EQ(outcome("", text), text);
    EXPECT_EQ(outcome("identity", text), text);
    EXPECT_EQ(outcome("gzip", deflated(text, kGzip)), text);
    EXPECT_EQ(outcome(" X-GZip ", deflated(text, kGzip)), text);
    EXPECT_EQ(outcome("deflate", deflated(text, kZlib)), text);
    EXPECT_EQ(outcome("deflate", deflated(text, kRaw)), text);
    EXPECT_EQ(outcome("zstd", zstd(text)), text);
    EXPECT_EQ(outcome("zstd", zstd(text) + zstd("more")), text + "more");
    EXPECT_EQ(outcome("gzip", deflated(text, kGzip) + deflated("more", kGzip)), text + "more");
  }
}

TEST(Inflate, RefusesUnknownAndStackedEncodings) {
  for (const char* encoding : {"br", "gzip, zstd", "gzip,gzip", "compress", "snappy"})
    EXPECT_EQ(outcome(encoding, "x"), "unsupported_encoding");
}

TEST(Inflate, RefusesEveryTruncationAndTrailingBytes) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += std::to_string(i * i);
  for (auto [encoding, body] : {std::pair{"gzip", deflated(text, kGzip)},
                                {"deflate", deflated(text, kZlib)},
                                {"deflate", deflated(text, kRaw)},
                                {"zstd", zstd(text)}}) {
    for (std::size_t size = 0; size < body.size(); ++size)
      EXPECT_EQ(outcome(encoding, body.substr(0, size)), "malformed") << encoding << size;
    EXPECT_EQ(outcome(encoding, body + "garbage"), "malformed") << encoding;
  }
}

TEST(Inflate, StopsABombAtTheBoundAndNotBefore) {
  constexpr std::size_t kBound = 1u << 20;
  for (int excess : {-1, 0, 1, 50'000'000}) {
    const std::string text(kBound + static_cast<std::size_t>(excess), '\0');
    for (auto [encoding, body] : {std::pair{"gzip", deflated(text, kGzip)},
                                  {"deflate", deflated(text, kZlib)},
                                  {"zstd", zstd(text)}}) {
      const std::string result = outcome(encoding, body, kBound);
      if (excess > 0) {
        EXPECT_EQ(result, "body_too_large") << encoding << excess;
      } else {
        EXPECT_EQ(result.size(), text.size()) << encoding << excess;
      }
    }
  }
}

TEST(Utf8, AcceptsWellFormedTextOnly) {
  for (const char* text :
       {"", "ascii", "¿ñ?", "🙂", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5", "a\xc3", "\xe2\x82"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(Utf8, ReplacesEachMaximalBadRunOnce) {
  struct Case {
    std::string text, expected;
  };
  const std::string r = "\xEF\xBF\xBD";
  for (const Case& c : {Case{"a\xff"
                             "b",
                             "a" + r + "b"},
                        {"\xc3", r},
                        {"\xe2\x82", r},
                        {"\xe2\x82"
                         "x",
                         r + "x"},
                        {"\xed\xa0\x80", r + r + r},
                        {"\xf0\x9f\x99"
                         "🙂",
                         r + "🙂"},
                        {"\xc3\xc3\xb1", r + "ñ"}}) {
    std::string out;
    EXPECT_TRUE(append_as_utf8(out, c.text));
    EXPECT_EQ(out, c.expected);
    EXPECT_TRUE(is_utf8(out));
  }
}

TEST(Utf8, CutsBetweenCharacters) {
  EXPECT_EQ(utf8_prefix("añb", 2), "a");
  EXPECT_EQ(utf8_prefix("añb", 3), "añ");
  EXPECT_EQ(utf8_prefix("🙂", 3), "");
  EXPECT_EQ(utf8_prefix("ab", 9), "ab");
}

TEST(Base64, MatchesTheExamplesOfTheStandard) {
  for (auto [text, expected] : {std::pair{"", ""},
                                {"f", "Zg=="},
                                {"fo", "Zm8="},
                                {"foo", "Zm9v"},
                                {"foob", "Zm9vYg=="},
                                {"fooba", "Zm9vYmE="},
                                {"foobar", "Zm9vYmFy"},
                                {"\xff\xfe\xfd", "//79"}}) {
    std::string out;
    append_base64(out, text);
    EXPECT_EQ(out, expected);
  }
}

TEST(Digest, IsSha256InHex) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace catalejo::codec
