#include "insight/topics/stop_words.hpp"

#include <algorithm>
#include <array>

namespace catalejo::insight::topics {
namespace {

// English and Spanish, folded as words_of() folds, sorted: articles, pronouns, auxiliary verbs, and
// what politeness puts around a request.
constexpr auto kStopWords = std::to_array<std::string_view>({
    "a",        "about",   "above",    "after",    "again",   "al",      "algo",    "alguien",
    "algun",    "alguna",  "algunas",  "alguno",   "algunos", "all",     "also",    "am",
    "an",       "and",     "ante",     "antes",    "any",     "aqui",    "are",     "aren",
    "arent",    "as",      "asi",      "at",       "aun",     "aunque",  "ay",      "ayuda",
    "ayudame",  "ayudar",  "be",       "because",  "been",    "before",  "being",   "below",
    "between",  "bien",    "both",     "buen",     "buena",   "buenas",  "bueno",   "buenos",
    "but",      "by",      "cada",     "can",      "cannot",  "cant",    "como",    "con",
    "contra",   "cosa",    "cosas",    "could",    "couldnt", "cual",    "cuales",  "cuando",
    "cuanta",   "cuanto",  "cuantos",  "da",       "dame",    "dar",     "de",      "del",
    "dentro",   "desde",   "despues",  "dia",      "dias",    "did",     "didnt",   "dime",
    "do",       "does",    "doesnt",   "doing",    "donde",   "dont",    "dos",     "down",
    "during",   "e",       "each",     "el",       "ella",    "ellas",   "ello",    "ellos",
    "else",     "en",      "entonces", "entre",    "era",     "eran",    "eres",    "es",
    "esa",      "esas",    "ese",      "eso",      "esos",    "esta",    "estaba",  "estado",
    "estamos",  "estan",   "estar",    "estas",    "este",    "esto",    "estos",   "estoy",
    "ever",     "favor",   "few",      "fin",      "for",     "from",    "fue",     "fueron",
    "further",  "get",     "give",     "go",       "going",   "got",     "gracias", "gustaria",
    "ha",       "hace",    "hacen",    "hacer",    "hacia",   "had",     "hago",    "han",
    "has",      "hasnt",   "hasta",    "have",     "havent",  "having",  "hay",     "haya",
    "he",       "hello",   "help",     "hemos",    "her",     "here",    "hers",    "hey",
    "hi",       "him",     "his",      "hola",     "how",     "however", "hoy",     "i",
    "id",       "if",      "ill",      "im",       "in",      "into",    "is",      "isnt",
    "it",       "its",     "ive",      "just",     "know",    "la",      "las",     "le",
    "les",      "let",     "lets",     "like",     "lo",      "los",     "luego",   "make",
    "many",     "mas",     "may",      "me",       "mi",      "mia",     "mias",    "mientras",
    "might",    "mio",     "mis",      "misma",    "mismo",   "more",    "most",    "much",
    "mucha",    "muchas",  "mucho",    "muchos",   "must",    "muy",     "my",      "nada",
    "necesito", "need",    "ni",       "ninguna",  "ninguno", "no",      "nor",     "nos",
    "nosotros", "not",     "now",      "nuestra",  "nuestro", "nunca",   "o",       "of",
    "off",      "ok",      "okay",     "on",       "once",    "one",     "only",    "or",
    "os",       "other",   "otra",     "otras",    "otro",    "otros",   "our",     "ours",
    "out",      "over",    "own",      "para",     "pero",    "please",  "poco",    "podeis",
    "podemos",  "poder",   "podria",   "podrias",  "por",     "porfa",   "porque",  "pronto",
    "puede",    "pueden",  "puedes",   "puedo",    "pues",    "que",     "quien",   "quienes",
    "quiere",   "quieren", "quiero",   "quisiera", "quite",   "really",  "saber",   "said",
    "same",     "say",     "se",       "sea",      "see",     "segun",   "ser",     "shall",
    "she",      "should",  "shouldnt", "si",       "sido",    "siempre", "sin",     "so",
    "sobre",    "sois",    "solo",     "some",     "son",     "soy",     "su",      "such",
    "sus",      "suya",    "suyo",     "tal",      "tambien", "tan",     "tanto",   "te",
    "tell",     "tendria", "tener",    "tengo",    "than",    "thank",   "thanks",  "that",
    "thats",    "the",     "their",    "them",     "then",    "there",   "these",   "they",
    "thing",    "this",    "those",    "through",  "ti",      "tiene",   "tienen",  "tienes",
    "to",       "toda",    "todas",    "todavia",  "todo",    "todos",   "too",     "tu",
    "tus",      "tuve",    "un",       "una",      "unas",    "under",   "uno",     "unos",
    "until",    "up",      "upon",     "us",       "use",     "usted",   "ustedes", "va",
    "vale",     "vamos",   "van",      "very",     "vez",     "voy",     "want",    "wanted",
    "was",      "wasnt",   "way",      "we",       "well",    "were",    "werent",  "what",
    "whats",    "when",    "where",    "whether",  "which",   "while",   "who",     "whom",
    "whose",    "why",     "will",     "with",     "without", "won",     "wont",    "would",
    "wouldnt",  "y",       "ya",       "yes",      "yet",     "yo",      "you",     "your",
    "youre",    "yours",
});
static_assert(std::ranges::is_sorted(kStopWords));

}  // namespace

bool is_stop_word(std::string_view folded) {
  return std::ranges::binary_search(kStopWords, folded);
}

}  // namespace catalejo::insight::topics
