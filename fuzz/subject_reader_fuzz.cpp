// Bytes in place of the documents of a stored span: every evaluator judges whatever is read, and
// what it finds lies within the text it names.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evaluate/registry.hpp"
#include "evaluate/subject_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catalejo;
  if (size == 0) return 0;
  constexpr std::string_view kKinds[] = {"llm", "tool", "retrieval", "embedding", "workflow"};
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  query::SpanRow row;
  row.half = 1;
  row.kind = kKinds[data[0] % 5];
  for (std::string_view* part :
       {&row.input, &row.output, &row.metadata, &row.extra, &row.error_message}) {
    *part = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), part->size() + 1));
  }
  row.error = !row.error_message.empty();
  static evaluate::SubjectReader reader;
  const evaluate::Subject& subject = reader.read(row);
  std::vector<evaluate::Verdict> verdicts;
  for (const evaluate::Evaluator* each : evaluate::evaluators()) each->judge(subject, verdicts);
  for (const evaluate::Verdict& verdict : verdicts) {
    for (const evaluate::Finding& finding : verdict.findings) {
      if (finding.begin > finding.end) std::abort();
      bool within = finding.end == 0;
      for (const evaluate::Text& text : subject.texts)
        within = within || (text.side == finding.side && text.message == finding.message &&
                            finding.end <= text.text.size());
      if (!within) std::abort();
    }
  }
  return 0;
}
