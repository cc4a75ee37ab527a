#include "insight/fingerprint.hpp"

#include <gtest/gtest.h>

namespace catalejo::insight {
namespace {

struct Pair {
  std::string_view one, other;
};

TEST(Fingerprint, WhatVariesIsTakenOut) {
  for (const auto& [one, other] : {
           Pair{"Request req_8f3a21 timed out after 600 s",
                "Request req_11bc90 timed out after 30 s"},
           {"no row 6f1ed002-ab56-4a3b-bd5e-0123456789ab",
            "no row 00000000-0000-4000-8000-000000000000"},
           {"at 10.0.0.7:443", "at 192.168.1.20:8443"},
           {"2026-11-25T21:30:01.123Z: gone", "2026-11-24T01:00:59.9Z: gone"},
           {"Please retry after 12 seconds.", "Please retry  after 3 seconds."},
           {"key deadbeefcafe1234", "key 0123456789abcdef"},
       })
    EXPECT_EQ(normalise_message(one), normalise_message(other));
}

TEST(Fingerprint, WhatTellsErrorsApartStays) {
  EXPECT_NE(normalise_message("Error code: 429 - slow down"),
            normalise_message("Error code: 400 - slow down"));
  EXPECT_EQ(normalise_message("Error code: 429"), "Error code: 429");
  EXPECT_EQ(normalise_message("The deployment gpt4o-weu does not exist"),
            "The deployment gpt4o-weu does not exist");
  EXPECT_EQ(normalise_message("¿Dónde?\n\n  Aquí"), "¿Dónde? Aquí");
}

TEST(Fingerprint, OddTextsAreBoundedAndStable) {
  const std::string blanks(5'000, ' ');
  const std::string long_text = "x" + std::string(50'000, '9') + std::string(5'000, 'y');
  for (const std::string_view text : {std::string_view(""), std::string_view(blanks),
                                      std::string_view(long_text), std::string_view("\xff\xfe: 1"),
                                      std::string_view("#-#:#/#"), std::string_view("1-2:3/4")}) {
    const std::string once = normalise_message(text);
    EXPECT_LE(once.size(), 240u);
    EXPECT_EQ(normalise_message(once), once) << text.substr(0, 20);
  }
}

TEST(Fingerprint, ThePlaceIsTheApplicationsOwnFrame) {
  EXPECT_EQ(place_of("Traceback (most recent call last):\n"
                     "  File \"/app/chat.py\", line 12, in ask\n    x()\n"
                     "  File \"/v/site-packages/openai/_client.py\", line 9, in post\n    y()\n"),
            "chat.py ask");
  EXPECT_EQ(place_of("Error: no\n    at ask (/app/server.js:10:5)\n    at main (/app/x.js:1:1)"),
            "server.js ask");
  EXPECT_EQ(place_of("Error: no\n    at /app/server.js:10:5"), "server.js");
  EXPECT_EQ(place_of("no stack at all"), "");
}

}  // namespace
}  // namespace catalejo::insight
