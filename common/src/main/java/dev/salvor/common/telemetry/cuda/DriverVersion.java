package dev.salvor.common.telemetry.cuda;

import java.util.Optional;
import java.util.regex.Pattern;

/// A version of NVIDIA's driver, as 550.54.15.
///
/// @param branch as 550
/// @param minor as 54
/// @param patch as 15; 0 where there is none
public record DriverVersion(int branch, int minor, int patch) implements Comparable<DriverVersion> {
  private static final Pattern FORM = Pattern.compile("[0-9]{1,4}\\.[0-9]{1,4}(?:\\.[0-9]{1,4})?");

  /// Empty for what is no version.
  public static Optional<DriverVersion> of(String text) {
    String word = text.strip();
    if (!FORM.matcher(word).matches()) {
      return Optional.empty();
    }
    String[] parts = word.split("\\.", 3);
    int patch = parts.length == 3 ? Integer.parseInt(parts[2]) : 0;
    return Optional.of(
        new DriverVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), patch));
  }

  @Override
  public int compareTo(DriverVersion other) {
    int branches = Integer.compare(branch, other.branch);
    int minors = branches == 0 ? Integer.compare(minor, other.minor) : branches;
    return minors == 0 ? Integer.compare(patch, other.patch) : minors;
  }

  public boolean isAtLeast(DriverVersion other) {
    return compareTo(other) >= 0;
  }

  /// As NVIDIA writes it: two digits each behind the branch.
  @Override
  public String toString() {
    return patch == 0
        ? "%d.%02d".formatted(branch, minor)
        : "%d.%02d.%02d".formatted(branch, minor, patch);
  }
}
