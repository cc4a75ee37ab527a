"""Presidio's rule recognisers over JSON texts, one a line; run by privacy.py with a Python that has
presidio-analyzer. Its own defaults: minimal score 0.35, context words raise a score."""

import json
import sys

from presidio_analyzer import predefined_recognizers as known
from presidio_analyzer.nlp_engine import NlpArtifacts

SCORE_MIN = 0.35
RECOGNISERS = [
    known.CreditCardRecognizer(), known.EmailRecognizer(), known.IbanRecognizer(), known.IpRecognizer(),
    known.PhoneRecognizer(supported_regions=("ES", "PT", "FR", "DE", "IT", "GB", "US", "MX", "BR", "AR")),
    known.UsSsnRecognizer(), known.UsItinRecognizer(), known.NhsRecognizer(), known.UkNinoRecognizer(),
    known.EsNifRecognizer(), known.EsNieRecognizer(), known.ItFiscalCodeRecognizer(),
    known.DeTaxIdRecognizer(), known.DeIdCardRecognizer(),
]  # fmt: skip


def near(text: str, begin: int, words: list[str]) -> bool:
    before = text[max(0, begin - 60) : begin].lower()
    return any(word in before for word in words)


for line in sys.stdin:
    text = json.loads(line)
    nothing = NlpArtifacts([], None, [], [], None, "en")
    places = []
    for recogniser in RECOGNISERS:
        for found in recogniser.analyze(text, recogniser.supported_entities, nothing) or []:
            # As its enhancer does where there are lemmas: a context word adds 0.35.
            score = found.score + 0.35 * near(text, found.start, recogniser.context or [])
            if score >= SCORE_MIN:
                places.append([found.start, found.end, found.entity_type])
    print(json.dumps(places))
