package dev.salvor.agent.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The box's settings as its SSH sessions see them: what the image and the platform put into
/// /etc/environment, and what the container's first process was given.
public final class BoxSettings {
  /// Settings are lines; a file larger than this is none.
  private static final long MAX_BYTES = 1 << 20;

  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)");
  private static final String BEGIN = "# salvor";

  private BoxSettings() {}

  /// The first process's word wins over the file's.
  static Map<String, String> read(Path root) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line : text(root.resolve("etc/environment")).lines().toList()) {
      Matcher setting = LINE.matcher(line);
      if (setting.matches()) {
        settings.put(setting.group(1), unquoted(setting.group(2).strip()));
      }
    }
    for (String entry : text(root.resolve("proc/1/environ")).split("\0", -1)) {
      Matcher setting = LINE.matcher(entry);
      if (!entry.isEmpty() && setting.matches()) {
        settings.put(setting.group(1), setting.group(2));
      }
    }
    return settings;
  }

  /// Shows settings to later SSH sessions: to login shells by a snippet of their profile, to others
  /// by lines in /etc/environment, where they can be written. Never twice.
  ///
  /// @return what could not be written, and why
  public static List<String> show(Path root, Map<String, String> settings) {
    List<String> problems = new ArrayList<>();
    StringBuilder snippet = new StringBuilder(BEGIN + ": what this box works on\n");
    settings.forEach((name, value) -> snippet.append("export ").append(line(name, value)));
    put(root.resolve("etc/profile.d/salvor.sh"), snippet.toString(), problems);
    Path file = root.resolve("etc/environment");
    if (Files.exists(file)) {
      StringBuilder lines = new StringBuilder();
      text(file).lines().filter(l -> !ours(l, settings)).forEach(l -> lines.append(l).append('\n'));
      settings.forEach((name, value) -> lines.append(line(name, value)));
      put(file, lines.toString(), problems);
    }
    return problems;
  }

  private static boolean ours(String line, Map<String, String> settings) {
    Matcher setting = LINE.matcher(line);
    return setting.matches() && settings.containsKey(setting.group(1));
  }

  private static String line(String name, String value) {
    return name + "='" + value.replace("'", "") + "'\n";
  }

  /// In one piece, readable by all, as such files are.
  private static void put(Path file, String text, List<String> problems) {
    Path temp = file.resolveSibling(".salvor." + file.getFileName());
    try {
      if (text(file).equals(text)) {
        return;
      }
      Files.writeString(temp, text);
      Files.setPosixFilePermissions(
          temp, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(temp, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      problems.add("%s: %s".formatted(file, e.getMessage()));
    }
  }

  private static String text(Path file) {
    try {
      if (Files.exists(file) && Files.size(file) <= MAX_BYTES) {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      // Not ours to read, as the first process of another user: then there are no settings there.
    }
    return "";
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
