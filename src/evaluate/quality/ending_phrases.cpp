#include "evaluate/quality/ending_phrases.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "evaluate/text/citation.hpp"
#include "evaluate/text/fold.hpp"
#include "evaluate/text/phrases.hpp"
#include "evaluate/text/sentences.hpp"

namespace catalejo::evaluate {
namespace {

enum class Sign : std::uint8_t {
  thanks,
  complaint,
  persists,  // a complaint in a question too: "why is it still broken?"
  gives_up,
  told_of,  // of others
  supposed,
};

struct Phrase {
  Sign sign;
  std::string_view text;
};

using enum Sign;

// Each is looked for in one sentence.
// clang-format off
constexpr Phrase kPhrases[] = {
    // --- English ---
    Phrase{thanks, R"x((thanks|thank you|thank u|thx|tysm|many thanks|much appreciated|appreciate (it|that|your)|i appreciate))x"},
    Phrase{thanks, R"x(^(oh |ah |ok |okay |yes |yeah |that'?s |it'?s |now it'?s )?,? ?(ty|cheers|perfect|great|excellent|awesome|brilliant|wonderful|fantastic|amazing|super|lovely|nice|sweet|beautiful|cool|exactly|got it|understood))x"},
    Phrase{thanks, R"x((it|that|this|everything|all)( one)?('?s| is| has)?( now| all| finally| already)? (works?|worked|working|helped|helps|fixed|solved|resolved|sorted|did it|did the trick|does it|answers it|explains it|clears it up|is clear))x"},
    Phrase{thanks, R"x((that|this|it) (fixed|solved|answered|answers|explains|cleared|resolved|was) (it|everything|the (problem|issue|error)|my (question|problem|issue)|exactly))x"},
    Phrase{thanks, R"x((problem|issue|error|bug|warning)( is| has| was)?( now)? (gone|solved|fixed|resolved|disappeared|sorted))x"},
    Phrase{thanks, R"x((no|not any) (more|further|other) (questions?|problems?|issues?|errors?))x"},
    Phrase{thanks, R"x((doesn'?t|does not|don'?t|no longer) (fail|fails|crash|crashes|break|breaks|happen|happens)( any ?more)?$)x"},
    Phrase{thanks, R"x((that'?s|that is|that was|this is|exactly) (all|exactly|just|precisely|what) (i|what|we) ?(i |we )?(need|needed|want|wanted|was))x"},
    Phrase{thanks, R"x((that'?s all|all good|all set|all clear|all done|problem solved|works (now|again|fine|well|great|perfectly)|(up|back) and running|you('re| are) (the best|great|a star|amazing)|(made|saved) my (day|life|time)|(great|good|big|huge) help|very helpful|i see it now|now i (see|get|understand))( it)?)x"},
    Phrase{complaint, R"x((not|isn'?t|wasn'?t) (at all |really |exactly |quite )?what i('m| am| was|'ve| have)? ?(asked|ask|asking|wanted|want|meant|mean|need|needed|said|looking|after|expected|requested))x"},
    Phrase{complaint, R"x((that'?s|thats|that is|this is|it'?s|it is|you'?re|you are|your answer is|all of this is)( just| so| simply| completely| totally| plain| still| really| not| quite)* (wrong|incorrect|right at all|not right|not correct|not true|not helpful|useless|nonsense|ridiculous|terrible|garbage|rubbish|broken|unacceptable|pointless|a waste|frustrating|annoying|not an answer|not the answer|outdated|false))x"},
    Phrase{complaint, R"x((got|have|had|understood|read) (it|that|me|this|my question) (all |completely )?wrong)x"},
    Phrase{complaint, R"x((you )?(misunderst(ood|and)|misread))x"},
    Phrase{complaint, R"x(^(no,? )?(wrong|incorrect|useless|not (helpful|right|correct|true|working|fixed|solved)|false|nope))x"},
    Phrase{complaint, R"x((doesn'?t|does not|didn'?t|did not|won'?t|hasn'?t|has not|haven'?t|isn'?t|not|never)( really| even| actually| been)* (work|help|helping|helped|working|worked|solve|solved|fix|fixed|answer|answered|answering|change|changed|do) ?(anything|it|a thing|that|this|what|me|my|the|for|either|at all)?)x"},
    Phrase{complaint, R"x((the |exact |exactly |very )*same (error|problem|issue|result|thing|message|answer|outcome|behaviou?r|way))x"},
    Phrase{complaint, R"x(nothing (happens|happened|changed|changes|works|worked|helps|helped|has changed|is (fixed|different)))x"},
    Phrase{complaint, R"x(i('ve| have)? (already|just|literally) (said|told|tried|did|done|explained|mentioned|wrote|asked|written))x"},
    Phrase{complaint, R"x(i (told|said|asked) (you|that|for|already))x"},
    Phrase{complaint, R"x(i('ve| have)? (tried|done|did|followed) (that|this|it|all|everything|exactly))x"},
    Phrase{complaint, R"x(you('re| are| do| keep|'ve| have)?( not|n'?t| never)? (listening|understanding|understand|getting (it|me|this)|get it|answering|repeating|helping|giving me|ignoring|going in circles|reading|read what))x"},
    Phrase{complaint, R"x((read|listen to|look at) (my|the) (question|message|request|problem))x"},
    Phrase{complaint, R"x((wrong (answer|again|one|thing)|(not|no) (any )?(helpful|use|help) ?(at all)?$|makes? no sense|(doesn'?t|does not) make (any )?sense|waste of (my )?time|wasting my time|frustrat(ing|ed)|(are you|you must be) (kidding|joking)))x"},
    Phrase{complaint, R"x((there is|there'?s|there are|i have|i see|i find) no such)x"},
    Phrase{complaint, R"x(i (can'?t|cannot|can not|don'?t|do not|couldn'?t) (find|see|locate|have|get) (that|this|it|any|the|such|anything|a|one))x"},
    Phrase{complaint, R"x((doesn'?t|does not|don'?t|do not) (exist|seem to exist|show up|appear))x"},
    Phrase{complaint, R"x((isn'?t|aren'?t|is not|are not) (there|available here|in (the|my|that)))x"},
    Phrase{complaint, R"x((gives?|get|returns?|shows?|is)( me)?( an?)? (404|error|dead|broken|not found))x"},
    Phrase{complaint, R"x(((it|that|this|everything|things)( even)?( has| has even| is| have)? ?(got|gotten|became|made it|made things|made everything)?( even| much| only)? worse))x"},
    Phrase{complaint, R"x((it|that|this)( just| simply| always| also)? (fails|failed|crashes|crashed|breaks|broke)( again| too| as well| the same| in the same|$))x"},
    Phrase{persists, R"x(still (not|no|doesn'?t|does not|isn'?t|is not|won'?t|can'?t|cannot|don'?t|broken|failing|fails|failed|the same|wrong|having|getting|get|have|has|shows?|showing|see|seeing|happens?|happening|crashes|stuck|says?|an?|missing|open|unclear|waiting))x"},
    Phrase{gives_up, R"x((forget (about )?(it|this|that)|never ?mind|(i )?give up|i'?m (done|out of here|leaving)|leave it|drop it|no use|hopeless|pointless|leads? nowhere|going nowhere))x"},
    Phrase{gives_up, R"x(i('ll| will|'d| would|'m| am)?( rather| just| going to| better| have to)* (do|figure|fix|solve|find|sort|work|ask|call|phone|contact|look|go|try|write to|use|google)( it| this| that)?( out)? ?(myself|by myself|by hand|manually|elsewhere|somewhere else|somebody else|someone else|another|on my own|support|customer|the (hotline|support|help ?desk|office)|them))x"},
    Phrase{gives_up, R"x((talk|speak|chat|connect|transfer|put|pass)( me)?( through)? (to|with|through to)( a| an| some| your| the| somebody| someone| one)*( real| live| actual| human)* ?(human|person|people|agent|representative|someone|somebody|real|employee|support|operator|staff|customer|manager|supervisor|colleague))x"},
    Phrase{gives_up, R"x((want|need|get|give|prefer)( me)? an?( real| live| actual)* (human|person|agent|operator|representative))x"},
    Phrase{gives_up, R"x((real|actual|live) (person|human|agent)$)x"},
    Phrase{told_of, R"x((customers?|clients?|users?|colleagues?|friends?|boss|someone|somebody|people|they|he|she|mother|father|wife|husband|son|daughter|students?)( who| that| always| often)? (says?|said|complains?|complained|told|thinks?|writes?|wrote|asks?|asked))x"},
    Phrase{supposed, R"x(^(and |but |so |ok,? |then )?(what if|if|what (happens|do|should|does|would)|in case|suppose|when|who|does it|is it|can it|do (they|you)))x"},
    // --- Spanish ---
    Phrase{thanks, "(gracias|te lo agradezco|se agradece|agradecid[oa]|lo agradezco)"},
    Phrase{thanks, R"x(^(ah |vale |ok |si |bien |pues |oh )?,? ?(perfecto|genial|estupendo|excelente|fantastico|maravilloso|fenomenal|guay|brutal|listo|entendido|comprendido|de lujo|que bien|muy bien|buenisimo|super|vale, (listo|ya)))x"},
    Phrase{thanks, R"x(ya (me )?(funciona|va|arranca|lo (tengo|veo|entiendo|he conseguido)|esta( arreglado| solucionado| listo| todo)?$|no (falla|sale|aparece|da error)|se ha (arreglado|solucionado)))x"},
    Phrase{thanks, R"x((se ha|esta|quedo|queda|ha quedado|problema|todo|duda) (solucionad[oa]|resuelt[oa]|arreglad[oa]|aclarad[oa]))x"},
    Phrase{thanks, R"x(((me|nos) (has|ha|habeis) (ayudado|servido|salvado|aclarado|solucionado|sacado)|(eso|esto|asi) (me |lo )*(aclara|ayuda|sirve|basta|soluciona|resuelve)|ha sido (de gran|muy)))x"},
    Phrase{thanks, R"x((ha funcionado|funciona (perfect|bien|de maravilla|ya|ahora|genial)[a-z]*|^(si,? )?funciona$|todo (bien|claro|en orden|perfecto|listo)))x"},
    Phrase{thanks, R"x(((justo|exactamente|era|es)( todo| justo| exactamente)? lo que (necesitaba|queria|buscaba|necesito|quiero|pedia)|era eso|eso era|eso es todo|nada mas$|con eso (basta|vale|me vale)))x"},
    Phrase{thanks, R"x(no (tengo|necesito|hace falta) (mas|nada mas|ninguna (duda|pregunta)))x"},
    Phrase{thanks, R"x((error|problema|fallo|aviso) (ha desaparecido|desaparecio|resuelto|solucionado|arreglado))x"},
    Phrase{complaint, R"x(no (es|era|fue) (eso|esto|lo que)( que)?( te| yo| os)?)x"},
    Phrase{complaint, R"x((eso|esto|esa|tu respuesta) no (es|era|tiene que ver|me vale)( correct[oa]| ciert[oa]| asi| verdad| lo que| valid[oa])?)x"},
    Phrase{complaint, R"x((esta|es|son|sigue|siguen|estas|todo)( todo| muy| completamente| totalmente)? (mal|equivocad[oa]s?|incorrect[oa]s?|fals[oa]s?|rot[oa]s?|inutil|ridicul[oa]|absurd[oa]|un desastre|una (perdida|tonteria|verguenza)))x"},
    Phrase{complaint, R"x(te( has| habras)? (equivocad[oa]|equivocaste|equivocas|confundes|confundiste|confundido))x"},
    Phrase{complaint, R"x((has|habeis|me has) (entendido|leido|interpretado) (mal|otra cosa)|(me )?(entendiste|entiendes) mal)x"},
    Phrase{complaint, R"x(no (me |te |os |lo )*(estas |has )?(entiendes|enteras|enterado|entendido|entendiste|escuchas|escuchando|escuchado|lees|leido|respondes|respondido|contestas|contestado|ayudas|entendiendo|ayudando))x"},
    Phrase{complaint, R"x(no (me |te |se |lo |la |nos |le )*(ha |han |he |a |esta )?(funciona[a-z]*|sirv[a-z]*|servido|ayud[a-z]*|arregl[a-z]*|solucion[a-z]*|resuel[a-z]*|respond[a-z]*|contest[a-z]*|cambi[a-z]*|pasa nada|hace nada|va$|vale$))x"},
    Phrase{complaint, R"x((el|los) (mismo|mismos)( puto| maldito)? (error|problema|resultado|fallo|mensaje|errores)|(la|las) mismas? (respuesta|manera|cosa|forma)|(lo|sale|da|dice|pasa) (lo )?mismo)x"},
    Phrase{complaint, R"x(nada (cambia|funciona|ha cambiado|sirve|de eso)|sin (exito|resultado|suerte))x"},
    Phrase{complaint, R"x((ya )?te (lo )?(he )?(dije|dicho|explique|explicado|comente|comentado|pedi|pregunte|preguntado|repito))x"},
    Phrase{complaint, R"x((ya )?(lo )?(he (probado|intentado|hecho|seguido)|probe|intente|hice)( ya)?( todo)?( eso| lo que| todo| esto| asi|$))x"},
    Phrase{complaint, R"x((vuelve a leer|lee (bien|otra vez|de nuevo)|relee|leete))x"},
    Phrase{complaint, R"x(no (me )?(existe|encuentro|aparece|sale|consigo|lo (encuentro|veo)|la (encuentro|veo)|veo (nada|ningun[a-z]*|es[ao]|tal)|hay (ningun[a-z]*|tal)|tengo (ningun[a-z]*|es[ao]|tal)))x"},
    Phrase{complaint, R"x((enlace|pagina|link|url|web|boton) (esta |es |da |sale )(rot[oa]|caid[oa]|un |error|muert[oa]))x"},
    Phrase{complaint, R"x((va|ido|ir|esta|fue|es|hecho)( todavia| aun| mucho| incluso| a)* peor|empeor[a-z]+)x"},
    Phrase{complaint, R"x((perdida de tiempo|perdiendo el tiempo|no tiene( ningun)? sentido|inutil|ridiculo|frustra[a-z]+|no sirve|de nada (sirve|me sirve)|vaya (birria|desastre|mierda)|que desastre|^(mal|incorrecto|falso)$))x"},
    Phrase{complaint, R"x(fallan? (igual|de la misma|otra vez|de nuevo|lo mismo|tambien))x"},
    Phrase{persists, R"x((sigue|siguen|continua) (sin|igual|fallando|mal|dando|saliendo|apareciendo|pasando|diciendo|rot[oa]|con|mostrando))x"},
    Phrase{persists, R"x(sigo (con|sin|teniendo|igual|viendo|esperando)|(todavia|aun) (no|falla|sigue|me da|sale))x"},
    Phrase{gives_up, R"x((olvida(lo|te|dlo)|dejalo|dejemoslo|dejadlo|lo dejo|me rindo|da igual|no lleva a (nada|ningun[a-z]*)|no hay manera|es inutil|abandono))x"},
    Phrase{gives_up, R"x((pues |ya )?(lo |la |me lo )?(hare|hago|arreglare|arreglo|buscare|busco|mirare|miro|solucionare|voy a hacer|voy a buscar)( a otro)?( yo| por mi cuenta| a mano| en otr[oa]| yo mism[oa]| de otra))x"},
    Phrase{gives_up, R"x((ya )?me las (apanare|arreglare|apano|arreglo))x"},
    Phrase{gives_up, R"x((hablar|hable|ponme|pongame|pasame|paseme|conectame|transfiereme|comunicame|atienda|derivame)( ya| por favor)?( con)?( una?| el| la)? ?(persona|humano|agente|alguien|soporte|operador[a]?|atencion|responsable|encargad[oa]|companer[oa]|ser humano))x"},
    Phrase{gives_up, R"x((quiero|necesito|prefiero|exijo) (un|una|a un|a una) (humano|persona|agente|operador|ser humano))x"},
    Phrase{gives_up, R"x((llamare|prefiero llamar|voy a llamar|mejor llamo|llamo) (a|al|por|yo)|(pregunta|preguntare|pregunto|preguntarselo|preguntarle) a (otr[oa]|alguien)|lo preguntare a)x"},
    Phrase{told_of, R"x((clientes?|usuari[oa]s?|companer[oa]s?|amig[oa]s?|jef[ea]|alguien|gente|ellos|quien|madre|padre|mujer|marido|hij[oa]|alumn[oa]s?)( que| siempre)?( me| nos| le)? (dice|dicen|dijo|se queja|se quejan|cree|escribe|escribio|pregunta|piensa))x"},
    Phrase{supposed, R"x(^(y |pero |e |entonces |¿| )*(si|que pasa|que (hago|hay|ocurre)|en caso de|cuando|quien|es que))x"},
};
// clang-format on

const PhraseSet& phrase_set() {
  static const PhraseSet set = phrases_of(kPhrases, &Phrase::text);
  return set;
}

}  // namespace

Ending ending_of(std::string_view text) {
  std::string folded = fold(text).text;
  for (const std::string_view mark : {"«", "»"})
    for (std::size_t at = folded.find(mark); at != std::string::npos; at = folded.find(mark, at))
      folded.replace(at, mark.size(), "\"");
  Ending ending;
  for (const std::string_view sentence : sentences(folded)) {
    const bool is_question = sentence.ends_with('?');
    bool said[static_cast<std::size_t>(supposed) + 1] = {};
    const auto offset = static_cast<std::size_t>(sentence.data() - folded.data());
    for (const PhraseHit& hit : phrase_set().find(sentence))
      if (!is_quoted(folded, offset + hit.begin, offset + hit.end))
        said[static_cast<std::size_t>(kPhrases[hit.rule].sign)] = true;
    const auto has = [&](Sign sign) { return said[static_cast<std::size_t>(sign)]; };
    ending.asks = ending.asks || is_question;
    if (has(told_of) || (has(supposed) && is_question)) continue;
    ending.thanks = ending.thanks || (has(thanks) && !is_question);
    ending.complaint = ending.complaint || has(persists) || (has(complaint) && !is_question);
    ending.gives_up = ending.gives_up || has(gives_up);
  }
  return ending;
}

}  // namespace catalejo::evaluate
