// Secrets: every format of formats.tsv, values that only look like one, and odd texts.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "detect/scanner.hpp"
#include "detect/secrets/formats.hpp"
#include "detect/secrets/secrets.hpp"
#include "detect/secrets/value.hpp"
#include "support/sample.hpp"

namespace catalejo::detect {
namespace {

const Scanner& scanner() {
  static const Scanner scanner({.pii = false});
  return scanner;
}

std::vector<std::string> found(std::string_view text) {
  std::vector<std::string> all;
  for (const Finding& finding : scanner().find(text))
    all.push_back(std::string(text.substr(finding.begin, finding.end - finding.begin)));
  return all;
}

TEST(Secrets, KnowsTwoHundredFormats) {
  std::set<std::string_view> ids, providers;
  for (const secrets::Format& format : secrets::formats().formats) {
    EXPECT_TRUE(ids.insert(format.id).second) << format.id;
    providers.insert(format.provider);
  }
  EXPECT_GE(ids.size(), 300u);
  EXPECT_GE(providers.size(), 200u);
}

// A keyword for each format, as the first of them in the file.
std::string keyword_of(std::size_t format) {
  const secrets::Formats& all = secrets::formats();
  for (std::size_t i = 0; i < all.keywords.size(); ++i)
    for (const std::uint16_t index : all.formats_of[i])
      if (index == format) return all.keywords[i];
  return {};
}

TEST(Secrets, FindsASampleOfEveryFormat) {
  const secrets::Formats& all = secrets::formats();
  std::mt19937 random(7);
  for (std::size_t i = 0; i < all.formats.size(); ++i) {
    const secrets::Format& format = all.formats[i];
    int hits = 0;
    for (int round = 0; round < 10; ++round) {
      const std::string sample = sample_of(format.pattern->pattern(), random);
      const bool word = format.kind == secrets::Kind::word || format.kind == secrets::Kind::ending;
      const std::string text =
          word ? fmt::format("{} = \"{}\"\n", keyword_of(i), sample) : "see " + sample + " there";
      for (const std::string& value : found(text))
        hits += sample.find(value) != std::string::npos || value.find(sample) != std::string::npos;
    }
    // Now and then chance makes an example of a sample ("abc123…").
    EXPECT_GE(hits, 7) << format.id;
  }
}

TEST(Secrets, LeavesExamplesAndPlaceholdersAlone) {
  for (const std::string_view text :
       {"aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "api_key = \"<your-key>\"",
        "api_key: YOUR_API_KEY_GOES_HERE",
        "token: xxxxxxxxxxxxxxxxxxxx",
        "password = ${DB_PASSWORD}",
        "password: {{ vault_password }}",
        "password=os.environ['X1']",
        "OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "postgres://user:password@localhost/db",
        "Authorization: Bearer <token>",
        "def login(password: str, token: str):",
        "password = getpass.getpass()",
        "the task-force met the risk-averse desk-sharing team",
        "input_tokens: 1234567890123456",
        "secret_name = projects/my-project/secrets/db-main/versions/latest",
        "token: 550e8400-e29b-41d4-a716-446655440000",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "see https://example.com/a?b=c&d=e",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q"})
    EXPECT_THAT(found(text), testing::IsEmpty()) << text;
}

TEST(Secrets, FindsThemWhereverTheyStand) {
  std::mt19937 random(3);
  const std::string key = sample_of("[0-9a-f]{32}", random);
  const std::string pat = sample_of("ghp_[A-Za-z0-9]{36}", random);
  for (const std::string& text :
       {fmt::format("AZURE_OPENAI_API_KEY={}", key),
        fmt::format("\"api-key\": \"x\"\nocp-apim-subscription-key: {}", key),
        fmt::format("my datadog api key is {}", key),
        fmt::format("os.environ[\"DD_API_KEY\"] = '{}'", key),
        fmt::format("<DatadogKey>{}</DatadogKey>", key)})
    EXPECT_THAT(found(text), testing::ElementsAre(key)) << text;
  for (const std::string& text :
       {pat, "x=" + pat + ";", "(" + pat + ")", "git clone https://" + pat + "@github.com/a/b",
        "{\\\"t\\\":\\\"a\\n" + pat + "\\\"}"})
    EXPECT_THAT(found(text), testing::Contains(testing::HasSubstr(pat))) << text;
  EXPECT_THAT(found("postgresql://app:s3cr3t-Pa55@db.internal:5432/x"),
              testing::ElementsAre("s3cr3t-Pa55"));
  EXPECT_THAT(found("Server=tcp:x;User ID=sa;Password=Tr0ub4dor&3x;"),
              testing::Contains(testing::StartsWith("Tr0ub4dor")));
  EXPECT_THAT(found("DB_PASSWORD: 'gT7#kq92!pLm'"), testing::ElementsAre("gT7#kq92!pLm"));
}

TEST(Secrets, FindsThemWithoutAnAssignment) {
  std::mt19937 random(5);
  const std::string hex = sample_of("[0-9a-f]{40}", random);
  const std::string mixed = sample_of("a7[A-Za-z0-9]{36}Z3", random);
  for (const std::string& text :
       {"mi token de acceso: " + hex, "api token → " + hex, "the cluster key " + mixed,
        "la clave 2 del recurso es " + hex, "key for the staging server: " + mixed,
        "{\"name\":\"APP_SECRET\",\"value\":\"" + hex + "\"}",
        "- name: APP_TOKEN\n  value: " + mixed, "https://x.example/v1?q=a&key=" + hex,
        "new AzureKeyCredential(\"" + hex + "\")", "run --api-token " + mixed,
        "AES key (hex): " + hex, "?auth=" + mixed, "add my key to the vault: " + hex,
        "\"OpenAI\": {\"Endpoint\": \"https://x\", \"Key\": \"" + hex + "\"}",
        "variable \"api_secret\" { default = \"" + mixed + "\" }"})
    EXPECT_EQ(found(text).size(), 1u) << text;
  for (const std::string& text : std::vector<std::string>{
           "cache key: " + hex, "\"key\": \"" + hex + "\"", "idempotency-key " + mixed,
           "commit " + hex, "monkey " + mixed, "GPG key " + hex,
           std::string("private_key: ed25519.Ed25519PrivateKey"),
           "the token bucket holds 1000 tokens of model-2024-11"})
    EXPECT_THAT(found(text), testing::IsEmpty()) << text;
  const std::string pair = sample_of("AKIA[A-Z2-7]{16}", random);
  EXPECT_THAT(found(pair + "," + mixed), testing::ElementsAre(pair, mixed));
  EXPECT_THAT(found(pair + " and " + hex), testing::ElementsAre(pair));  // a hash
}

TEST(Secrets, FindsPasswordsInCommandsCallsAndSentences) {
  for (const std::string_view text : {"mysql -h db -u root -pgT7kq92LmX shop",
                                      "redis-cli -h c -a gT7kq92LmX ping",
                                      "sshpass -p 'gT7kq92LmX' ssh web",
                                      "docker login -u ci -p gT7kq92LmX registry.example",
                                      "ldapsearch -x -D cn=a -w gT7kq92LmX -b dc=b",
                                      "smbclient //nas/x -U bob%gT7kq92LmX",
                                      "htpasswd -bc file bob gT7kq92LmX",
                                      "net use Z: \\\\nas\\x /user:bob gT7kq92LmX",
                                      "ConvertTo-SecureString \"gT7kq92LmX\" -AsPlainText",
                                      "login bob password gT7kq92LmX",
                                      "auth=(\"bob\", \"gT7kq92LmX\")",
                                      "user/pass: bob/gT7kq92LmX",
                                      "bindpw=gT7kq92LmX",
                                      "export SSHPASS=gT7kq92LmX",
                                      "the root pw is gT7kq92LmX",
                                      "password of the VPN: gT7kq92LmX",
                                      "usuario y contraseña del router: admin / gT7kq92LmX",
                                      "CREATE USER app IDENTIFIED BY 'gT7kq92LmX'",
                                      "ALTER LOGIN x WITH PASSWORD = N'gT7kq92LmX'",
                                      "sqlcmd -S srv -U sa -P gT7kq92LmX -Q x",
                                      "rabbitmqctl add_user svc gT7kq92LmX",
                                      "mongodump -u root -p gT7kq92LmX --out x",
                                      "<password>gT7kq92LmX</password>",
                                      "the password has been set to gT7kq92LmX",
                                      "tu contraseña temporal es «gT7kq92LmX»",
                                      "the password \"gT7kq92LmX\" works"})
    EXPECT_THAT(found(text), testing::ElementsAre("gT7kq92LmX")) << text;
  EXPECT_THAT(found("password: UaFrexAzjHGkw"), testing::ElementsAre("UaFrexAzjHGkw"));
  for (const std::string_view text :
       {"mysql -h db -p shop", "docker login -u ci -p \"$TOKEN\" x", "bypass: True2Form",
        "compass=N45E12xY", "password for new accounts: at least 12 characters",
        "clave foránea: pedido_2024_FK", "the first pass: 18/20Points ok", "pass: step_1_done",
        "reset password jo2@Acme.com", "password: getURLForDBPool"})
    EXPECT_THAT(found(text), testing::IsEmpty()) << text;
}

TEST(Secrets, ASpecificFormatNamesWhatAGenericOneFindsToo) {
  std::mt19937 random(9);
  const std::string text = "my key is " + sample_of("ghp_[A-Za-z0-9]{36}", random);
  const auto findings = scanner().find(text);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "github_pat");
}

TEST(Secrets, WhatIsFoundIsWholeCharacters) {
  const std::string replaced = "\xEF\xBF\xBD";
  std::size_t cut = 0;
  for (std::size_t count = 0; count < 32; ++count) {
    std::string text = "password=nfm_4:";
    for (std::size_t i = 0; i < count; ++i) text += replaced;
    text += "F:";
    for (std::size_t i = 0; i < 40; ++i) text += replaced;
    for (const Finding& finding : scanner().find(text)) {
      ++cut;
      const char next = finding.end < text.size() ? text[finding.end] : ' ';
      EXPECT_NE(static_cast<unsigned char>(next) & 0xC0U, 0x80U) << count;
    }
  }
  EXPECT_GT(cut, 0u);
}

TEST(Secrets, OwnPatternsAreChecked) {
  for (const char* bad : {"", "(", "a*", "(a)(b)", "(?=x)y", "\\1", "(((a{1000}){100}){100})"})
    EXPECT_FALSE(check_pattern({"x", bad})) << bad;
  EXPECT_TRUE(check_pattern({"x", "EMP-[0-9]{6}"}));
  const Scanner own({.pii = false, .secrets = false, .own = {{"employee", "EMP-([0-9]{6})"}}});
  const auto findings = own.find("EMP-123456 EMP-1");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].begin, 4u);
  EXPECT_EQ(findings[0].end, 10u);
  EXPECT_EQ(findings[0].rule, "employee");
}

TEST(Secrets, NestedQuantifiersStayLinear) {
  const Scanner own({.own = {{"bait", "(?:a+)+b"}, {"more", "(?:x|xx|xxx)*y"}}});
  own.find(std::string(1 << 20, 'a'));
  own.find(std::string(1 << 20, 'x'));
}

TEST(Secrets, EntropyIsBitsAByte) {
  EXPECT_DOUBLE_EQ(secrets::entropy_of("aaaa"), 0);
  EXPECT_DOUBLE_EQ(secrets::entropy_of("abcd"), 2);
  EXPECT_DOUBLE_EQ(secrets::entropy_of(""), 0);
}

}  // namespace
}  // namespace catalejo::detect
