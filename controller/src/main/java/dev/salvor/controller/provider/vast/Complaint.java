package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.provider.ProviderException.Kind;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the platform says is wrong, in whichever of its shapes it says so.
///
/// @param code its error word, such as `auth_error`; empty if it gave none
/// @param words its text
record Complaint(int status, String code, String words, Kind kind) {
  private static final Set<String> MISSING_CODES =
      Set.of(
          "no_such_instance",
          "not_found",
          "invalid_id",
          "no_such_volume",
          "no_such_user",
          "no_such_ssh_key",
          "no_such_ask");
  private static final Set<String> INSTANCE_GONE =
      Set.of("no_such_instance", "not_found", "invalid_id");

  /// Told with any status, as the code or within the text.
  private static final String OFFER_GONE = "no_such_ask";

  private static final Pattern THRESHOLD = Pattern.compile("threshold=([0-9]{1,4}(\\.[0-9]+)?)");

  /// Empty if the answer says that it was done: a 200 alone does not.
  static Optional<Complaint> of(Reply.Answer answer) {
    JsonNode json = answer.json();
    boolean denied = json.isObject() && json.has("success") && !Fields.flag(json, "success");
    if (answer.ok() && !denied && (json.isObject() || json.isArray())) {
      return Optional.empty();
    }
    String code = json.path("error").isTextual() ? Fields.text(json, "error") : "";
    String words = Words.clean(words(answer));
    return Optional.of(new Complaint(answer.status(), code, words, kind(answer, code, words)));
  }

  /// The rental is gone by the platform's own word. A 404 alone is not: it also means a bad key.
  boolean instanceGone() {
    return status == 404 && kind == Kind.NOT_FOUND && INSTANCE_GONE.contains(code);
  }

  /// The state was not changed but will be, some time.
  boolean queued() {
    return status == 200 && words.contains("state change queued");
  }

  /// What a rate limit asks for, in seconds; 0 if it does not say.
  double thresholdSeconds() {
    Matcher matcher = THRESHOLD.matcher(words);
    return kind == Kind.RATE_LIMITED && matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
  }

  /// In the platform's words: `404 auth_error "Invalid user key"`.
  @Override
  public String toString() {
    return status
        + (code.isEmpty() ? "" : " " + code)
        + (words.isEmpty() ? "" : " \"" + words + "\"");
  }

  private static String words(Reply.Answer answer) {
    for (String name : new String[] {"msg", "message", "detail"}) {
      if (!Fields.text(answer.json(), name).isEmpty()) {
        return Fields.text(answer.json(), name);
      }
    }
    boolean page = answer.text().stripLeading().startsWith("<");
    return page || (answer.json().isObject() && answer.json().has("error")) ? "" : answer.text();
  }

  private static Kind kind(Reply.Answer answer, String code, String words) {
    if (code.equals("auth_error") || isExpiredSession(words)) {
      return Kind.AUTH;
    }
    if (code.equals("rate_limit_exceeded")) {
      return Kind.RATE_LIMITED;
    }
    if (MISSING_CODES.contains(code) || words.contains(OFFER_GONE)) {
      return Kind.NOT_FOUND;
    }
    return switch (answer.status()) {
      case 401 -> Kind.AUTH;
      case 403 -> code.equals("invalid_args") ? Kind.REFUSED : Kind.AUTH;
      case 429 -> Kind.RATE_LIMITED;
      case 404 -> Kind.PROTOCOL;
      case 410 -> code.equals("deprecated_endpoint") ? Kind.PROTOCOL : Kind.REFUSED;
      case 408 -> Kind.SERVER;
      default -> byClass(answer);
    };
  }

  private static Kind byClass(Reply.Answer answer) {
    if (answer.status() >= 500) {
      return Kind.SERVER;
    }
    if (answer.status() >= 400) {
      return Kind.REFUSED;
    }
    return answer.ok() && answer.json().isObject() ? Kind.REFUSED : Kind.PROTOCOL;
  }

  private static boolean isExpiredSession(String words) {
    return words.startsWith("Session expired") || words.startsWith("Invalid user key");
  }
}
