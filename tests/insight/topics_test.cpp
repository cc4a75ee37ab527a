// Words, topics and their names: of sentences a person would sort the same way.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "insight/topics/report.hpp"
#include "insight/topics/topics.hpp"
#include "insight/topics/words.hpp"

namespace catalejo::insight::topics {
namespace {

std::vector<std::string> folded(std::string_view text) {
  std::vector<std::string> words;
  for (const Word& word : words_of(text))
    if (!word.stop) words.push_back(word.folded);
  return words;
}

TEST(Words, FoldCaseAccentsAndPlurals) {
  EXPECT_EQ(folded("The ORDERS of Ñandú"), (std::vector<std::string>{"order", "ñandu"}));
  EXPECT_EQ(folded("facturaciones, FACTURACIÓN"),
            (std::vector<std::string>{"facturacion", "facturacion"}));
  EXPECT_EQ(folded("Пароль ПАРОЛЬ"), (std::vector<std::string>{"пароль", "пароль"}));
  EXPECT_EQ(folded("don't cry, l\u2019\u00e9t\u00e9"), (std::vector<std::string>{"cry", "lete"}));
}

TEST(Words, LeaveNumbersAndKeysOut) {
  EXPECT_EQ(folded("order 12345 of 2026-11-26 ABC-99"), (std::vector<std::string>{"order", "abc"}));
  EXPECT_TRUE(folded(std::string(200, 'x')).empty());
}

TEST(Words, TakeChineseByPairs) {
  EXPECT_EQ(folded("退款申请"), (std::vector<std::string>{"退款", "款申", "申请"}));
}

TEST(Words, SurviveBytesThatAreNoText) {
  for (const std::string_view text :
       {"\xff\xfe", "a\xc3", "\xe2\x82", "\xf0\x9f\x98\x80 hola", "\xed\xa0\x80", "\x80\x80"}) {
    for (const Word& word : words_of(text)) {
      EXPECT_LE(word.begin, word.end);
      EXPECT_LE(word.end, text.size());
    }
  }
}

TEST(Words, PairsReachOverStopWordsButNotOverSigns) {
  const auto pairs = [](std::string_view text) {
    std::vector<std::string> found;
    for (const Feature& feature : features_of(text))
      if (feature.kind == FeatureKind::pair)
        found.emplace_back(text.substr(feature.begin, feature.end - feature.begin));
    return found;
  };
  EXPECT_EQ(pairs("cambio de la contraseña"),
            (std::vector<std::string>{"cambio de la contraseña"}));
  EXPECT_TRUE(pairs("password. Invoice").empty());
}

struct Labelled {
  std::vector<std::string> texts;
  std::vector<int> labels;
};

// Each label has its own openings and ends: sentences of one topic share some words, never all.
Labelled sentences(std::size_t each) {
  const std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> kTopics = {
      {{"where is my order", "track the order I placed", "my order has not arrived"},
       {"it was due on monday", "the tracking number shows nothing", "the courier lost it"}},
      {{"I forgot my password", "reset the password of my account", "password reset link expired"},
       {"and I cannot log in", "the login page rejects me", "my account is locked"}},
      {{"quiero cancelar mi suscripción", "cómo cancelo la suscripción", "baja de la suscripción"},
       {"antes de la renovación", "no quiero pagar otro mes", "y que no se renueve"}},
      {{"necesito la factura de marzo", "la factura trae mal el NIF", "no me llega la factura"},
       {"para contabilidad", "con los datos fiscales correctos", "el importe está mal"}},
  };
  Labelled made;
  for (std::size_t i = 0; i < each; ++i) {
    for (std::size_t t = 0; t < kTopics.size(); ++t) {
      const auto& [first, second] = kTopics[t];
      made.texts.push_back(first[i % first.size()] + " " + second[i / 3 % second.size()] + " " +
                           std::to_string(1000 + i));
      made.labels.push_back(static_cast<int>(t));
    }
  }
  return made;
}

TEST(Topics, AreThoseOfTheSentencesAndNamedByThem) {
  Labelled given = sentences(40);
  for (const char* stray : {"recite hamlet backwards", "zyx wvu tsr", "¿cuántos planetas hay?"}) {
    given.texts.emplace_back(stray);
    given.labels.push_back(-1);
  }
  const Found found = find_topics(given.texts, {}, {});
  std::map<int, std::map<int, int>> labels_of;
  for (std::size_t i = 0; i < given.texts.size(); ++i) {
    if (given.labels[i] < 0) {
      EXPECT_EQ(found.now[i], kNoGroup) << given.texts[i];
    } else {
      ++labels_of[found.now[i]][given.labels[i]];
    }
  }
  EXPECT_FALSE(labels_of.contains(kNoGroup));
  for (const auto& [topic, labels] : labels_of) EXPECT_EQ(labels.size(), 1u) << topic;
  std::string names;
  for (const auto& phrases : found.names) {
    EXPECT_FALSE(phrases.empty());
    for (const std::string& phrase : phrases) names += phrase + "|";
  }
  for (const char* word : {"order", "password", "suscripción", "factura"})
    EXPECT_NE(names.find(word), std::string::npos) << word << " in " << names;
}

TEST(Topics, AreTheSameEachTime) {
  const Labelled given = sentences(30);
  const Found one = find_topics(given.texts, {}, {}), other = find_topics(given.texts, {}, {});
  EXPECT_EQ(one.now, other.now);
  EXPECT_EQ(one.names, other.names);
}

TEST(Topics, DoNotComeFromATemplateAroundTheQuestion) {
  Labelled given = sentences(30);
  for (std::string& text : given.texts)
    text = "You answer for the shop of sails and ropes.\nBe short and polite.\n" + text;
  const Found found = find_topics(given.texts, {}, {});
  for (const auto& phrases : found.names)
    for (const std::string& phrase : phrases) {
      EXPECT_EQ(phrase.find("sails"), std::string::npos);
      EXPECT_EQ(phrase.find("polite"), std::string::npos);
    }
  std::map<int, int> label_of;
  for (std::size_t i = 0; i < given.texts.size(); ++i) {
    const auto [entry, made] = label_of.try_emplace(found.now[i], given.labels[i]);
    EXPECT_EQ(entry->second, given.labels[i]) << given.texts[i];
  }
}

TEST(Topics, OfNothingOrOfOneTextAreNone) {
  EXPECT_TRUE(find_topics({}, {}, {}).names.empty());
  EXPECT_TRUE(find_topics({"hello"}, {"hello"}, {}).names.empty());
  EXPECT_TRUE(find_topics({"", " ", "the of and"}, {}, {}).names.empty());
}

TEST(Topics, EndWhenNobodyWaits) {
  const Labelled given = sentences(60);
  Work work;
  work.stopped = [] { return true; };
  EXPECT_EQ(find_topics(given.texts, given.texts, work).now.size(), given.texts.size());
}

TEST(Topics, FallBackToWordsWhenTheModelFails) {
  const Labelled given = sentences(30);
  Work work;
  work.embed = [](const std::vector<std::string>&, const Stopped&) {
    return Result<Matrix>(Error{Code::timeout, "no answer within 30 s", ""});
  };
  const Found found = find_topics(given.texts, {}, work);
  ASSERT_TRUE(found.embedding_error);
  EXPECT_EQ(found.now, find_topics(given.texts, {}, {}).now);
}

TEST(Topics, ComeFromTheVectorsOfTheModel) {
  const Labelled given = sentences(30);
  Work work;
  // A model that knows the languages of the sentences and nothing else.
  work.embed = [&](const std::vector<std::string>& texts, const Stopped&) -> Result<Matrix> {
    Matrix rows(texts.size(), 3);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const bool spanish = texts[i].find("suscripción") != std::string::npos ||
                           texts[i].find("factura") != std::string::npos;
      rows.row(i)[spanish ? 0 : 1] = 1;
      rows.row(i)[2] = 0.1F;
    }
    return rows;
  };
  const Found found = find_topics(given.texts, {}, work);
  EXPECT_FALSE(found.embedding_error);
  EXPECT_EQ(found.names.size(), 2u);
}

Sample sample_of(const std::vector<std::string>& texts) {
  Sample sample{.calls = {}, .total = texts.size()};
  for (const std::string& text : texts) {
    const std::uint64_t number = sample.calls.size() + 1;
    sample.calls.push_back({.trace_id = {0, number},
                            .span_id = {number},
                            .duration_ns = 1'000'000,
                            .text = text,
                            .tokens = 10,
                            .judged = 1});
  }
  return sample;
}

TEST(Report, CountsWhatBelongsToATopicAndWhatIsNew) {
  const Labelled now = sentences(40);
  Labelled before = now;
  // Nobody asked about invoices.
  for (std::size_t i = 0; i < before.texts.size(); ++i)
    if (before.labels[i] == 3) before.texts[i] = now.texts[i - 1];
  Sample sample = sample_of(now.texts);
  sample.calls.push_back({.trace_id = {0, 9'999}, .span_id = {9'999}, .text = " \n"});
  ++sample.total;
  const Report report = report_of(sample, sample_of(before.texts), {});
  EXPECT_EQ(report.looked_at, 161u);
  EXPECT_EQ(report.without_text, 1u);
  std::uint64_t calls = report.others.now.sums.calls, judged = 0;
  bool appeared = false;
  for (const Topic& topic : report.topics) {
    calls += topic.now.sums.calls;
    judged += topic.judged_now.calls;
    EXPECT_FALSE(topic.examples.empty());
    EXPECT_EQ(topic.spans.size(), topic.now.sums.calls);
    const bool invoices = topic.examples[0].text.find("factura") != std::string::npos;
    if (!invoices) continue;
    appeared = true;
    EXPECT_EQ(topic.trend, Trend::appeared);
    EXPECT_EQ(topic.before.sums.calls, 0u);
  }
  EXPECT_TRUE(appeared);
  EXPECT_EQ(calls, 160u);
  EXPECT_EQ(judged + report.others.judged_now.calls, 160u);
}

}  // namespace
}  // namespace catalejo::insight::topics
