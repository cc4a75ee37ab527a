// Personal data: what is found, what only looks like it, and spellings that hide it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "detect/scanner.hpp"

namespace catalejo::detect {
namespace {

const Scanner& scanner() {
  static const Scanner scanner;
  return scanner;
}

// "rule:text" of each finding.
std::vector<std::string> found(std::string_view text) {
  std::vector<std::string> all;
  for (const Finding& finding : scanner().find(text))
    all.push_back(std::string(finding.rule) + ":" +
                  std::string(text.substr(finding.begin, finding.end - finding.begin)));
  return all;
}

struct Case {
  std::string_view text, expected;  // of one finding; empty: nothing is found
};

class Pii : public testing::TestWithParam<Case> {};

TEST_P(Pii, IsFoundOrNot) {
  const auto [text, expected] = GetParam();
  if (expected.empty()) {
    EXPECT_THAT(found(text), testing::IsEmpty()) << text;
  } else {
    EXPECT_THAT(found(text), testing::ElementsAre(std::string(expected))) << text;
  }
}

constexpr Case kCards[] = {
    {"My card is 4111 1111 1111 1111, thanks", "card_number:4111 1111 1111 1111"},
    {"4111-1111-1111-1111", "card_number:4111-1111-1111-1111"},
    {"pan=5555555555554444;", "card_number:5555555555554444"},
    {"amex 3782 822463 10005.", "card_number:3782 822463 10005"},
    {"378282246310005", "card_number:378282246310005"},
    {"Diners card 30569309025904", "card_number:30569309025904"},
    {"tarjeta 6011111111111117", "card_number:6011111111111117"},
    {"2223 0031 2200 3222", "card_number:2223 0031 2200 3222"},
    {"4111 1111 1111 1112", ""},     // Luhn
    {"9999 9999 9999 9995", ""},     // no issuer
    {"order 4111111111111111", ""},  // is told to be another thing
    {"0.4111111111111111", ""},      // a fraction
    {"x4111111111111111", ""},       // a part of a word
    {"41111111111111111", ""},       // a digit more
    {"4111 11 111111 1111", ""},     // no card is written so
    {"1795472913308242728", ""},     // nanoseconds
};
INSTANTIATE_TEST_SUITE_P(Cards, Pii, testing::ValuesIn(kCards));

constexpr Case kSurroundings[] = {
    {"llámame al 722 610 534, el otro no", "phone:722 610 534"},
    {"perdona, al 722 610 534", "phone:722 610 534"},  // an article, as telephones have
    {"cuesta 722 610 534 pesos", ""},
    {"avisadme al 699458165", "phone:699458165"},
    {"wa.me/34623423662", "phone:34623423662"},
    {"tel: 2219933", "phone:2219933"},
    {"call graph node 7733021", ""},  // no word right before so short a number
    {"call_duration_ms=63451233", ""},
    {"\"phone_verified\":1765447382", ""},  // seconds since 1970
    {"teléfono roto, compra 2026-000123", ""},
    {"escríbeme a ana@hotmail.es… o no", "email:ana@hotmail.es"},
    {"«ana@hotmail.es»", "email:ana@hotmail.es"},
    {"npm 10.2.4, openssl 3.0.13.1", ""},
    {"libssl 1.1.1.23", ""},
    {"client 3.0.13.1 connected", "ip_address:3.0.13.1"},
    {"nginx/1.24.0 sees 52.17.9.81", "ip_address:52.17.9.81"},
    {"NIF de la empresa: B-12345674", "es_cif:B-12345674"},
    {"NIF de la empresa: B1234567D", ""},  // a company's has a digit
    {"Ayuntamiento: P1234567D", "es_cif:P1234567D"},
    {"NIF-IVA ESB12345674", "es_cif:ESB12345674"},
    {"NIF ES12345678Z", "es_dni:ES12345678Z"},
    {"c.f. RSS MRA 85T10 A562S", "it_fiscal_code:RSS MRA 85T10 A562S"},
    {"c.f. RSS MRA 85T10 A562T", ""},
};
INSTANTIATE_TEST_SUITE_P(Surroundings, Pii, testing::ValuesIn(kSurroundings));

TEST(PiiList, ATelephoneBehindAnother) {
  EXPECT_THAT(found("si no cojo el 635-63-40-43 prueba con mi marido, 642.750.379"),
              testing::ElementsAre("phone:635-63-40-43", "phone:642.750.379"));
}

constexpr Case kHidden[] = {
    {"4111\u00A01111\u00A01111\u00A01111", "card_number:4111\u00A01111\u00A01111\u00A01111"},
    {"4111\u200B1111\u200B1111\u200B1111", "card_number:4111\u200B1111\u200B1111\u200B1111"},
    {"４１１１１１１１１１１１１１１１", "card_number:４１１１１１１１１１１１１１１１"},
    {"4111‑1111‑1111‑1111", "card_number:4111‑1111‑1111‑1111"},
    {"ä4111 1111 1111 1111é", "card_number:4111 1111 1111 1111"},
    {"{\\\"text\\\":\\\"a\\n4111111111111111\\\"}", "card_number:4111111111111111"},
    {"ana.ruiz＠example.com", "email:ana.ruiz＠example.com"},
    {"E S 9 1 2 1 0 0", ""},
};
INSTANTIATE_TEST_SUITE_P(Hidden, Pii, testing::ValuesIn(kHidden));

constexpr Case kAccounts[] = {
    {"IBAN ES91 2100 0418 4502 0005 1332.", "iban:ES91 2100 0418 4502 0005 1332"},
    {"GB82WEST12345698765432", "iban:GB82WEST12345698765432"},
    {"de89 3704 0044 0532 0130 00", "iban:de89 3704 0044 0532 0130 00"},
    {"PT50 0002 0123 1234 5678 9015 4", "iban:PT50 0002 0123 1234 5678 9015 4"},
    {"FR14 2004 1010 0505 0001 3M02 606", "iban:FR14 2004 1010 0505 0001 3M02 606"},
    {"ES91 2100 0418 4502 0005 1333", ""},
    {"CLABE 032180000118359719", "mx_clabe:032180000118359719"},
};
INSTANTIATE_TEST_SUITE_P(Accounts, Pii, testing::ValuesIn(kAccounts));

constexpr Case kPhones[] = {
    {"+34 612 345 678", "phone:+34 612 345 678"},
    {"+34612345678", "phone:+34612345678"},
    {"0034 612 345 678", "phone:0034 612 345 678"},
    {"+44 (0)20 7946 0958", "phone:+44 (0)20 7946 0958"},
    {"+1 (212) 555-0123", "phone:+1 (212) 555-0123"},
    {"+52 55 1234 5678", "phone:+52 55 1234 5678"},
    {"+55 11 91234-5678", "phone:+55 11 91234-5678"},
    {"+54 9 11 2345-6789", "phone:+54 9 11 2345-6789"},
    {"+351 912 345 678", "phone:+351 912 345 678"},
    {"+49 30 901820", "phone:+49 30 901820"},
    {"+39 06 1234 5678", "phone:+39 06 1234 5678"},
    {"(212) 555-0123", "phone:(212) 555-0123"},
    {"212-555-0123", "phone:212-555-0123"},
    {"1-800-555-0199", "phone:1-800-555-0199"},
    {"01 42 68 53 00", "phone:01 42 68 53 00"},
    {"612 34 56 78", "phone:612 34 56 78"},
    {"mi móvil es 612345678", "phone:612345678"},
    {"Llámame al 612 345 678", "phone:612 345 678"},
    {"\"phoneNumber\": \"2125550123\"", "phone:2125550123"},
    {"020 7946 0958", "phone:020 7946 0958"},
    {"07700 900123", "phone:07700 900123"},
    {"Tel. 030 901820", "phone:030 901820"},
    {"(11) 91234-5678", "phone:(11) 91234-5678"},
    {"612 345 678", ""},  // an amount as well
    {"ventas: 612 345 678 euros", ""},
    {"2024-01-15 10:30:45", ""},
    {"phone released 2024-01-15", ""},
    {"version 1.212.555.0123", ""},
    {"ISBN 978-3-16-148410-0", ""},
    {"call 911", ""},
    {"a + 34612345678901234", ""},
    {"550e8400-e29b-41d4-a716-446655440000", ""},
};
INSTANTIATE_TEST_SUITE_P(Phones, Pii, testing::ValuesIn(kPhones));

constexpr Case kAddresses[] = {
    {"write to ana.ruiz+x@example.com.", "email:ana.ruiz+x@example.com"},
    {"<josé@correo.es>", "email:josé@correo.es"},
    {"mailto:a_b@mail.example.co.uk?subject=x", "email:a_b@mail.example.co.uk"},
    {"git@github.com:org/repo.git", ""},
    {"logo@2x.png", ""},
    {"q@k.transpose(-2, -1)", ""},
    {"@app.route('/x')", ""},
    {"npm i @types/node@18.0.0", ""},
    {"from 8.8.8.8 port 53", "ip_address:8.8.8.8"},
    {"http://203.0.113.7:8080/x", "ip_address:203.0.113.7"},
    {"2001:db8::8a2e:370:7334", "ip_address:2001:db8::8a2e:370:7334"},
    {"[2a02:4780:b:c0de::1]", "ip_address:2a02:4780:b:c0de::1"},
    {"127.0.0.1 192.168.1.10 10.0.0.3", ""},
    {"version 1.2.3.4", ""},
    {"8.8.8.8.8", ""},
    {"256.1.1.1", ""},
    {"10:30:45 and 12:30:45:10", ""},
    {"std::vector<int> a::b dead::beef", ""},
};
INSTANTIATE_TEST_SUITE_P(Addresses, Pii, testing::ValuesIn(kAddresses));

constexpr Case kEurope[] = {
    {"DNI 12345678Z", "es_dni:12345678Z"},
    {"12.345.678-Z", "es_dni:12.345.678-Z"},
    {"12345678A", ""},
    {"NIE X1234567L", "es_nie:X1234567L"},
    {"NIE X1234567M", ""},
    {"CIF A58818501", "es_cif:A58818501"},
    {"A58818501", ""},
    {"NIF de contribuinte 123456789", "pt_nif:123456789"},
    {"123456789", ""},
    {"Cartão de cidadão 00000000 0 ZZ4", "pt_cc:00000000 0 ZZ4"},
    {"NIR 2 55 08 14 168 025 38", "fr_nir:2 55 08 14 168 025 38"},
    {"255081416802538", "fr_nir:255081416802538"},
    {"2 55 08 14 168 025 39", ""},
    {"Steuer-ID 86095742719", "de_tax_id:86095742719"},
    {"86095742719", ""},
    {"Personalausweis L01X00T471", "de_id_card:L01X00T471"},
    {"codice fiscale RSSMRA85T10A562S", "it_fiscal_code:RSSMRA85T10A562S"},
    {"RSSMRA85T10A562T", ""},
    {"NI number AB 12 34 56 C", "uk_nino:AB 12 34 56 C"},
    {"GB123456C", ""},
    {"NHS number 943 476 5919", "uk_nhs:943 476 5919"},
    {"NHS number 943 476 5918", ""},
};
INSTANTIATE_TEST_SUITE_P(Europe, Pii, testing::ValuesIn(kEurope));

constexpr Case kAmericas[] = {
    {"SSN 536-90-4399", "us_ssn:536-90-4399"},
    {"536-90-4399", "us_ssn:536-90-4399"},
    {"social security number: 536904399", "us_ssn:536904399"},
    {"666-90-4399", ""},
    {"536-00-4399", ""},
    {"536904399", ""},
    {"ITIN 912-70-1234", "us_itin:912-70-1234"},
    {"912-10-1234", ""},
    {"CURP HEGG560427MVZRRL04", "mx_curp:HEGG560427MVZRRL04"},
    {"HEGG560427MVZRRL05", ""},
    {"RFC GODE561231GR8", "mx_rfc:GODE561231GR8"},
    {"CPF 529.982.247-25", "br_cpf:529.982.247-25"},
    {"cpf 52998224725", "br_cpf:52998224725"},
    {"529.982.247-26", ""},
    {"CNPJ 11.222.333/0001-81", "br_cnpj:11.222.333/0001-81"},
    {"11.222.333/0001-82", ""},
    {"CUIT 20-12345678-6", "ar_cuit:20-12345678-6"},
    {"20-12345678-7", ""},
    {"DNI 30.123.456", "ar_dni:30.123.456"},
    {"30.123.456", ""},
};
INSTANTIATE_TEST_SUITE_P(Americas, Pii, testing::ValuesIn(kAmericas));

TEST(Pii, FindsSeveralInOneText) {
  EXPECT_THAT(found("DNI 12345678Z, tel. 612345678 y ana@example.com; IP 8.8.4.4"),
              testing::ElementsAre("es_dni:12345678Z", "phone:612345678", "email:ana@example.com",
                                   "ip_address:8.8.4.4"));
}

TEST(Pii, PrivateAddressesAreAnOption) {
  const Scanner with({.pii_options = {.private_addresses = true}});
  EXPECT_EQ(with.find("from 192.168.1.10").size(), 1u);
}

// A quadratic scan would take minutes here.
TEST(Pii, IsLinearInOddTexts) {
  constexpr std::size_t kBytes = 1 << 20;
  for (const std::string_view unit :
       {"1",         "4",          "a",      "@",   "a@",          ":",      "1:",
        ".",         "1.",         " ",      "1 ",  "+",           "(",      "\xC2\xA0",
        "4111 ",     "ES91 2100 ", "a.b@c.", "://", "-----BEGIN ", "eyJ",    "sk-",
        "password=", "\\",         "\"",     "A1",  "tel 6",       "\u200B", "2001:db8:"}) {
    std::string text;
    while (text.size() < kBytes) text += unit;
    scanner().find(text);
  }
}

}  // namespace
}  // namespace catalejo::detect
