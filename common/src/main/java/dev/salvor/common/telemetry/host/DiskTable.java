package dev.salvor.common.telemetry.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what df prints: blocks of any size, people's sizes (-h), inodes (-i), with types (-T), and
/// a Mac's.
public final class DiskTable {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,3})?)([BKMGTPE]?)(?:i?B?)");
  private static final Pattern BLOCK = Pattern.compile("(?i)(\\d{1,7})([kmg]?)i?b?-blocks");

  private DiskTable() {}

  /// One file system's room. What is not told is -1.
  public record Room(
      String source, String place, double total, double used, double free, boolean inodes) {
    /// Of 1; NaN where that is not told.
    public double full() {
      return used + free > 0 ? used / (used + free) : Double.NaN;
    }
  }

  public static boolean isLike(List<String> lines) {
    return lines.stream().anyMatch(DiskTable::isHead);
  }

  private static boolean isHead(String line) {
    String small = line.strip().toLowerCase(Locale.ROOT);
    return small.startsWith("filesystem")
        && small.endsWith("mounted on")
        && (small.contains("used") || small.contains("free") || small.contains("avail"));
  }

  public static List<Room> read(List<String> lines) {
    List<Room> rooms = new ArrayList<>();
    Optional<Head> head = Optional.empty();
    String begun = "";
    for (String line : lines) {
      if (isHead(line)) {
        head = Optional.of(Head.of(line));
        continue;
      }
      if (head.isEmpty() || rooms.size() >= Mount.MOST || line.isBlank()) {
        continue;
      }
      // A long device stands alone on its line, and its numbers on the next.
      String whole = (begun + " " + line).strip();
      Optional<Room> room = head.get().room(whole);
      room.ifPresent(rooms::add);
      begun = room.isEmpty() && begun.isEmpty() && !line.startsWith(" ") ? line : "";
    }
    return rooms;
  }

  /// Where the numbers stand, counted from the first that is one.
  private record Head(int total, int used, int free, int columns, double unit, boolean inodes) {
    static Head of(String line) {
      String small = line.toLowerCase(Locale.ROOT).replace("mounted on", "").strip();
      List<String> names = List.of(small.split("\\s+", -1));
      int first = names.contains("type") ? 2 : 1;
      List<String> numbers = names.subList(Math.min(first, names.size()), names.size());
      boolean inodes = numbers.contains("inodes");
      int used = index(numbers, inodes ? "iused" : "used");
      int free = index(numbers, inodes ? "ifree" : "avail", "available", "free");
      Matcher block = BLOCK.matcher(numbers.isEmpty() ? "" : numbers.getFirst());
      return new Head(0, used, free, numbers.size(), block.matches() ? unit(block) : 1, inodes);
    }

    private static double unit(Matcher block) {
      String letter = block.group(2).toUpperCase(Locale.ROOT);
      return Double.parseDouble(block.group(1)) * scale(letter);
    }

    private static int index(List<String> names, String... wanted) {
      for (String name : wanted) {
        if (names.contains(name)) {
          return names.indexOf(name);
        }
      }
      return -1;
    }

    /// The place may have blanks and the source as well: the numbers are found first.
    Optional<Room> room(String line) {
      List<String> words = List.of(line.split("\\s+", 256));
      for (int from = 1; from + columns < words.size() + 1; from++) {
        if (isRow(words, from)) {
          String place = String.join(" ", words.subList(from + columns, words.size()));
          if (place.isEmpty() || !place.startsWith("/")) {
            continue;
          }
          return Optional.of(
              new Room(
                  words.getFirst(),
                  place,
                  size(words.get(from + total)),
                  used < 0 ? -1 : size(words.get(from + used)),
                  free < 0 ? -1 : size(words.get(from + free)),
                  inodes));
        }
      }
      return Optional.empty();
    }

    private boolean isRow(List<String> words, int from) {
      for (int i = from; i < from + columns; i++) {
        String word = words.get(i);
        boolean share = word.equals("-") || word.matches("[0-9]{1,3}%");
        if (!share && !SIZE.matcher(word).matches()) {
          return false;
        }
      }
      return true;
    }

    private double size(String word) {
      Matcher size = SIZE.matcher(word);
      if (!size.matches()) {
        return -1;
      }
      double number = Double.parseDouble(size.group(1));
      return size.group(2).isEmpty() ? number * unit : number * scale(size.group(2));
    }

    private static double scale(String letter) {
      return letter.isEmpty() ? 1 : Math.pow(1024, "BKMGTPE".indexOf(letter));
    }
  }
}
