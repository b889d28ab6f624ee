package dev.salvor.controller.core;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a platform's or a container runtime's words mean, where they are known not to say it.
public final class StatusWords {
  /// The words of runc, and how podman and newer daemons put it.
  private static final Pattern STAT =
      Pattern.compile("stat (.{1,400}?): no such file or directory", Pattern.DOTALL);

  private static final Pattern EXEC =
      Pattern.compile("exec: \\\\?\"(.{1,400}?)\\\\?\": executable file not found", Pattern.DOTALL);
  private static final int SHOWN = 80;

  private static final List<Known> KNOWN =
      List.of(
          new Known(
              Pattern.compile("(?i)pull access denied|unauthorized: authentication required"),
              "the registry does not show this image to strangers, or has none of that name:"
                  + " correct the image, or give GHCR_TOKEN for one at ghcr.io"),
          new Known(
              Pattern.compile("(?i)manifest (for .* not found|unknown)"),
              "the registry has no image of this name and tag: correct the image"));

  private StatusWords() {}

  /// Words that mean always the same.
  private record Known(Pattern words, String meaning) {}

  /// What it means for any box that is started so: the same would happen on the next. Empty where
  /// the words say it themselves, or nothing is known of them.
  public static Optional<String> meaning(String words) {
    return notFound(words, STAT)
        .or(() -> notFound(words, EXEC))
        .or(() ->
            KNOWN.stream()
                .filter(known -> known.words().matcher(words).find())
                .map(Known::meaning)
                .findFirst());
  }

  private static Optional<String> notFound(String words, Pattern pattern) {
    Matcher found = pattern.matcher(words);
    if (!found.find()) {
      return Optional.empty();
    }
    String program = found.group(1).strip();
    String shown = program.length() > SHOWN ? program.substring(0, SHOWN) + "…" : program;
    return Optional.of(
        program.matches("(?s).*\\s.*")
            ? "a whole command line was given where a program is expected, and the container runtime looked for a file of the name \"%s\": give the command as args"
                .formatted(shown)
            : "the image has no program %s: correct the entrypoint or the first word of args"
                .formatted(shown));
  }
}
