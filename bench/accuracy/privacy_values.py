"""Personal numbers and secrets that are well-formed, and ones that are nearly so. Check digits are
computed here anew, from their public descriptions, so that a mistake in src/detect shows."""

from __future__ import annotations

import itertools
import random
import string
from collections.abc import Callable
from datetime import date, timedelta

Make = Callable[[random.Random], str]
DIGITS = string.digits
UPPER = string.ascii_uppercase
DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def pick(rng: random.Random, alphabet: str, size: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(size))


def luhn_digit(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def card(rng: random.Random) -> str:
    head, size = rng.choice(
        [("4", 16), ("51", 16), ("55", 16), ("2720", 16), ("34", 15), ("37", 15), ("6011", 16),
         ("3530", 16), ("4", 16), ("53", 16)]
    )  # fmt: skip
    body = head + pick(rng, DIGITS, size - 1 - len(head))
    number = body + luhn_digit(body)
    cuts = (4, 10) if size == 15 else (4, 8, 12)
    parts = [number[a:b] for a, b in zip((0, *cuts), (*cuts, size), strict=True)]
    return rng.choice([number, " ".join(parts), "-".join(parts)])


IBAN_SHAPES = {
    "ES": "n" * 20, "DE": "n" * 18, "FR": "n" * 10 + "c" * 11 + "nn", "PT": "n" * 21,
    "IT": "a" + "n" * 10 + "c" * 12, "GB": "aaaa" + "n" * 14, "NL": "aaaa" + "n" * 10,
    "BE": "n" * 12, "CH": "n" * 5 + "c" * 12, "BR": "n" * 23 + "ac",
}  # fmt: skip


def iban(rng: random.Random) -> str:
    country = rng.choice(list(IBAN_SHAPES))
    alphabets = {"n": DIGITS, "a": UPPER, "c": UPPER + DIGITS}
    body = "".join(rng.choice(alphabets[kind]) for kind in IBAN_SHAPES[country])
    as_number = int("".join(str(int(c, 36)) for c in body + country + "00"))
    whole = f"{country}{98 - as_number % 97:02d}{body}"
    if rng.random() < 0.5:
        return whole
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def es_dni(rng: random.Random) -> str:
    number = rng.randrange(10_000_000, 99_999_999)
    letter = DNI_LETTERS[number % 23]
    dotted = f"{number // 1_000_000}.{number // 1000 % 1000:03d}.{number % 1000:03d}"
    return rng.choice([f"{number}{letter}", f"{number}-{letter}", f"{dotted}-{letter}"])


def es_nie(rng: random.Random) -> str:
    head = rng.choice("XYZ")
    number = rng.randrange(0, 10_000_000)
    letter = DNI_LETTERS[("XYZ".index(head) * 10_000_000 + number) % 23]
    return rng.choice([f"{head}{number:07d}{letter}", f"{head}-{number:07d}-{letter}"])


def pt_nif(rng: random.Random) -> str:
    body = rng.choice("1235") + pick(rng, DIGITS, 7)
    rest = sum(int(d) * w for d, w in zip(body, range(9, 1, -1), strict=True)) % 11
    return body + str(0 if rest < 2 else 11 - rest)


def fr_nir(rng: random.Random) -> str:
    body = (
        f"{rng.choice('12')}{rng.randrange(100):02d}{rng.randrange(1, 13):02d}"
        f"{rng.randrange(1, 96):02d}{rng.randrange(1, 990):03d}{rng.randrange(1, 1000):03d}"
    )
    whole = f"{body}{97 - int(body) % 97:02d}"
    if rng.random() < 0.5:
        return whole
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return " ".join(whole[a:b] for a, b in itertools.pairwise(cuts))


def de_tax_id(rng: random.Random) -> str:
    digits = rng.sample(DIGITS, 9)
    digits.append(rng.choice(digits))
    rng.shuffle(digits)
    if digits[0] == "0":
        digits[0], digits[1] = digits[1], digits[0]
    if digits[0] == "0":
        return de_tax_id(rng)
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return "".join(digits) + str((11 - product) % 10)


def de_id_card(rng: random.Random) -> str:
    alphabet = "CFGHJKLMNPRTVWXYZ0123456789"
    body = rng.choice("CFGHJKLMNPRTVWXYZ") + pick(rng, alphabet, 8)
    weights = (7, 3, 1) * 3
    return body + str(sum(int(c, 36) * w for c, w in zip(body, weights, strict=True)) % 10)


ODD = dict(
    zip(
        DIGITS + UPPER,
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3,
         6, 8, 12, 14, 16, 10, 22, 25, 24, 23],
        strict=True,
    )
)  # fmt: skip


