package dev.salvor.controller.sim;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Which faults a world may have, how likely each is, how often and for how long: a text file of
/// one fault a line, so that mixes can be put together without a build.
///
/// `outbid 0.5 1-3 3s-8m`: in half of the worlds, one to three times, for 3 seconds to 8 minutes.
/// Times and durations may be left out; `#` begins a remark.
record Mix(List<Item> items) {
  private static final String USUAL = "/sim/usual.faults";
  private static final long MOST_MS = 24 * 3_600_000L;
  private static final int MOST_TIMES = 100;

  Mix {
    items = List.copyOf(items);
  }

  /// One fault of a mix.
  ///
  /// @param share of the worlds that have it, 0 to 1
  record Item(FaultKind kind, double share, Span times, Span ms) {}

  /// Both ends included.
  record Span(long from, long to) {
    Span {
      if (from < 0 || to < from) {
        throw new IllegalArgumentException("From %d to %d is no span".formatted(from, to));
      }
    }

    long draw(SplittableRandom chance) {
      return chance.nextLong(from, to + 1);
    }
  }

  static Mix usual() {
    try (InputStream in = Mix.class.getResourceAsStream(USUAL)) {
      if (in == null) {
        throw new IllegalStateException("No " + USUAL + " on the class path");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read " + USUAL, e);
    }
  }

  /// The same with one fault in every world.
  Mix always(FaultKind kind) {
    return new Mix(
        items.stream()
            .map(i -> i.kind() == kind ? new Item(kind, 1, i.times(), i.ms()) : i)
            .toList());
  }

  /// By the property `salvor.sim.faults`; the usual one without it.
  static Mix chosen() {
    String file = System.getProperty("salvor.sim.faults", "");
    return file.isEmpty() ? usual() : read(Path.of(file));
  }

  static Mix read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read the fault mix " + file + ": " + e, e);
    }
  }

  /// Every problem at once, each with its line.
  static Mix parse(String text) {
    List<Item> items = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      try {
        if (!line.isEmpty()) {
          items.add(item(line.split("\\s+", -1)));
        }
      } catch (IllegalArgumentException e) {
        problems.add("line %d: %s".formatted(i + 1, e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new Mix(items);
  }

  private static Item item(String[] words) {
    if (words.length < 2 || words.length > 4) {
      throw new IllegalArgumentException("'FAULT SHARE [TIMES] [FOR]' is wanted");
    }
    double share = Double.parseDouble(words[1]);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is from 0 to 1, not " + words[1]);
    }
    Span times = words.length > 2 ? span(words[2], MOST_TIMES) : new Span(1, 1);
    Span ms = words.length > 3 ? span(words[3], MOST_MS) : new Span(3_000, 480_000);
    return new Item(kind(words[0]), share, times, ms);
  }

  private static FaultKind kind(String word) {
    String name = word.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(FaultKind.values())
        .filter(k -> k.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("no fault '%s'; there are %s".formatted(word, all())));
  }

  private static String all() {
    return Arrays.stream(FaultKind.values()).map(Mix::word).collect(Collectors.joining(", "));
  }

  static String word(FaultKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Span span(String text, long most) {
    String[] ends = text.split("-", 2);
    Span span = new Span(number(ends[0]), number(ends[ends.length - 1]));
    if (span.to() > most) {
      throw new IllegalArgumentException(text + " is too much");
    }
    return span;
  }

  private static long number(String text) {
    long unit =
        switch (text.charAt(text.length() - 1)) {
          case 's' -> 1_000;
          case 'm' -> 60_000;
          case 'h' -> 3_600_000;
          default -> 1;
        };
    return Long.parseLong(unit == 1 ? text : text.substring(0, text.length() - 1)) * unit;
  }

  /// What happens in one world, within so much of its time.
  List<Plan.Fault> draw(SplittableRandom chance, long endMs) {
    List<Plan.Fault> faults = new ArrayList<>();
    for (Item item : items) {
      if (chance.nextDouble() >= item.share()) {
        continue;
      }
      for (long n = item.times().draw(chance); n > 0; n--) {
        faults.add(
            new Plan.Fault(chance.nextLong(5_000, endMs), item.kind(), item.ms().draw(chance)));
      }
    }
    return faults;
  }
}
