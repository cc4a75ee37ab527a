"""Beginnings of questions and requests, and what is said in talk: translations of programs and
pages of the web have little of it. Written for this repository; train_languages.py learns them."""

from __future__ import annotations

PHRASES = {
    "en": """how do I|what is the|what are|who was|who wrote|why do|why is it|when did|when
        was|where is|where can I find|which one|how much is|how many|how long
        does it take|how far|can you tell me|could you help me|is there a|do you
        know|give me an example of|tell me about|explain to me|I would like to|I
        need|I have a|my dog|we went|they are|she said|he will|it depends on|you
        should|you can|first put|then add|most people|there are|it was|that is
        why|thank you|of course|let's go|don't forget|next week|this morning|a
        little|more than|because of|if you want""",
    "es": """cómo se hace|cómo puedo|qué es|qué son|quién fue|quién escribió|por qué|cuándo
        fue|dónde está|dónde puedo encontrar|cuál es|cuánto
        cuesta|cuántos|cuánto se tarda|puedes decirme|me ayudas a|hay
        algún|sabes si|dame un ejemplo de|háblame de|explícame|me
        gustaría|necesito|tengo un|mi perro|fuimos a|ellos son|ella
        dijo|será|depende de|deberías|se puede|primero pon|luego añade|la
        mayoría de|hay|era|por eso|gracias|claro que sí|vamos|no olvides|la
        semana que viene|esta mañana|un poco|más de|debido a|si quieres""",
    "pt": """como faço|como posso|o que é|quais são|quem foi|quem escreveu|por que|quando
        foi|onde fica|onde posso encontrar|qual é|quanto custa|quantos|quanto
        tempo demora|pode me dizer|você sabe se|existe algum|dê-me um exemplo
        de|fale sobre|explique|eu gostaria de|preciso de|tenho um|meu
        cachorro|nós fomos|eles são|ela disse|será|depende de|você
        deve|pode-se|primeiro coloque|depois junte|a maioria das|há|era|por
        isso|obrigado|claro que sim|vamos|não se esqueça|na semana que vem|esta
        manhã|um pouco|mais de|por causa de|se quiser|podes dizer-me|gostava de""",
    "fr": """comment faire|comment puis-je|qu'est-ce que|quels sont|qui était|qui a
        écrit|pourquoi|quand a été|où se trouve|où puis-je trouver|quelle
        est|combien coûte|combien de|combien de temps faut-il|peux-tu me
        dire|pouvez-vous m'aider|y a-t-il|sais-tu si|donne-moi un exemple
        de|parle-moi de|explique-moi|je voudrais|j'ai besoin de|j'ai un|mon
        chien|nous sommes allés|ils sont|elle a dit|ce sera|cela dépend de|vous
        devriez|on peut|mettez d'abord|puis ajoutez|la plupart des|il y
        a|c'était|c'est pourquoi|merci|bien sûr|allons-y|n'oubliez pas|la
        semaine prochaine|ce matin|un peu|plus de|à cause de|si vous voulez""",
    "de": """wie mache ich|wie kann ich|was ist|was sind|wer war|wer hat
        geschrieben|warum|wann wurde|wo ist|wo finde ich|welche ist|wie viel
        kostet|wie viele|wie lange dauert es|kannst du mir sagen|können Sie mir
        helfen|gibt es|weißt du ob|gib mir ein Beispiel für|erzähl mir
        von|erkläre mir|ich möchte|ich brauche|ich habe einen|mein Hund|wir
        gingen|sie sind|sie sagte|es wird|das hängt von|du solltest|man
        kann|zuerst legen|dann gib|die meisten|es gibt|es
        war|deshalb|danke|natürlich|los geht's|vergiss nicht|nächste Woche|heute
        Morgen|ein wenig|mehr als|wegen|wenn du willst""",
    "it": """come si fa|come posso|che cos'è|quali sono|chi era|chi ha scritto|perché|quando
        è stato|dove si trova|dove posso trovare|qual è|quanto
        costa|quanti|quanto tempo ci vuole|puoi dirmi|mi aiuti a|c'è un|sai
        se|fammi un esempio di|parlami di|spiegami|vorrei|ho bisogno di|ho un|il
        mio cane|siamo andati|loro sono|lei ha detto|sarà|dipende da|dovresti|si
        può|prima metti|poi aggiungi|la maggior parte|ci sono|era|per
        questo|grazie|certo|andiamo|non dimenticare|la prossima
        settimana|stamattina|un po'|più di|a causa di|se vuoi""",
    "nl": """hoe maak ik|hoe kan ik|wat is|wat zijn|wie was|wie schreef|waarom|wanneer
        werd|waar is|waar vind ik|welke is|hoeveel kost|hoeveel|hoe lang duurt
        het|kun je me vertellen|kunt u me helpen|is er een|weet je of|geef me
        een voorbeeld van|vertel me over|leg me uit|ik wil graag|ik heb nodig|ik
        heb een|mijn hond|we gingen|zij zijn|ze zei|het zal|dat hangt af van|je
        moet|je kunt|doe eerst|voeg dan toe|de meeste|er zijn|het
        was|daarom|dank je|natuurlijk|laten we gaan|vergeet niet|volgende
        week|vanmorgen|een beetje|meer dan|vanwege|als je wilt""",
    "ca": """com es fa|com puc|què és|quins són|qui va ser|qui va escriure|per què|quan va
        ser|on és|on puc trobar|quin és|quant costa|quants|quant de temps
        triga|em pots dir|m'ajudes a|hi ha algun|saps si|dona'm un exemple
        de|parla'm de|explica'm|m'agradaria|necessito|tinc un|el meu gos|vam
        anar|ells són|ella va dir|serà|depèn de|hauries de|es pot|primer
        posa|després afegeix|la majoria de|hi ha|era|per això|gràcies|és
        clar|anem|no oblidis|la setmana que ve|aquest matí|una mica|més de|a
        causa de|si vols""",
    "gl": """como se fai|como podo|que é|cales son|quen foi|quen escribiu|por que|cando
        foi|onde está|onde podo atopar|cal é|canto custa|cantos|canto tempo
        leva|podes dicirme|axúdasme a|hai algún|sabes se|dáme un exemplo
        de|fálame de|explícame|gustaríame|necesito|teño un|o meu can|fomos
        a|eles son|ela dixo|será|depende de|deberías|pódese|primeiro pon|despois
        engade|a maioría das|hai|era|por iso|grazas|claro que si|imos|non
        esquezas|a semana que vén|esta mañá|un pouco|máis de|por mor de|se
        queres""",
    "eu": """nola egiten da|nola egin dezaket|zer da|zein dira|nor izan zen|nork idatzi
        zuen|zergatik|noiz izan zen|non dago|non aurki dezaket|zein da|zenbat
        balio du|zenbat|zenbat denbora behar da|esan diezadakezu|lagunduko
        didazu|ba al dago|ba al dakizu|jarri adibide bat|hitz egin|azaldu|nahi
        nuke|behar dut|daukat|nire txakurra|joan ginen|haiek dira|esan
        zuen|izango da|araberakoa da|beharko zenuke|daiteke|lehenengo jarri|gero
        gehitu|gehienek|daude|zen|horregatik|eskerrik asko|noski|goazen|ez
        ahaztu|datorren astean|gaur goizean|pixka bat|baino gehiago|nahi baduzu""",
    "pl": """jak zrobić|jak mogę|co to jest|jakie są|kto był|kto napisał|dlaczego|kiedy
        był|gdzie jest|gdzie mogę znaleźć|który jest|ile kosztuje|ile|jak długo
        trwa|czy możesz mi powiedzieć|czy może mi pan pomóc|czy jest|czy wiesz
        czy|podaj przykład|opowiedz mi o|wyjaśnij
        mi|chciałbym|potrzebuję|mam|mój pies|poszliśmy|oni są|ona powiedziała|to
        będzie|to zależy od|powinieneś|można|najpierw włóż|potem
        dodaj|większość|są|to było|dlatego|dziękuję|oczywiście|chodźmy|nie
        zapomnij|w przyszłym tygodniu|dziś rano|trochę|więcej niż|z powodu|jeśli
        chcesz""",
    "ro": """cum se face|cum pot|ce este|care sunt|cine a fost|cine a scris|de ce|când a
        fost|unde este|unde pot găsi|care este|cât costă|câți|cât durează|poți
        să-mi spui|mă poți ajuta|există vreun|știi dacă|dă-mi un exemplu
        de|vorbește-mi despre|explică-mi|aș vrea|am nevoie de|am un|câinele
        meu|am mers|ei sunt|ea a spus|va fi|depinde de|ar trebui să|se poate|mai
        întâi pune|apoi adaugă|majoritatea|sunt|era|de
        aceea|mulțumesc|desigur|să mergem|nu uita|săptămâna viitoare|azi
        dimineață|puțin|mai mult de|din cauza|dacă vrei""",
    "sv": """hur gör jag|hur kan jag|vad är|vilka är|vem var|vem skrev|varför|när blev|var
        ligger|var hittar jag|vilken är|hur mycket kostar|hur många|hur lång tid
        tar det|kan du berätta|kan du hjälpa mig|finns det|vet du om|ge mig ett
        exempel på|berätta om|förklara för mig|jag skulle vilja|jag behöver|jag
        har en|min hund|vi gick|de är|hon sa|det blir|det beror på|du borde|man
        kan|lägg först|tillsätt sedan|de flesta|det finns|det
        var|därför|tack|självklart|nu går vi|glöm inte|nästa vecka|i
        morse|lite|mer än|på grund av|om du vill""",
    "da": """hvordan gør jeg|hvordan kan jeg|hvad er|hvilke er|hvem var|hvem
        skrev|hvorfor|hvornår blev|hvor ligger|hvor finder jeg|hvilken er|hvor
        meget koster|hvor mange|hvor lang tid tager det|kan du fortælle mig|kan
        du hjælpe mig|findes der|ved du om|giv mig et eksempel på|fortæl
        om|forklar mig|jeg vil gerne|jeg har brug for|jeg har en|min hund|vi
        gik|de er|hun sagde|det bliver|det kommer an på|du bør|man kan|læg
        først|tilsæt derefter|de fleste|der er|det
        var|derfor|tak|selvfølgelig|lad os gå|glem ikke|næste uge|i
        morges|lidt|mere end|på grund af|hvis du vil""",
    "no": """hvordan gjør jeg|hvordan kan jeg|hva er|hvilke er|hvem var|hvem
        skrev|hvorfor|når ble|hvor ligger|hvor finner jeg|hvilken er|hvor mye
        koster|hvor mange|hvor lang tid tar det|kan du fortelle meg|kan du
        hjelpe meg|finnes det|vet du om|gi meg et eksempel på|fortell om|forklar
        meg|jeg vil gjerne|jeg trenger|jeg har en|hunden min|vi gikk|de er|hun
        sa|det blir|det kommer an på|du bør|man kan|legg først|tilsett
        deretter|de fleste|det er|det var|derfor|takk|selvfølgelig|la oss
        gå|glem ikke|neste uke|i morges|litt|mer enn|på grunn av|hvis du vil""",
    "fi": """miten teen|miten voin|mikä on|mitkä ovat|kuka oli|kuka kirjoitti|miksi|milloin
        oli|missä on|mistä löydän|kumpi on|paljonko maksaa|kuinka monta|kauanko
        kestää|voitko kertoa|voitko auttaa|onko olemassa|tiedätkö onko|anna
        esimerkki|kerro|selitä minulle|haluaisin|tarvitsen|minulla
        on|koirani|menimme|he ovat|hän sanoi|se on|se riippuu|sinun
        pitäisi|voi|laita ensin|lisää sitten|useimmat|siellä on|se
        oli|siksi|kiitos|tietenkin|mennään|älä unohda|ensi viikolla|tänä
        aamuna|vähän|enemmän kuin|takia|jos haluat""",
    "cs": """jak udělám|jak mohu|co je|jaké jsou|kdo byl|kdo napsal|proč|kdy byl|kde je|kde
        najdu|který je|kolik stojí|kolik|jak dlouho trvá|můžeš mi říct|můžete mi
        pomoci|existuje|víš jestli|dej mi příklad|řekni mi o|vysvětli mi|chtěl
        bych|potřebuji|mám|můj pes|šli jsme|oni jsou|řekla|bude|záleží na|měl
        bys|lze|nejprve dej|pak
        přidej|většina|jsou|bylo|proto|děkuji|samozřejmě|pojďme|nezapomeň|příští
        týden|dnes ráno|trochu|více než|kvůli|pokud chceš""",
    "hu": """hogyan kell|hogyan tudok|mi az|melyek|ki volt|ki írta|miért|mikor volt|hol
        van|hol találok|melyik|mennyibe kerül|hány|mennyi ideig tart|meg tudod
        mondani|tudna segíteni|van valami|tudod hogy|mondj egy
        példát|mesélj|magyarázd el|szeretnék|szükségem van|van egy|a
        kutyám|elmentünk|ők|azt mondta|lesz|attól függ|kellene|lehet|először
        tedd|aztán add|a
        legtöbb|vannak|volt|ezért|köszönöm|természetesen|menjünk|ne
        felejtsd|jövő héten|ma reggel|egy kicsit|több mint|miatt|ha akarod""",
    "tr": """nasıl yapılır|nasıl yapabilirim|nedir|nelerdir|kimdi|kim yazdı|neden|ne
        zaman|nerede|nerede bulabilirim|hangisi|ne kadar|kaç tane|ne kadar
        sürer|söyler misin|yardım eder misiniz|var mı|biliyor musun|bir örnek
        ver|bana anlat|açıkla|istiyorum|ihtiyacım var|bir tane
        var|köpeğim|gittik|onlar|dedi|olacak|bağlıdır|yapmalısın|mümkündür|önce
        koyun|sonra ekleyin|çoğu|vardır|idi|bu
        yüzden|teşekkürler|elbette|gidelim|unutma|gelecek hafta|bu
        sabah|biraz|daha fazla|yüzünden|istersen""",
    "id": """bagaimana cara|bagaimana saya bisa|apa itu|apa saja|siapa|siapa yang
        menulis|mengapa|kapan|di mana|di mana saya bisa menemukan|yang
        mana|berapa harga|berapa banyak|berapa lama|bisakah kamu|tolong bantu
        saya|apakah ada|apakah kamu tahu|beri saya contoh|ceritakan
        tentang|jelaskan|saya ingin|saya butuh|saya punya|anjing saya|kami
        pergi|mereka adalah|dia berkata|akan menjadi|tergantung pada|sebaiknya
        kamu|dapat|pertama masukkan|lalu tambahkan|kebanyakan
        orang|ada|itu|karena itu|terima kasih|tentu saja|ayo pergi|jangan
        lupa|minggu depan|pagi ini|sedikit|lebih dari|karena|jika kamu mau""",
    "vi": """làm thế nào để|tôi có thể|là gì|những gì|ai là|ai đã viết|tại sao|khi nào|ở
        đâu|tôi tìm ở đâu|cái nào|giá bao nhiêu|bao nhiêu|mất bao lâu|bạn có thể
        cho tôi biết|giúp tôi|có không|bạn có biết|cho tôi một ví dụ về|kể cho
        tôi về|giải thích|tôi muốn|tôi cần|tôi có một|con chó của tôi|chúng tôi
        đã đi|họ là|cô ấy nói|sẽ là|phụ thuộc vào|bạn nên|có thể|đầu tiên
        cho|sau đó thêm|hầu hết|có|đó là|vì vậy|cảm ơn|tất nhiên|đi thôi|đừng
        quên|tuần tới|sáng nay|một chút|hơn|bởi vì|nếu bạn muốn""",
}


def phrases(language: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in PHRASES.get(language, "").split("|") if phrase]
