package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.provider.vast.Condition.Op;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Parts of the world by the platform's codes, and the countries in each (ISO 3166-1). The platform
/// knows countries alone: its own client, too, sends a region as its countries.
final class Regions {
  static final String FIELD = "geolocation";

  private static final Map<String, List<String>> COUNTRIES =
      Map.of(
          "AF",
          list(
              "DZ AO BJ BW BF BI CV CM CF TD KM CG CD CI DJ EG GQ ER SZ ET GA GM GH GN GW KE LS LR"
                  + " LY MG MW ML MR MU MA MZ NA NE NG RW ST SN SC SL SO ZA SS SD TZ TG TN UG EH"
                  + " YE ZM ZW"),
          "AS",
          list(
              "AF AM AZ BH BD BT BN KH CN CY GE HK IN ID IR IQ IL JP JO KZ KW KG LA LB MO MY MV MN"
                  + " MM NP KP OM PK PS PH QA SA SG KR LK SY TW TJ TH TL TR TM AE UZ VN YE"),
          "EU",
          list(
              "AL AD AT BY BE BA BG HR CY CZ DK EE FO FI FR DE GI GR GG HU IS IE IM IT JE XK LV LI"
                  + " LT LU MT MD MC ME NL MK NO PL PT RO RU SM RS SK SI ES SE CH UA GB UK VA"),
          "LC",
          list(
              "AG AI AR AW BS BB BZ BO BR VG KY CL CO CR CU CW DM DO EC SV FK GF GD GP GT GY HT HN"
                  + " JM MQ MX MS NI PA PY PE PR BL KN LC MF VC SX SR TT TC VI UY VE"),
          "NA",
          list("BM CA GL PM US"),
          "OC",
          list("AS AU CK FJ PF GU KI MH FM NR NC NZ NU NF MP PW PG PN WS SB TK TO TV VU WF"));

  private Regions() {}

  private static List<String> list(String words) {
    return List.of(words.split(" "));
  }

  /// Every code, for people.
  static String codes() {
    return String.join(" ", COUNTRIES.keySet().stream().sorted().toList());
  }

  /// The same condition in countries; any other as it is.
  static Condition inCountries(Condition condition) {
    boolean names = condition.field().equals(FIELD) && condition.value().isTextual();
    return switch (condition.op()) {
      case EQ -> names ? countries(condition, Op.IN) : condition;
      case NEQ -> names ? countries(condition, Op.NOTIN) : condition;
      case IN, NOTIN ->
          condition.field().equals(FIELD) ? countries(condition, condition.op()) : condition;
      case GT, GTE, LT, LTE -> condition;
    };
  }

  private static Condition countries(Condition condition, Op op) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    if (condition.value() instanceof ArrayNode list) {
      list.forEach(value -> add(all, value));
    } else {
      add(all, condition.value());
    }
    return new Condition(FIELD, op, all);
  }

  private static void add(ArrayNode all, JsonNode place) {
    String code = place.asText().toUpperCase(Locale.ROOT);
    List<String> countries = COUNTRIES.getOrDefault(code, List.of());
    countries.forEach(all::add);
    if (countries.isEmpty()) {
      all.add(place);
    }
  }
}
