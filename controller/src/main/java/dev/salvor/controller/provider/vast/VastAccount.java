package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.provider.Account;
import dev.salvor.controller.provider.ProviderException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// The account at vast.
record VastAccount(Calls calls) implements Account {
  private static final int PAGE_ROWS = 100;

  /// A page of charges has 100 rows; a token that never ends is an answer that makes no sense.
  private static final int MAX_PAGES = 1000;

  @Override
  public User user() throws ProviderException {
    String what = "read the account's credit";
    JsonNode answer = calls.ask(Call.get(Endpoint.USER, what, "api/v0/users/current", Map.of()));
    OptionalDouble credit = Fields.number(answer, "credit");
    if (credit.isEmpty()) {
      throw calls.nonsense(what, "the answer has no credit");
    }
    if (!(answer instanceof ObjectNode user)) {
      throw calls.nonsense(what, "the answer is no account");
    }
    return new User(
        Fields.positive(answer, "id").orElse(0L),
        Fields.text(answer, "email"),
        Usd.of(credit.getAsDouble()),
        Fields.text(answer, "ssh_key"),
        user.deepCopy().without(List.of("api_key", "sid")).toString());
  }

  @Override
  public List<Charge> charges(LocalDate first, LocalDate last) throws ProviderException {
    String what = "read the charges from %s to %s".formatted(first, last);
    List<Charge> charges = new ArrayList<>();
    String token = "";
    for (int page = 0; page < MAX_PAGES; page++) {
      Call call = Call.get(Endpoint.CHARGES, what, "api/v0/charges/", query(first, last, token));
      JsonNode answer = calls.ask(call);
      if (!answer.path("results").isArray()) {
        throw calls.nonsense(what, "the answer has no list of results");
      }
      answer.path("results").forEach(row -> charges.add(charge(row)));
      String next = Fields.text(answer, "next_token");
      if (next.isEmpty()) {
        charges.sort(Comparator.comparing(Charge::start));
        return List.copyOf(charges);
      }
      if (next.equals(token)) {
        throw calls.nonsense(what, "the same page token came twice");
      }
      token = next;
    }
    throw calls.nonsense(what, "there are more than %d pages".formatted(MAX_PAGES));
  }

  /// Both ends are required; the last day counts to its end.
  private static Map<String, String> query(LocalDate first, LocalDate last, String token) {
    ObjectNode filters = Wire.JSON.createObjectNode();
    filters
        .putObject("day")
        .put("gte", first.atStartOfDay(ZoneOffset.UTC).toEpochSecond())
        .put("lte", last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond() - 1);
    Map<String, String> query = new HashMap<>();
    query.put("select_filters", filters.toString());
    query.put("latest_first", "false");
    query.put("limit", Integer.toString(PAGE_ROWS));
    query.put("format", "table");
    if (!token.isEmpty()) {
      query.put("after_token", token);
    }
    return query;
  }

  private static Charge charge(JsonNode row) {
    return new Charge(
        instant(row, "start"),
        instant(row, "end"),
        Fields.text(row, "type"),
        Words.clean(Fields.text(row, "source")),
        Usd.of(Fields.number(row, "amount").orElse(0)));
  }

  private static Instant instant(JsonNode row, String name) {
    return Instant.ofEpochMilli(Math.round(Fields.number(row, name).orElse(0) * 1000));
  }
}
