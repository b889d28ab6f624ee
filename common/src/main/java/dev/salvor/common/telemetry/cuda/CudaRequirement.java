package dev.salvor.common.telemetry.cuda;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an image asks of its host by NVIDIA_REQUIRE_CUDA, as the container runtime reads it: of the
/// parts between blanks one must hold, and of a part all between commas.
public record CudaRequirement(String text) {
  private static final Pattern CLAUSE =
      Pattern.compile("([a-z]{2,20})(>=|<=|!=|=|<|>)([A-Za-z0-9.]{1,20})");

  /// A longer one is cut: NVIDIA's own have some 600 characters.
  private static final int MOST_PARTS = 256;

  /// The release that it asks for; empty where it asks for none.
  public Optional<CudaRelease> cuda() {
    Matcher clause = CLAUSE.matcher(text);
    while (clause.find()) {
      if (clause.group(1).equals("cuda") && clause.group(2).equals(">=")) {
        return CudaRelease.of(clause.group(3));
      }
    }
    return Optional.empty();
  }

  /// Whether a host meets it. What is asked and not known here (brands of virtual cards) does not
  /// count as met.
  ///
  /// @param brand as "tesla" for data-centre cards, "geforce"
  public boolean isMetBy(DriverVersion driver, String brand) {
    List<String> parts = List.of(text.strip().split("\\s+", MOST_PARTS));
    return text.isBlank() || parts.stream().anyMatch(part -> isMet(part, driver, brand));
  }

  private static boolean isMet(String part, DriverVersion driver, String brand) {
    for (String one : part.split(",", MOST_PARTS)) {
      Matcher clause = CLAUSE.matcher(one.strip());
      if (!clause.matches() || !holds(clause, driver, brand)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(Matcher clause, DriverVersion driver, String brand) {
    String operator = clause.group(2);
    String value = clause.group(3);
    return switch (clause.group(1)) {
      case "cuda" ->
          CudaRelease.of(value)
              .flatMap(asked -> CudaDrivers.newest(driver).map(has -> has.compareTo(asked)))
              .map(order -> holds(operator, order))
              .orElse(false);
      case "driver" ->
          DriverVersion.of(value.contains(".") ? value : value + ".0")
              .map(asked -> holds(operator, driver.compareTo(asked)))
              .orElse(false);
      case "brand" -> operator.equals("=") && value.equalsIgnoreCase(brand);
      default -> false;
    };
  }

  private static boolean holds(String operator, int order) {
    return switch (operator) {
      case ">=" -> order >= 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case "<" -> order < 0;
      case "=" -> order == 0;
      default -> order != 0;
    };
  }
}
