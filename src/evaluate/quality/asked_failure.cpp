#include "evaluate/quality/asked_failure.hpp"

#include <algorithm>
#include <array>

#include "evaluate/quality/answer_phrases.hpp"
#include "evaluate/text/phrases.hpp"
#include "evaluate/text/sentences.hpp"

namespace catalejo::evaluate {
namespace {

// Whoever asks for a letter, a scene or a translation may get a refusal as the answer.
bool asks_for_text(std::string_view request) {
  static const PhraseSet kAsks = [] {
    static constexpr std::array<std::string_view, 3> kTexts = {
        "(write|draft|compose|translate|rewrite|rephrase|paraphrase|proofread|polish|reply to|"
        "respond to|summari[sz]e|correct|how (do|should|can|would) (you|i|we) "
        "(say|word|phrase|put|tell|decline|refuse|reply|answer)|role-?play|pretend|"
        "template|more (politely|formal|formally|polite)|what does~mean|repeat after|fix the "
        "grammar)",
        "(redacta|redactame|escribe|escribeme|traduce|traduceme|traducir|reescribe|parafrasea|"
        "corrige|resume|resumeme|como (se lo |le |les |lo "
        ")?(digo|diria|redacto|rechazo|contesto|respondo)|como se dice|responde a|contesta "
        "a|plantilla|mejora|haz una carta|"
        "dialogo|dilo|mas (educad[oa]|formal|amable))",
        "(email|e-mail|complaint|letter|message|story|poem|dialogue|script|scene|song|correo|carta|"
        "mensaje|"
        "cuento|poema|guion|escena|cancion|relato)"};
    return PhraseSet(kTexts);
  }();
  return kAsks.finds(request);
}

bool asks_for_art(std::string_view request) {
  static const PhraseSet kArt = phrase_of(
      "(poems?|haikus?|limericks?|verses?|sonnets?|stor(y|ies)|tales?|dialogues?|scenes?|lyrics|"
      "songs?|monologues?|jokes?|sketch|poemas?|versos?|sonetos?|cuentos?|microcuentos?|relatos?|"
      "microrrelatos?|dialogos?|escenas?|cancion(es)?|monologos?|chistes?|coplas?|fabulas?)");
  return kArt.finds(request);
}

// "Reply to: sorry, we cannot come"
bool cites_a_failure(std::string_view request) {
  return std::ranges::any_of(speech_in(request), [](const SpeechHit& hit) {
    return hit.speech == Speech::refusal || hit.speech == Speech::no_content ||
           hit.speech == Speech::apology;
  });
}

bool begins_composed(std::string_view answer) {
  static const PhraseSet kBegins = [] {
    static constexpr std::array<std::string_view, 2> kTexts = {
        "^[*# "
        "]{0,4}(subject|asunto|dear|hi|madam|sir|hello|hey|hola|estimad[oa]s?|querid[oa]|title|"
        "titulo|"
        "thanks|thank you|gracias|muchas gracias|sure|certainly|of course|here|claro|aqui|por "
        "supuesto|draft|borrador|to|re|para)",
        "^[\"'*>]"};
    return PhraseSet(kTexts);
  }();
  return kBegins.finds(answer.substr(0, 80));
}

// Verses, or who speaks before what is said.
bool is_verse_or_talk(std::string_view answer) {
  constexpr std::size_t kSpeakerMax = 24;
  const std::string_view text = trimmed(answer);
  const std::size_t colon = text.substr(0, kSpeakerMax).find(": ");
  return std::ranges::count(text, '\n') >= 2 || text.starts_with('-') || text.starts_with("—") ||
         (colon != std::string_view::npos && text.find('\n') != std::string_view::npos);
}

// "What did the customer say?"
bool asks_for_words(std::string_view request) {
  static const PhraseSet kWords = phrase_of(
      "(what|which|quote|que|cita|cual)~(said|say|says|wrote|write|writes|reply|replied|answer|"
      "answered|words?|dijo|dice|escribio|escribe|contesto|respondio|puso|frase|palabras)");
  return kWords.finds(request);
}

bool says_yes_or_no(std::string_view answer) {
  static const PhraseSet kNo = phrase_of(
      R"x(^[^a-z]*((sorry|lo siento|perdona),? )?(no|yes|si|not|nope|none|nobody|i do|i am|it is|it isn'?t|it is not|it (does|did|has|can|will)(n'?t)?|no lo (es|parece|creo|esta)|no es as[i])[,.;:!])x");
  return kNo.finds(answer.substr(0, 40));
}

// "We don't have any milk left": of a shop, and not of what is known.
bool tells_of_stock(std::string_view answer) {
  static const PhraseSet kHas = phrase_of(
      "^(sorry,? |unfortunately,? )?(we (don'?t|do not) have|we have no|we haven'?t got|no "
      "(tenemos|"
      "nos quedan?|disponemos de))");
  static const PhraseSet kKnown = phrase_of(
      "(information|info|data|details?|records?|access|answers?|idea|visibility|knowledge|results?|"
      "informacion|datos?|detalles?|registros?|acceso|respuestas?|constancia|conocimiento|"
      "resultados?|permisos?)");
  return kHas.finds(answer) && !kKnown.finds(answer);
}

// "Are you able to see me?"
bool asks_of_itself(std::string_view request) {
  static const PhraseSet kItself = phrase_of(
      "^[^a-z]*(are you|do you (have|keep|store|remember|use|feel|think|speak|learn|like)|did you|"
      "were you|have you|can you "
      "(remember|feel|think|learn|speak|hear|dream)|eres|tienes|recuerdas|"
      "te acuerdas|guardas|usas|puedes (recordar|sentir|pensar|hablar))");
  return kItself.finds(request);
}

bool says_of_itself(std::string_view answer) {
  static const PhraseSet kItself = phrase_of(
      "(i|i'm|i'd|i'll|i've|me|my|this "
      "(assistant|bot|chat)|here|yo|puedo|podemos|tengo|estoy|soy|"
      "mi|mis|encuentro|veo|este (asistente|chat|bot)|aqui)");
  return kItself.finds(answer);
}

// "No.": and no failure in that sentence.
bool answers_whether(std::string_view answer) {
  if (!says_yes_or_no(answer)) return false;
  const std::vector<std::string_view> all = sentences(answer);
  if (all.empty()) return false;
  const std::string_view first = all.front();
  return !says_of_itself(first.size() > 30 ? answer : first);
}

}  // namespace

bool asks_whether(std::string_view request) {
  static const PhraseSet kEnglish = phrase_of(
      "^[^a-z]*((hi|hello|hey|so|and|but|ok|sorry|please)[ ,!.]{1,3})?(is|are|was|were|do|does|did|"
      "has|have|had|can|could|will|would|should|must|may|might|am|isn'?t|aren'?t|don'?t|doesn'?t|"
      "didn'?t|any)");
  static const PhraseSet kPlea = phrase_of(
      "^[^a-z]*((hi|hello|hey|so|and|but|ok|please)[ ,!.]{1,3})?((can|could|will|would) (you|u)|"
      "(me |nos )?(puedes?|podrias?|podeis|podes|puede usted))");
  static const PhraseSet kWhich = phrase_of(
      "^[^a-z]*((y|pero|entonces|hola|buenas|oye|perdona)[ ,!.]{1,3})?((a|de|en|por|para|con|desde|"
      "hasta|sobre|segun) )?(que|quien|quienes|cual|cuales|como|cuando|cuant[oa]s?|donde|adonde|"
      "who|what|which|whose|whom|when|where|why|how)");
  if (kPlea.finds(request)) return false;
  if (kEnglish.finds(request)) return true;
  const std::size_t open = request.find("\xc2\xbf");
  if (open == std::string_view::npos) return false;
  const std::string_view question = request.substr(open);
  return !kWhich.finds(question) && !kPlea.finds(question);
}

// Whom to ask may be just what was asked; whoever asks whether something may be done or is there
// gets "it is not allowed" and "none were found" as answers, when they are not said of the
// assistant.
bool is_asked_for(Reading reading, const Exchange& exchange) {
  struct Asks {
    PhraseSet contact, contact_ways, place, permission, existence, mention, failure;
  };
  static const Asks kAsks{
      phrase_of(
          "(who|whom|a quien|con quien|where|donde)~(ask|contact|call|report|complain|reach|write|"
          "send|apply|turn to|pregunto|preguntar|contacto|contactar|llamo|llamar|informo|informar|"
          "reclamo|reclamar|escribo|escribir|dirijo|acudo|aviso)"),
      phrase_of(
          "(how|which|como|que)~(contact|call|reach|book|write|reserve|doctor|number|contacto|"
          "contactar|llamo|llamar|reservo|reservar|escribo|medico|telefono)"),
      phrase_of("(where (can|do|could|should) (i|we)|donde (puedo|podemos|se|encuentro|veo|esta la "
                "opcion)|"
                "who (can|may|must|should|is allowed|approves|decides|handles|signs)|"
                "quien (puede|debe|aprueba|decide|lleva|autoriza|firma|tramita))"),
      phrase_of(
          "^[^a-z]*(can|could|may|must|should|do|am|is|are|does) "
          "(i|we|one|people|guests|customers|it|there|this|that|the|refunds?|[a-z]+s)|^[^a-z]*("
          "puedo|"
          "podemos|se puede|se pueden|puede uno|esta permitido|es posible|es legal|debo|necesito|"
          "tengo que)"),
      phrase_of("^[^a-z]*(any|are there|is there|do (i|we) have|hay|existe|existen|tengo|tenemos)"),
      phrase_of(
          "(mention|mentions|mentioned|say|says|state|states|stated|include|includes|contain|"
          "contains|list|lists|listed|appear|appears|cover|covers|menciona|mencionan|dice|dicen|"
          "pone|recoge|recogen|incluye|incluyen|aparece|aparecen|figura|consta|contiene|habla)"),
      phrase_of(
          "(why|what|explain|mean|means|por "
          "que|que|explica|explicame|significa|causa|log)~(errors?|fail|"
          "fails|failed|failing|failure|crash|crashes|crashed|exception|timeout|broken|falla|"
          "fallan|"
          "fallo|fallado|fallos|errores|excepcion|incidencia|se cae|caida|rejected|rechazaron|"
          "rechazado|rechazada)")};
  const std::string_view request = exchange.request, answer = exchange.spoken;
  const bool whether = asks_whether(request);
  if (whether && (answers_whether(answer) || tells_of_stock(answer))) return true;
  if (asks_of_itself(request) && says_yes_or_no(answer)) return true;
  if (reading == Reading::redirect)
    return kAsks.contact.finds(request) || kAsks.place.finds(request) ||
           (kAsks.contact_ways.finds(request) &&
            (answer.find_first_of("0123456789") != std::string_view::npos ||
             answer.find('@') != std::string_view::npos));
  const bool cited = trimmed(exchange.words).starts_with('"');
  if (cited && asks_for_words(request)) return true;
  if (says_of_itself(answer)) return false;
  if (reading == Reading::refusal) return kAsks.permission.finds(request);
  return reading == Reading::no_content &&
         (kAsks.failure.finds(request) || kAsks.existence.finds(request) ||
          (whether && kAsks.mention.finds(request)));
}

bool is_composed(Reading reading, const Exchange& exchange) {
  constexpr std::size_t kAskedMax = 2'000;
  const std::string_view asked = exchange.request.substr(0, kAskedMax);
  if (reading != Reading::refusal || exchange.words.find('\n') != std::string_view::npos)
    if (asks_for_art(asked) && is_verse_or_talk(exchange.words)) return true;
  return asks_for_text(asked) &&
         (begins_composed(exchange.spoken) || cites_a_failure(exchange.request));
}

}  // namespace catalejo::evaluate
