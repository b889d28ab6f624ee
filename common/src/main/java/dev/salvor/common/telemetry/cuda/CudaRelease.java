package dev.salvor.common.telemetry.cuda;

import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A release of CUDA, as 12.4: of a toolkit, of a framework's build, or the newest that a driver
/// speaks.
///
/// @param major as 12 of 12.4
/// @param minor as 4 of 12.4
public record CudaRelease(int major, int minor) implements Comparable<CudaRelease> {
  /// "cuda12.4", "cuda:12.4.1", "cuda-12.4", and what wheels are called: "cu124", "cuda128".
  private static final Pattern NAMED =
      Pattern.compile("(?<![a-z])cu(?:da)?[:_-]?(\\d{2})(?:\\.(\\d)|(\\d))(?!\\d)");

  private static final Pattern NUMBER = Pattern.compile("([0-9]{1,2})\\.([0-9]{1,2})(?:\\..*)?");

  /// By an image's name, whose CUDA the host's driver must speak at least, or the job finds no GPU.
  /// Empty where the name says nothing: the image may need none, or any.
  public static Optional<CudaRelease> ofImage(String image) {
    Matcher named = NAMED.matcher(image);
    if (!named.find()) {
      return Optional.empty();
    }
    String minor = named.group(2) == null ? named.group(3) : named.group(2);
    return Optional.of(new CudaRelease(Integer.parseInt(named.group(1)), Integer.parseInt(minor)));
  }

  /// Of "12.4", "12.4.1"; empty for anything else.
  public static Optional<CudaRelease> of(String text) {
    Matcher number = NUMBER.matcher(text.strip());
    return number.matches()
        ? Optional.of(
            new CudaRelease(Integer.parseInt(number.group(1)), Integer.parseInt(number.group(2))))
        : Optional.empty();
  }

  /// Of NVML's and the driver's number: 12040 is 12.4.
  public static CudaRelease ofCode(int code) {
    return new CudaRelease(code / 1000, code % 1000 / 10);
  }

  /// The least compute capability whose GPUs this CUDA still builds for, as 750 for 7.5; empty
  /// where it builds for all that are for rent.
  public OptionalInt oldest() {
    return major >= 13 ? OptionalInt.of(750) : OptionalInt.empty();
  }

  /// The compute capability from which on GPUs are newer than this CUDA: their major version came
  /// with a later one, and what was built before does not run on them. As 1000 for 10.0; empty
  /// where none is known that is newer.
  public OptionalInt newerFrom() {
    if (major < 11) {
      return OptionalInt.of(800);
    }
    if (major == 11 && minor < 8) {
      return OptionalInt.of(900);
    }
    return major == 11 || (major == 12 && minor < 8) ? OptionalInt.of(1000) : OptionalInt.empty();
  }

  /// As platforms write it: 12.4.
  public double number() {
    return Double.parseDouble(toString());
  }

  @Override
  public int compareTo(CudaRelease other) {
    return Comparator.comparingInt(CudaRelease::major)
        .thenComparingInt(CudaRelease::minor)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