def it_fiscal_code(rng: random.Random) -> str:
    body = (
        f"{pick(rng, UPPER, 6)}{rng.randrange(100):02d}{rng.choice('ABCDEHLMPRST')}"
        f"{rng.randrange(1, 29):02d}{rng.choice('ABCDEFGHILM')}{rng.randrange(1000):03d}"
    )
    total = sum(
        ODD[c] if place % 2 == 0 else (int(c) if c.isdigit() else ord(c) - 65)
        for place, c in enumerate(body)
    )
    return body + UPPER[total % 26]


def uk_nino(rng: random.Random) -> str:
    prefix = pick(rng, "ABCEGHJKLMOPRSTWXYZ", 1) + pick(rng, "ABCEGHJKLMNPRSTWXYZ", 1)
    if prefix in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}:
        return uk_nino(rng)
    digits, suffix = pick(rng, DIGITS, 6), rng.choice("ABCD")
    return rng.choice(
        [f"{prefix}{digits}{suffix}", f"{prefix} {digits[:2]} {digits[2:4]} {digits[4:]} {suffix}"]
    )


def uk_nhs(rng: random.Random) -> str:
    body = pick(rng, DIGITS, 9)
    check = 11 - sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11
    if check == 10:
        return uk_nhs(rng)
    whole = body + str(check % 11)
    return rng.choice([whole, f"{whole[:3]} {whole[3:6]} {whole[6:]}"])


def us_ssn(rng: random.Random) -> str:
    area = rng.choice([*range(1, 666), *range(667, 900)])
    return f"{area:03d}-{rng.randrange(1, 100):02d}-{rng.randrange(1, 10_000):04d}"


def us_itin(rng: random.Random) -> str:
    groups = [*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)]
    return f"9{rng.randrange(100):02d}-{rng.choice(groups)}-{rng.randrange(10_000):04d}"


def birthday(rng: random.Random) -> str:
    day = date(1950, 1, 1) + timedelta(days=rng.randrange(20_000))
    return day.strftime("%y%m%d")


MEXICAN = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"


def mx_curp(rng: random.Random) -> str:
    body = (
        pick(rng, UPPER, 4) + birthday(rng) + rng.choice("HM") + rng.choice(["DF", "JC", "NL", "VZ"])
        + pick(rng, "BCDFGLMNPRST", 3) + rng.choice(DIGITS)
    )  # fmt: skip
    total = sum(MEXICAN.index(c) * (18 - place) for place, c in enumerate(body))
    return body + str(-total % 10)


def mx_rfc(rng: random.Random) -> str:
    body = pick(rng, UPPER, 4) + birthday(rng) + pick(rng, UPPER + DIGITS, 2)
    table = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
    rest = sum(table.index(c) * (13 - place) for place, c in enumerate(body)) % 11
    return body + ("0" if rest == 0 else "A" if rest == 1 else str(11 - rest))


def br_digit(body: str, weights: list[int]) -> str:
    rest = sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
    return str(0 if rest < 2 else 11 - rest)


def br_cpf(rng: random.Random) -> str:
    body = pick(rng, DIGITS, 9)
    body += br_digit(body, list(range(10, 1, -1)))
    body += br_digit(body, list(range(11, 1, -1)))
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


