#include "codec/multipart.hpp"

#include <gtest/gtest.h>

namespace catalejo::codec {
namespace {

TEST(Multipart, FindsTheFile) {
  const std::string_view type = "multipart/form-data; boundary=B";
  const std::string_view file =
      "--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
      "a,b\r\n1,2\r\n\r\n--B--\r\n";
  EXPECT_EQ(multipart_file(type, file), "a,b\r\n1,2\r\n");
  EXPECT_EQ(multipart_file("multipart/form-data; boundary=\"B\"", file), "a,b\r\n1,2\r\n");
  EXPECT_EQ(multipart_file(type, "--B\r\nname: x\r\n\r\nonly\r\n--B--"), "only");
}

TEST(Multipart, RefusesWhatIsNoForm) {
  for (const std::string_view body :
       {"", "--B", "--B\r\n", "--B\r\nx\r\n\r\nnot closed", "--C\r\n"})
    EXPECT_FALSE(multipart_file("multipart/form-data; boundary=B", body)) << body;
  EXPECT_FALSE(multipart_file("text/csv", "--B\r\n\r\n\r\nx\r\n--B--"));
  EXPECT_FALSE(multipart_file("multipart/form-data", "--B\r\n\r\n\r\nx\r\n--B--"));
  EXPECT_FALSE(multipart_file("multipart/form-data; boundary=\"", "--\r\n\r\n\r\nx\r\n----"));
}

}  // namespace
}  // namespace catalejo::codec
