#include "evaluate/quality/answer_phrases.hpp"

#include <array>

namespace catalejo::evaluate {
namespace {

struct Phrase {
  Speech speech;
  std::string_view text;
};

using enum Speech;

// clang-format off
constexpr std::array kPhrases = {
    // --- English ---
    Phrase{refusal, R"x((i|we)( am| are|'m|'re)?( really| very| so| truly)?( sorry| afraid)?,?( but| that)?( i| we)? (can'?t|cannot|can not|could not|couldn'?t|won'?t|will not|wouldn'?t|would not|may not|must not|shouldn'?t|should not)( really| ever| currently| ethically| legally| possibly| directly| in good conscience)? (help|assist|provide|offer|give|share|comply|fulfil|fulfill|create|write|generate|produce|make|do|engage|participate|support|discuss|disclose|reveal|answer|respond|process|complete|facilitate|endorse|promote|talk about|advise|recommend|suggest|teach|explain|continue|proceed|go along|accommodate|carry out|execute|perform|draft|translate|be of help|go into|get into|comment|show|tell|describe|take part|honor|honour|grant|handle))x"},
    Phrase{refusal, R"x((i am|i'm|we are|we're)( really| afraid| sorry| currently)?( i'?m| but i'?m| but i am)?( not able| unable| not allowed| not permitted| not in a position| not authorized| not authorised| not comfortable| not going| not willing| not programmed| not designed| not equipped| prohibited| restricted)( to|,)? ?(help|assist|provid|offer|giv|shar|comply|fulfil|creat|writ|generat|produc|do|engag|discuss|disclos|reveal|answer|respond|process|complet|with|support|assist|mak|talk|advis|recommend|from|execut|perform|go|continu|translat|draft|tell|explain|comment)[a-z]*)x"},
    Phrase{refusal, R"x((i|we) (must|have to|need to|'?ll have to|will have to|am going to have to|would have to|respectfully|politely)( respectfully| politely)? (decline|refuse|pass on))x"},
    Phrase{refusal, "(i|we) (decline|refuse) to"},
    Phrase{refusal, "(i'?m|i am) declining"},
    Phrase{refusal, "(i'?d|i would) (rather|prefer)( to)? not"},
    Phrase{refusal, "that'?s not something (i|we)( am|'m| can| could| will|'ll|'re| are)"},
    Phrase{refusal, "(this|that|it) is(n'?t| not) something (i|we)"},
    Phrase{refusal, R"x((this|that|your)( type of| kind of)? (request|question|topic|task|content)( is| falls)? (outside|beyond|not something|not allowed|against|violates|can'?t be|cannot be|not supported|goes against))x"},
    Phrase{refusal, R"x((can'?t|cannot|unable to|not able to|won'?t be able to) (help|assist|comply|do that|do this|fulfil|fulfill|process|answer|provide)( you)? (with|that|this|your|for|to))x"},
    Phrase{refusal, R"x(^(sorry|no|nope|apologies|unfortunately),? (i )?(can'?t|cannot|won'?t|unable|not able))x"},
    Phrase{refusal, "request (denied|declined|refused|rejected|blocked)"},
    Phrase{refusal, "no can do"},
    Phrase{refusal, R"x((content|response|answer) (was |has been )?(blocked|filtered|withheld|removed))x"},
    Phrase{refusal, R"x((it would be|it'?s|it is) (inappropriate|unethical|irresponsible|not appropriate|against my (guidelines|policy|principles))( for me)?)x"},
    Phrase{refusal, "i'?m going to (pass|decline|stop you)"},
    Phrase{refusal, R"x((out of|outside|outside of|beyond)( the)? (my )?(scope|remit|capabilities|expertise|area|what i can))x"},
    Phrase{refusal, R"x(i (only|can only|'?m only able to|am only able to|'?m here only to|'?m just here to) (help|answer|assist|discuss|handle|talk|respond)( you)?( with| to| about| questions)?)x"},
    Phrase{refusal, "(i'?m|i am) (limited|restricted) to"},
    Phrase{no_content, R"x((i|we)( really| honestly| currently| also| still| simply| just)? (do not|don'?t|did not|didn'?t|cannot|can'?t|could not|couldn'?t|was not able to|wasn'?t able to|am unable to|am not able to|were unable to|were not able to|'m unable to|'m not able to|was unable to)( currently| actually| really| quite| yet)? (know|have|find|see|locate|access|browse|determine|verify|confirm|open|view|retrieve|look up|recall|remember|understand|tell|identify|search|read|check|watch|hear|listen|predict|parse|make out|detect|get|pull up|fetch|figure out|reach|connect))x"},
    Phrase{no_content, R"x((i|we)( have| '?ve| currently have)? (no|zero) (information|idea|data|access|knowledge|record|records|details|results|clue|way of|way to|memory|context|answer|visibility|insight))x"},
    Phrase{no_content, R"x((i'?m|i am|we'?re)( really| honestly| also| currently)? (not sure|unsure|not certain|uncertain|not aware|unaware|not familiar|unfamiliar|unable to (find|access|determine|verify|locate|see|tell|retrieve|browse|confirm|open|view)|not able to (find|access|determine|verify|locate|see|tell|retrieve|browse|confirm|open|view)))x"},
    Phrase{no_content, R"x(no (results?|matches|relevant (information|documents?|results?)|information|data|answer|records?|documents?|entries)( was| were| is| are)?( found| available| returned| match| for))x"},
    Phrase{no_content, R"x((there is|there'?s|there are|there was|there were) (no|not enough|insufficient)( relevant| further| specific| such| more)? (information|data|mention|details?|results?|answer|records?|context|documents?|reference|evidence))x"},
    Phrase{no_content, R"x((the )?(provided |given |supplied |retrieved |available |above |attached )?(context|documents?|text|passages?|sources?|information|knowledge base|article|excerpts?|material|files?)( provided| given| above| supplied)? (does not|doesn'?t|do not|don'?t|did not|didn'?t|lacks?) (contain|mention|include|provide|specify|say|state|cover|have|address|discuss|answer|give|indicate))x"},
    Phrase{no_content, R"x((is|are|was|were|isn'?t|aren'?t|wasn'?t)( not|n'?t) (mentioned|specified|provided|stated|covered|contained|addressed|given|described|discussed) (in|within|by|here|to me))x"},
    Phrase{no_content, R"x((could|can|would) (you|u)( please)?( kindly)? (provide|clarify|give me|share|specify|rephrase|elaborate|be more specific|tell me)( more| some| additional| further| a bit more)?)x"},
    Phrase{no_content, R"x((i|we)( would|'d| will|'ll)? need( some| a bit| a little)? more (information|details?|context|data|info))x"},
    Phrase{no_content, R"x((beyond|after|past|outside)( the| my)? (knowledge|training)( data)?( cutoff| cut-off| date)?)x"},
    Phrase{no_content, R"x((information|data|answer|details?) (is|are) (not available|unavailable|unknown|missing))x"},
    Phrase{no_content, "not enough (information|data|context|details?)"},
    Phrase{no_content, "insufficient (information|data|context|details?)"},
    Phrase{no_content, R"x((i|it) (seems?|looks?|appears?)( like)? (that )?(your|the|there was|something|you)( message| input| question| attachment| file| image)? (is|was|did|didn'?t|got|went|may|might|has|have|haven'?t)? ?(empty|blank|incomplete|cut off|missing|not come|wrong|not attach|not upload|n't attach))x"},
    Phrase{no_content, R"x((an error|something went wrong|error|a problem) (occurred|has occurred|happened|while|processing|on my end|on our end|generating))x"},
    Phrase{no_content, "something went wrong"},
    Phrase{no_content, R"x((that'?s|that is|it'?s|it is) (unclear|hard to say|not clear|impossible (for me )?to (say|know|tell)))x"},
    Phrase{no_content, "your guess is as good as mine"},
    Phrase{no_content, "(beats me|no idea|no clue|who knows)"},
    Phrase{no_content, R"x(^(unknown|n/a|none|not (available|found|applicable|specified|provided|mentioned|sure)|no answer|idk|dunno)\.?$)x"},
    Phrase{apology, "(i'?m|i am|we'?re|we are)( so| very| really| truly| terribly)? sorry"},
    Phrase{apology, "(i|we)( sincerely| deeply| do)? apologi[sz]e"},
    Phrase{apology, R"x((my|our|please accept my|please accept our)( sincere| sincerest| deepest)? apologies)x"},
    Phrase{apology, "^(so |very )?(sorry|apologies|oops|whoops|my bad|regrettably|unfortunately)"},
    Phrase{apology, "(sorry|apologies) (for|about) (the|that|any|this|your|my)"},
    Phrase{apology, "(i|we) (appreciate|understand|hear)( that| your| this| how| the| you)"},
    Phrase{apology, R"x((thank you|thanks) for (your )?(patience|understanding|bringing|reporting|letting))x"},
    Phrase{redirect, R"x((please |kindly |i suggest |i recommend |i'?d recommend |i'?d suggest |you can |you could |you may |you might |you should |you'?ll need to |you will need to |you need to |best to |feel free to |i would recommend |i would suggest |try |we recommend |we suggest |i'?d advise |i advise )(you )?(to |that you )?(try )?(contact|contacting|reach out|reaching out|consult|consulting|visit|visiting|check|checking|refer|referring|call|calling|email|emailing|speak|speaking|talk|talking|see|seeing|ask|asking|get in touch|getting in touch|look|looking|seek|seeking|search|searching|submit|submitting|open a|opening a|raise|turn to|turning to|head|go to|going to|try again|file a|write to|reaching|use a different))x"},
    Phrase{redirect, R"x((contact|consult|call|ask|reach out to|speak (to|with)|talk to|check with|get in touch with|email|write to|refer to|see|visit|check) (a|an|your|the|our|their|its|with|customer|technical|human|local)( qualified| licensed| official| local| customer| support| human| professional| medical| relevant| it| hr| company| technical| financial| tax)* (support|lawyer|attorney|doctor|physician|professional|expert|team|website|site|documentation|docs|manual|administrator|admin|advisor|adviser|accountant|specialist|service|department|representative|agent|provider|manager|page|portal|help ?desk|help cent(er|re)|faq|bank|pharmacist|therapist|authorities|app|engineer|vendor|manufacturer|dashboard|office|desk|line|hotline|source|sources))x"},
    Phrase{redirect, R"x((our|the|a|your)( customer| technical)?( support| service| sales| billing| hr| legal| help)+( team| desk| department| cent(er|re))?( will| would| can| could| is| are)( be)?( able| happy| glad| best| better)?)x"},
    Phrase{redirect, R"x((transfer|transferring|connect|connecting|forward|forwarding|escalat|hand)[a-z]*~(you|this|your|it)~(agent|human|representative|colleague|team|specialist|department|person|support|advisor|supervisor))x"},
    Phrase{redirect, "(please )?try again( later| in a| with| shortly| once)?"},
    Phrase{redirect, R"x((best|better) (answered|handled|addressed|left|discussed|directed)( by| to| with)?)x"},
    Phrase{redirect, "google( it)? (yourself|search)"},
    Phrase{excuse, "as (an|a)( ai| large)( language)?( model| assistant| bot| chatbot)?"},
    Phrase{excuse, R"x((i'?m|i am) (just |only |merely )?(an|a)( ai| large language| language| virtual| digital)( language)?( model| assistant| bot)?)x"},
    Phrase{excuse, R"x((against|violates?|violating|violation of|breach(es)? of|comply with|not align with|conflicts? with|due to|per|under|goes against|prohibited by|according to)( my| our| the| company| openai'?s?| content| usage| safety| ethical)+ (guidelines?|polic(y|ies)|principles|programming|rules|terms|standards|values|guardrails|use case|restrictions|safeguards))x"},
    Phrase{excuse, R"x((illegal|unethical|harmful|dangerous|inappropriate|sensitive|offensive|unsafe|confidential|malicious|privacy|hateful|explicit|violent|copyrighted))x"},
    Phrase{excuse, R"x((i'?m|i am|i was) (here|designed|programmed|built|trained|only here|intended|meant|created) to)x"},
    Phrase{excuse, R"x((if|should) (you|someone you know)( or someone you know)? (is|are|'re|may be) (struggling|in crisis|in danger|feeling|having thoughts|experiencing))x"},
    Phrase{excuse, R"x((my|your|everyone'?s) (safety|well-?being|privacy|purpose|role|guidelines|goal|knowledge|training))x"},
    Phrase{excuse, R"x((real[- ]time|up[- ]to[- ]date|live|current|personal|latest) (data|information|access|updates|prices|news|details))x"},
    Phrase{offer, R"x((let me know|feel free|don'?t hesitate|happy to help|glad to help|happy to assist|is there (anything|something) else|anything else i can|how (can|may|else can|else may) i (help|assist)|what (else )?can i (help|do)|i'?d be (happy|glad)|i'?ll be (happy|glad)|i would be (happy|glad)|i am (happy|glad) to|i'?m (happy|glad) to|i'?ll do my best|would you like (me )?to|do you have (any )?(other|another)|have a (great|nice|good)|if you have (any )?(other|more|further|additional|another|specific|questions?)|if you(?:'d| would) like|if you (need|want|provide|share|paste|send|give|tell|can share|can provide|can paste)|(i|we) can (help|assist|offer|provide|discuss|suggest|talk|explain|share|answer|also|instead|try)( you)?( with| some| general| other| about)*|instead, (i|how about|why not|would)|once you|here to help|with (something|anything) else))x"},
    Phrase{greeting, R"x(^(hi|hello|hey|hiya|greetings|dear|good (morning|afternoon|evening|day)|thanks|thank you|great question|good question|that'?s a (great|good|interesting)|i understand|i appreciate|i see|i hear|sure|of course|certainly|okay|ok|hmm|well|ah|oh))x"},
    Phrase{idiom, R"x((can'?t|cannot|couldn'?t|could not) help (but|feeling|thinking|noticing|wondering|it|smiling|laughing|myself))x"},
    Phrase{idiom, R"x((can'?t|cannot|won'?t|couldn'?t) (recommend|thank|stress|emphasi[sz]e|praise)~(enough|more|highly|too))x"},
    Phrase{idiom, R"x((i'?m|i am)( so| very| truly| deeply| really)? sorry (to hear|for your loss|that you|you'?re|about your))x"},
    Phrase{idiom, R"x((can'?t|cannot|could not|couldn'?t) (provide|make|do|create|give|produce) (a|any|more|better|changes)( [a-z]+)? (unless|until|without))x"},
    Phrase{idiom, "no (problem|worries|doubt|wonder)"},
    Phrase{refusal, R"x(^((absolutely|certainly|definitely|of course)? ?not|no way|nope|no thanks|not a chance|never|hard no|that'?s a (hard )?no)( from me)?[.!]?$)x"},
    Phrase{refusal, R"x((isn'?t|is not|aren'?t|are not)( currently)? (allowed|permitted|possible|supported|available|something (i|we)('ll| will|'m| am| can| would))( here| for me| by (me|this|our)| to me)?)x"},
    Phrase{refusal, R"x((this|the|our) (assistant|bot|chat|chatbot|service|system|tool|channel|model) (is|are|can|does|was|will|may|could)( not|'?t|n'?t|not)( able| allowed| meant| designed| built)?)x"},
    Phrase{refusal, R"x((i'?ll|i will|i'?d|i would|i|we) (have to |need to |must |going to )?(pass|say no|stay away|steer clear|draw the line|stop (you|here)))x"},
    Phrase{refusal, R"x((i'?m|i am) (under|bound by|held to) (instructions|orders|confidentiality|rules))x"},
    Phrase{refusal, "(off[- ]limits|off the table|not on the table)"},
    Phrase{refusal, R"x(only (managers|admins|administrators|authori[sz]ed|staff|the owner|account owners|employees)~(can|may|are allowed))x"},
    Phrase{refusal, R"x((i|we) (do not|don'?t) have (the )?(permission|authority|authori[sz]ation|right|clearance|ability))x"},
    Phrase{excuse, R"x((against|violat[a-z]*|outside|contrary to)( of)? (my|our) (guidelines?|polic(y|ies)|principles|programming|rules|purpose|instructions))x"},
    Phrase{no_content, R"x((nothing|not anything)( relevant| useful| specific)? (about|on|regarding|came up|was found|found|matching|in the|turned up|there))x"},
    Phrase{no_content, R"x((returned|found|yielded|produced|gave|contains?|shows?|says?|said|came back with) (nothing|no (output|results?|matches|answer|hits)))x"},
    Phrase{no_content, R"x((none|neither|no(ne)? one) of (the|these|those|your|my) (documents?|sources?|passages?|files?|texts?|results?|articles?|pages?|excerpts?|records?))x"},
    Phrase{no_content, R"x(no (document|source|passage|file|article|page|record)s?~(mentions?|says?|covers?|answers?|contains?|states?))x"},
    Phrase{no_content, "(draw(ing)?|drew) a blank"},
    Phrase{no_content, R"x((i|we) lack( the)?( necessary| required)? (context|information|data|details|knowledge|access|tools))x"},
    Phrase{no_content, R"x((i'?d|i would|we'?d|we would|i'?ll|i) need( to)? (see|know|have|look at)?( some| a| more| the)?( more)? ?(the|your|more|additional|details|information|context|logs|code))x"},
    Phrase{no_content, R"x((you|u)( have not|'ve not| haven'?t| did not| didn'?t) (told|given|provided|specified|said|mentioned|attached|shared|uploaded|included|asked))x"},
    Phrase{no_content, R"x(not( included| contained| present| mentioned| covered| listed| found| stored)? in (my|our|the|this|these|any) (database|knowledge|records?|documents?|sources?|context|text|provided|passages?|report|system|data|given|material|training))x"},
    Phrase{no_content, R"x((text|document|source|article|context|report|manual|passage|contract|law|email|policy)s? (is|are|remains?|stays?) silent)x"},
    Phrase{no_content, R"x((not possible|impossible|no way) to (determine|say|tell|know|answer|infer|establish))x"},
    Phrase{no_content, R"x(your (message|question|input|request|file|attachment)( body)? (is|was|seems|appears|looks)( to be)? (empty|blank|incomplete|cut off|missing|unclear|garbled))x"},
    Phrase{no_content, R"x(^(an? )?(internal )?(error|exception|timeout|traceback|failure)(:|!|\.| occurred))x"},
    Phrase{no_content, "what do you mean( by)?"},
    Phrase{no_content, R"x((must|may|might|will|'ll)~(outside|beyond|after)~(knowledge|training|cutoff))x"},
    Phrase{apology, "(i|we)( deeply| sincerely| really)? regret (any|the|this|that|to)"},
    Phrase{redirect, R"x((you'?ll|you will|you can|you could|you may|can be|you'?d)( also| probably| usually| always)? (find|be found|get|see|look up|read)( it| that| this| the| an?| more| all| your| out)*( answer| answers| information| info| details| documentation| instructions| it| explanation)* (in|on|at|from|by|under|through|via|with) (the|our|your|their|chapter|section|page|https?|www|a))x"},
    Phrase{redirect, R"x((the|our|your|a|an|its)( [a-z]+)? (team|department|desk|lawyer|attorney|doctor|accountant|administrator|expert|specialist|colleagues?|adviser|advisor|office|agent|manager|vendor) (handles?|can (tell|help|answer|explain|assist|advise)|will (be able|help|know|tell|answer)|would (be|know)|knows?|deals? with|takes? care|is responsible|are responsible|could))x"},
    Phrase{redirect, R"x(^(please |just |for that,? |for this,? )*(ask|call|contact|email|consult|visit|see|check|message|write to|open a ticket|file a ticket|submit a|raise a|head over|go to|talk to|speak to|speak with|refer to|reach out) (your|the|a|an|our|with|to|it|hr|someone|support|in|on|over))x"},
    Phrase{weak, R"x((i|we)( [a-z]+)? (can'?t|cannot|won'?t|will not|don'?t|do not|'m not|am not|are not|'re not|refuse|would not|wouldn'?t|couldn'?t|could not))x"},
    Phrase{weak, "(i'?m|we'?re) (not|unable|afraid)"},
    // --- Spanish ---
    Phrase{weak, R"x(no( me| te| le| lo| la| os| se)* (puedo|podemos|podre|quiero|estoy|estamos|voy|vamos|tengo|tenemos|debo|debemos|pienso|deseo))x"},
    Phrase{weak, "no (participo|participare|[a-z]+are|[a-z]+ere|[a-z]+ire)"},
    Phrase{refusal, R"x((de ninguna manera|ni hablar|de eso nada|en absoluto|rotundamente no|por supuesto que no|para nada|eso no))x"},
    Phrase{refusal, R"x(^no( me| te| le| lo| la| os| se| se lo| te lo)? (reproduzco|hago|hare|hacemos|haremos|voy a|vamos a|pienso|participo|participare|comparto|compartire|contesto|respondo|hablo|doy|dare|ofrezco|escribo|escribire|genero|traduzco|apoyo|apoyare|revelo|revelare|opino|trato|trabajo|colaboro|colaborare|recomiendo|identifico|procedo|atiendo|gestiono|proporciono|facilito|creo|creare|digo|dire))x"},
    Phrase{refusal, R"x( no( me| te| le| lo| la| os| se)? (hago|hare|participare|comparto|compartire|contesto|respondere|hablo|dare|escribire|apoyare|revelare|opino|colaborare|voy a|te lo puedo|puedo decir|lo puedo|se lo puedo|puedo dar))x"},
    Phrase{refusal, R"x(no (esta|estan|es|queda|queda) (permitid[oa]s?|autorizad[oa]|en mi mano|disponible aqui|a mi alcance))x"},
    Phrase{refusal, R"x((este|el) (asistente|bot|chat|servicio|sistema|canal|modelo) (solo|no|unicamente|no puede|no esta))x"},
    Phrase{refusal, "no (tengo|tenemos) (permiso|autoridad|autorizacion|potestad|competencia)"},
    Phrase{refusal, "(solo|unicamente) (los|las|el|la|un|una) [a-z]+ puede[n]?"},
    Phrase{no_content, R"x((las|los|el|la|este|esta|estos|mis) (fuentes|documentos|manual|texto|contexto|informe|articulo|pasajes?|contrato|busqueda|base de datos|registros?)( [a-z]+)? no (trata|tratan|dice|dicen|cubre|cubren|habla|hablan|contempla|devolvio|devuelve|arroja|arrojo|ofrece|ofrecen|da|dan|aporta))x"},
    Phrase{no_content, R"x(ningun[oa]? (de (los|las)|document[oa]|fuente|texto|resultado)( documentos| fuentes| textos| resultados| archivos| pasajes)?( lo| la)? (menciona|dice|contiene|habla|responde|trata|aparece|coincide|recoge|incluye))x"},
    Phrase{no_content, R"x((no me (has|ha|habeis|han)|no has|no ha) (dicho|indicado|dado|proporcionado|especificado|facilitado|adjuntado|enviado|compartido|preguntado))x"},
    Phrase{no_content, "(a que te refieres|que quieres decir|a que se refiere|que quiere decir)"},
    Phrase{no_content, R"x((tu|su|el) (mensaje|pregunta|archivo|consulta|texto) (esta|parece|llego|ha llegado|aparece)( estar)? (vaci[oa]|incomplet[oa]|cortad[oa]|en blanco|danad[oa]))x"},
    Phrase{no_content, R"x(no (esta|estan|figura|aparece|consta|viene)( ese dato| esa informacion)?( recogid[oa])? en (mi|el|la|los|las|este|esta|estos|ning))x"},
    Phrase{no_content, R"x((no (es|resulta) posible|es imposible|no se puede|imposible) (saber|determinar|deducir|averiguar|responder|decir|precisar)[a-z]*)x"},
    Phrase{no_content, R"x(no (localizo|localice|hallo|halle|alcanzo|distingo|identifico|ubico|aprecio))x"},
    Phrase{redirect, "(de eso|de esto|de ese tema)( ya)? se (encarga|ocupa|encargan|ocupan)"},
    Phrase{redirect, R"x((un|una|el|la|tu|su|nuestro|nuestra) (abogad[oa]|medic[oa]|gestor|gestora|asesor|asesora|especialista|experto|profesional|equipo|administrador|farmaceutic[oa])( [a-z]+)?( te| le| os| se)*( lo)? (sabra|podra|puede|dira|aclarara|ayudara|resolvera|explicara|orientara))x"},
    Phrase{redirect, R"x(^(por favor,? |para eso,? |mejor )*(preguntale|preguntaselo|pregunta|consulta|consultalo|contacta|llama|llame|escribe|abre una incidencia|abra una incidencia|abre un tique|abre un ticket|acude|ve a|vaya a|dirigete|entra en|mira|mire|habla con))x"},
    Phrase{redirect, R"x((encontraras|encontrara|puedes encontrar|puede encontrar|lo encontraras|la encontraras|tienes|puedes ver|puedes mirar|puedes consultar|viene|lo tienes)( lo| mas)?( la respuesta| la informacion| informacion| los detalles| mas detalles|lo)? en (el|la|los|las|nuestra|nuestro|tu|su|https?|www))x"},
    Phrase{idiom, "no puedo (recomendar|agradecer|elogiar)[a-z]*~(suficiente|bastante)"},
    Phrase{refusal, R"x(no( te| le| os| les| me| lo| la| se)? (puedo|podemos|podre|podremos|podria|podriamos|debo|debemos|quiero|voy a|vamos a|pienso|deberia)( ni debo| legalmente| eticamente| de ninguna manera| en este momento| seguir)? (ayudar|asistir|proporcionar|ofrecer|dar|compartir|cumplir|crear|escribir|redactar|generar|producir|hacer|participar|apoyar|hablar|revelar|responder|contestar|procesar|completar|facilitar|promover|aconsejar|recomendar|sugerir|ensenar|explicar|continuar|seguir|atender|realizar|ejecutar|llevar|brindar|entrar|opinar|comentar|mostrar|decir|traducir|discutir|tratar|describir|complacer|acceder a|satisfacer|colaborar|elaborar|indicar|orientar)[a-z]*)x"},
    Phrase{refusal, R"x(no( me)? (es|resulta|seria|esta) (posible|permitido|apropiado|adecuado|etico|correcto|viable)( para mi)?)x"},
    Phrase{refusal, R"x(no (estoy|estamos) (autorizad|capacitad|disenad|programad|facultad|habilitad|en condiciones|en posicion|dispuest|preparad|en disposicion)[a-z]*)x"},
    Phrase{refusal, R"x(no (se me permite|tengo permitido|tengo permiso|me esta permitido|tengo autorizacion|me corresponde|me siento comod)[a-z]*)x"},
    Phrase{refusal, R"x((debo|tengo que|me veo obligad[oa] a|prefiero)( respetuosamente)? (rechazar|declinar|negarme|no |abstenerme))x"},
    Phrase{refusal, "(rechazo|declino|me niego a|me abstengo de)"},
    Phrase{refusal, R"x((me temo que|lamentablemente|desafortunadamente|por desgracia),? no( te| le| os| me)? (puedo|podemos|es posible|podre|sera posible|podra ser|va a ser posible))x"},
    Phrase{refusal, R"x((esa|esta|su|tu|dicha) (peticion|solicitud|pregunta|consulta|tarea)( no| va| viola| infringe| incumple| queda| esta| se| supera| excede)+)x"},
    Phrase{refusal, "(eso|esto) (no es algo|queda fuera|esta fuera|va en contra|supera)"},
    Phrase{refusal, R"x((fuera|mas alla) (de|del) (mi|mis|nuestro|lo que|este|el)( alcance| ambito| competencias| capacidades| servicio| puedo)?)x"},
    Phrase{refusal, R"x((solo|unicamente|solamente) (puedo|podemos|estoy|respondo|atiendo|atendemos) )x"},
    Phrase{refusal, "(solicitud|peticion) (denegada|rechazada|bloqueada)"},
    Phrase{refusal, "no puedo con eso"},
    Phrase{no_content, R"x((yo )?no( te| le| me| os)? (lo se|se (que|si|quien|cual|cuando|cuanto|cuanta|donde|como|nada|de que|responder|contestar|exactamente|la respuesta)|sabria|tengo|tenemos|conozco|dispongo|disponemos|encuentro|encontre|encontramos|he encontrado|hemos encontrado|he podido|hemos podido|pude|pudimos|logro|logre|recuerdo|cuento|contamos|consigo|veo|entiendo|comprendo|entendi|estoy segur[oa]|me consta|ha sido posible|(hay|existe|existen|aparece|figura)( ninguna?| mas| suficiente)? (informacion|datos|dato|detalles|registro|registros|constancia|resultados|referencia|referencias|mencion|documentos?|nada)))x"},
    Phrase{no_content, R"x(no (puedo|podemos|podria|pude) (acceder|ver|encontrar|verificar|comprobar|confirmar|determinar|saber|abrir|consultar|navegar|buscar|leer|identificar|localizar|predecir|garantizar|recordar|obtener|visualizar|precisar|asegurar)[a-z]*)x"},
    Phrase{no_content, R"x((desconozco|ignoro) (la|el|los|las|esa|ese|si|cual|cuando|que|ese dato|ese tema))x"},
    Phrase{no_content, R"x((el|la|los|las) (contexto|documento|documentos|texto|informacion|fuentes?|articulo|fragmentos?|materiales|base de conocimiento|archivo)( [a-z]+)? no (contiene|contienen|menciona|mencionan|incluye|incluyen|proporciona|proporcionan|especifica|especifican|indica|indican|dice|dicen|recoge|recogen|aborda|trata|aclara))x"},
    Phrase{no_content, R"x(no (se )?(menciona|mencionan|especifica|especifican|indica|indican|incluye|proporciona|proporcionan|encontraron|encontro|encontrado|dispone|dice nada|detalla|recoge))x"},
    Phrase{no_content, R"x((podrias|podria|puedes|puede|me puedes|me podrias)( por favor)? (proporcionar|aclarar|dar|darme|facilitar|compartir|especificar|reformular|indicar|concretar|decirme|ser mas|explicar|proporcionarme|facilitarme|indicarme|pegar|enviar|repetir)[a-z]*)x"},
    Phrase{no_content, R"x((necesito|necesitaria|me falta|faltan|me hace falta|hacen falta)( un poco de)?( mas)? (informacion|datos|detalles|contexto))x"},
    Phrase{no_content, R"x((ha ocurrido|se ha producido|se produjo|ocurrio|hubo) un (error|problema|fallo))x"},
    Phrase{no_content, "(algo (ha ido|salio) mal|algo fallo)"},
    Phrase{no_content, R"x((sin (resultados|informacion|datos|respuesta)|ni idea|quien sabe|vete a saber))x"},
    Phrase{no_content, R"x(^(desconocido|no disponible|no se|no aplica|no consta|no especificado)\.?$)x"},
    Phrase{apology, R"x((lo siento|lo lamento|lo lamentamos|lo sentimos|disculpa|disculpe|disculpas|disculpen|perdon|perdona|perdone|mil disculpas|te pido disculpas|le pido disculpas|pedimos disculpas|siento|sentimos|lamento|lamentamos|lamentablemente|desafortunadamente|por desgracia|me temo))x"},
    Phrase{apology, "(entiendo|comprendo|agradezco) (que|tu|su|como|la|tus|sus)"},
    Phrase{apology, "gracias por (tu|su) (paciencia|comprension)"},
    Phrase{redirect, R"x(((te|le|os|les) )?(recomiendo|recomendamos|sugiero|sugerimos|aconsejo|aconsejamos|ruego|invito|animo|puedes|puede|podrias|podria|debes|debe|deberias|deberia|tendras que|tendra que|tienes que|tiene que|conviene|es mejor|lo mejor es|mejor|por favor|intenta|intente|prueba|pruebe|basta con)( que| a| con)?( te| se)?,? ?(contactar|contactes|contacte|consultar|consultes|consulte|acudir|acudas|acuda|visitar|visites|visite|llamar|llames|llame|dirigirte|dirigirse|dirijas|dirija|ponerte|ponerse|pongas|ponga|revisar|revises|revise|hablar|hables|hable|escribir|escribas|escriba|preguntar|preguntes|pregunte|buscar|busques|busque|comunicarte|comunicarse|comuniques|mirar|mires|mire|pedir ayuda|de nuevo|intentarlo|otra vez|mas tarde))x"},
    Phrase{redirect, R"x((contacta|contacte|consulta|consulte|acude|acuda|visita|visite|llama|llame|dirigete|dirijase|ponte en contacto|pongase en contacto|revisa|revise|habla con|hable con|escribe a|escriba a|pregunta a|pregunte a|comunicate|comuniquese|intentalo|intentelo|vuelve a intentarlo|vuelva a intentarlo|prueba|pruebe)( con| de| mas| a| al| en| la| el| tu| su| un| una| nuestro| nuestra| nuestros))x"},
    Phrase{redirect, R"x((te|le) (paso|transfiero|derivo|pongo|conecto|comunico)( en contacto)? (con|a))x"},
    Phrase{redirect, R"x((nuestro|el|un)( departamento| equipo| servicio)( de)? ?(soporte|atencion|ventas|facturacion|recursos|legal|agente|humano|especialista)?( te| le)? (podra|puede|sabra|ayudara|atendera|respondera))x"},
    Phrase{excuse, R"x((como|soy)( un| una| solo un| solamente un| unicamente un)? (modelo|asistente|ia|inteligencia artificial|chatbot|bot))x"},
    Phrase{excuse, R"x(((en contra|contrari[oa]|conforme) (de|a)|viola|infringe|incumple|vulnera|segun|debido a|por motivos de|por) (mis|las|nuestras|sus|los|mi|nuestra|la)? ?(politicas?|normas?|directrices|principios|reglas|terminos|privacidad|seguridad|derechos))x"},
    Phrase{excuse, R"x((ilegal|peligros|danin|inapropiad|ofensiv|sensible|confidencial|privacidad|perjudicial|no etic|dañin|violent)[a-z]*)x"},
    Phrase{excuse, R"x((estoy|fui|he sido) (aqui|disenad[oa]|programad[oa]|entrenad[oa]|cread[oa]) (para|con))x"},
    Phrase{excuse, R"x((si|en caso de que) (tu|estas|esta|conoces|usted|alguien|necesitas|te encuentras)~(pasando|sufriendo|crisis|peligro|sintiendo|apoyo))x"},
    Phrase{excuse, R"x((en tiempo real|informacion personal|datos personales|informacion actualizada))x"},
    Phrase{offer, R"x((hay algo mas|algo mas en|en que (mas|otra)|no dudes|no dude|hazmelo saber|hagamelo saber|dime si|digame si|avisame|aviseme|si (necesitas|necesita|tienes|tiene|quieres|quiere|me das|me da|deseas|desea|lo deseas|prefieres|me indicas|me facilitas|me proporcionas|me envias|me pasas|compartes)|estare encantad|estoy encantad|con gusto|con mucho gusto|quedo a|(puedo|podemos|podria) (ayudar|ofrecer|explicar|hablar|sugerir|darte|darle|orientar|asistir|contar|intentar|proponer)[a-z]*|te gustaria|le gustaria|en cambio, puedo|que tengas|puedo ayudar|para ayudar|estoy aqui para|en que puedo|quieres que|quiere que|otra (pregunta|consulta|cosa)|otro tema))x"},
    Phrase{greeting, R"x(^(hola|buenos dias|buenas tardes|buenas noches|buenas|estimad[oa]|gracias|muchas gracias|buena pregunta|entiendo|comprendo|claro|por supuesto|vale|de acuerdo|vaya|uf|mmm))x"},
    Phrase{idiom, "no puedo (evitar|dejar de|mas que|sino)"},
    Phrase{idiom, R"x((siento|lamento) (mucho |muchisimo )?(tu perdida|su perdida|lo de tu|que estes|que te))x"},
    Phrase{idiom, "no hay (problema|duda|de que|prisa|nada mejor)"},
    Phrase{idiom, "no (hay|tengo|existe|tenemos)( ninguna)? (duda|prisa)"},
};
// clang-format on

const PhraseSet& phrase_set() {
  static const PhraseSet set = [] {
    std::vector<std::string_view> texts;
    for (const Phrase& phrase : kPhrases) texts.push_back(phrase.text);
    return PhraseSet(texts);
  }();
  return set;
}

}  // namespace

std::vector<SpeechHit> speech_in(std::string_view folded) {
  constexpr std::size_t kPerPhrase = 2;
  std::vector<SpeechHit> hits;
  for (const PhraseHit& hit : phrase_set().find(folded, kPerPhrase))
    hits.push_back({kPhrases[hit.rule].speech, hit.begin, hit.end});
  return hits;
}

}  // namespace catalejo::evaluate