def br_cnpj(rng: random.Random) -> str:
    body = pick(rng, DIGITS, 8) + "0001"
    body += br_digit(body, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    body += br_digit(body, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
    return f"{body[:2]}.{body[2:5]}.{body[5:8]}/{body[8:12]}-{body[12:]}"


def ar_cuit(rng: random.Random) -> str:
    body = rng.choice(["20", "23", "27", "30"]) + pick(rng, DIGITS, 8)
    weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    check = 11 - sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
    if check == 10:
        return ar_cuit(rng)
    return f"{body[:2]}-{body[2:]}-{check % 11}"


def ar_dni(rng: random.Random) -> str:
    return f"{rng.randrange(10, 46)}.{rng.randrange(1000):03d}.{rng.randrange(1000):03d}"


def fill(rng: random.Random, shape: str) -> str:
    return "".join(rng.choice(DIGITS) if c == "#" else c for c in shape)


def phone_abroad(rng: random.Random) -> str:
    return fill(rng, rng.choice([
        "+34 6## ### ###", "+34 9########", "+346########", "+351 91# ### ###", "+33 6 ## ## ## ##",
        "+49 1512 #######", "+39 34# ### ####", "+44 7911 ######", "+44 20 7### ####",
        "+1 (212) 55#-####", "+1-415-55#-####", "+52 55 #### ####", "+55 11 9####-####",
        "+54 9 11 ####-####", "0034 6## ### ###", "+41 79 ### ## ##", "+31 6 ########",
    ]))  # fmt: skip


def phone_at_home(rng: random.Random) -> str:
    return fill(rng, rng.choice([
        "6## ### ###", "6## ## ## ##", "91 ### ## ##", "6########", "212 3## ###", "06 ## ## ## ##",
        "0151 2#######", "030 2#######", "02 #### ####", "34# #######", "020 7### ####",
        "07700 9#####", "(212) 55#-####", "415-55#-####", "55 3### ####", "(11) 9####-####",
        "11 4###-####",
    ]))  # fmt: skip


def email(rng: random.Random) -> str:
    local = rng.choice(["ana.ruiz", "j_perez", "m.schmidt", "chloe", "info+x", "lucia99", "o'neil"])
    host = rng.choice(
        ["example.com", "correo.es", "mail.example.co.uk", "firma.de", "dominio.com.mx"]
    )
    return f"{local}{rng.randrange(100)}@{host}"


def ip_address(rng: random.Random) -> str:
    if rng.random() < 0.3:
        groups = ":".join(f"{rng.randrange(1, 65536):x}" for _ in range(4))
        return f"2a02:{groups}::{rng.randrange(1, 65536):x}"
    first = rng.choice([8, 31, 52, 80, 93, 142, 188, 203, 212])
    return f"{first}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def broken(make: Make) -> Make:
    """The same with its last digit or letter changed: the check fails."""

    def nearly(rng: random.Random) -> str:
        value = make(rng)
        last = value[-1]
        alphabet = DIGITS if last.isdigit() else UPPER
        return value[:-1] + alphabet[(alphabet.index(last) + 1 + rng.randrange(3)) % len(alphabet)]

    return nearly


ALNUM = string.ascii_letters + DIGITS
HEX = "0123456789abcdef"
URL64 = ALNUM + "-_"


def key(shape: list[str | tuple[str, int]]) -> Make:
    def made(rng: random.Random) -> str:
        return "".join(p if isinstance(p, str) else pick(rng, p[0], p[1]) for p in shape)

    return made


# As their providers describe them.
TOKENS: dict[str, Make] = {
    "openai": key(["sk-proj-", (URL64, 74), "T3Blbk", "FJ", (URL64, 74)]),
    "anthropic": key(["sk-ant-", "api03-", (URL64, 93), "AA"]),
    "github": key(["ghp", "_", (ALNUM, 36)]),
    "github_fine": key(["github", "_pat_", (ALNUM, 22), "_", (ALNUM, 59)]),
    "gitlab": key(["glpat", "-", (URL64, 20)]),
    "aws_id": key(["AK", "IA", (UPPER + "234567", 16)]),
    "google": key(["AI", "za", (URL64, 35)]),
    "slack": key(["xoxb", "-", (DIGITS, 12), "-", (DIGITS, 13), "-", (ALNUM, 24)]),
    "stripe": key(["sk", "_live_", (ALNUM, 24)]),
    "sendgrid": key(["SG", ".", (URL64, 22), ".", (URL64, 43)]),
    "npm": key(["npm", "_", (ALNUM, 36)]),
    "pypi": key(["pypi-", "AgEIcHlwaS5vcmc", (URL64, 120)]),
    "huggingface": key(["hf", "_", (string.ascii_letters, 34)]),
    "digitalocean": key(["dop", "_v1_", (HEX, 64)]),
    "databricks": key(["da", "pi", (HEX, 32)]),
    "shopify": key(["shp", "at_", (HEX, 32)]),
    "grafana": key(["glsa", "_", (ALNUM, 32), "_", (HEX, 8)]),
    "newrelic": key(["NR", "AK-", (UPPER + DIGITS, 27)]),
    "dynatrace": key(["dt0", "c01.", (UPPER + DIGITS, 24), ".", (UPPER + DIGITS, 64)]),
    "vault": key(["hv", "s.", (URL64, 95)]),
    "twilio": key(["S", "K", (HEX, 32)]),
    "telegram": key(["api.telegram.org/bot", (DIGITS, 10), ":AA", (URL64, 33)]),
    "groq": key(["gs", "k_", (ALNUM, 52)]),
    "docker": key(["dckr", "_pat_", (URL64, 27)]),
    "postman": key(["PM", "AK-", (HEX, 24), "-", (HEX, 34)]),
    "linear": key(["lin", "_api_", (ALNUM, 40)]),
    "jwt": key(["ey", "JhbGciOiJIUzI1NiJ9.ey", "J", (URL64, 60), ".", (URL64, 43)]),
    "azure_ad": key([(URL64, 3), "8Q", "~", (URL64, 34)]),
    "azure_ai": key([(ALNUM, 52), "JQQJ", "99", "BCACYeBjFXJ3w3AAABACOG", (ALNUM, 4)]),
}

# Behind a name.
ASSIGNED: dict[str, tuple[list[str], Make]] = {
    "azure_openai": (["AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY", "api-key"], key([(HEX, 32)])),
    "aws_secret": (["AWS_SECRET_ACCESS_KEY", "aws_secret_access_key"], key([(ALNUM + "+/", 40)])),
    "datadog": (["DD_API_KEY", "datadog_api_key"], key([(HEX, 32)])),
    "mailchimp": (["MAILCHIMP_API_KEY"], key([(HEX, 32), "-us7"])),
    "cloudflare": (["CLOUDFLARE_API_TOKEN"], key([(ALNUM, 40)])),
    "heroku": (["HEROKU_API_KEY"], key([(HEX, 8), "-", (HEX, 4), "-", (HEX, 4), "-", (HEX, 4), "-", (HEX, 12)])),
    "storage": (["AZURE_STORAGE_KEY", "AccountKey"], key([(ALNUM, 86), "=="])),
    "mistral": (["MISTRAL_API_KEY"], key([(ALNUM, 32)])),
    "password": (["DB_PASSWORD", "password", "POSTGRES_PASSWORD"], key([(ALNUM, 7), "!", (ALNUM, 6), "9z"])),
    "secret": (["SECRET_KEY", "client_secret", "JWT_SECRET"], key([(ALNUM, 40), "7Q3"])),
    "twilio": (["TWILIO_AUTH_TOKEN"], key([(HEX, 32)])),
}  # fmt: skip
