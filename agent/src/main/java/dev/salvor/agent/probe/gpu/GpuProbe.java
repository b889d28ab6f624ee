package dev.salvor.agent.probe.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvor.agent.probe.Probe;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.gpu.Xid;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The GPUs as the driver's own library sees them: how many, which, by what driver, what each does,
/// and how well it is.
///
/// Each look: 10 calls a card, about 1 ms a card on real drivers. The first, and each sixth: 20
/// more. Initialised once. A driver that hangs leaves this probe hanging, and it is not asked again
/// before it answers.
public final class GpuProbe implements Probe {
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /// Where there is no GPU at all, nobody plugs one in.
  private static final Duration PERIOD_WITHOUT = Duration.ofMinutes(5);

  /// What wears a card out shows over minutes.
  private static final int HEALTH_EVERY = 6;

  /// The largest machines for rent have 16; more readings than a frame holds say nothing.
  private static final int MAX_CARDS = 16;

  private static final int VERSION_BYTES = 80;

  private final String library;
  private final Fallback fallback;
  private @Nullable Open open;
  private boolean without;
  private int looks;

  /// By the library that the loader finds, or what else there is.
  public GpuProbe(Fallback fallback) {
    this(Nvml.LIBRARY, fallback);
  }

  GpuProbe(String library, Fallback fallback) {
    this.library = library;
    this.fallback = fallback;
  }

  /// Another way to learn of the GPUs, where the library cannot be used.
  @FunctionalInterface
  public interface Fallback {
    /// Throws with the reason of its own.
    List<Reading> read() throws IOException;
  }

  /// What stays between looks.
  ///
  /// @param facts by card: what was read once
  /// @param health by card: what was read last
  private record Open(
      Nvml nvml,
      XidEvents events,
      Map<Integer, List<Reading>> facts,
      Map<Integer, List<Reading>> health) {}

  @Override
  public String name() {
    return Sheet.PROBE;
  }

  @Override
  public Duration period() {
    return without ? PERIOD_WITHOUT : PERIOD;
  }

  @Override
  public Duration timeout() {
    return TIMEOUT;
  }

  @Override
  public String stuck() {
    return "nvml_stuck";
  }

  @Override
  public List<Reading> read() throws IOException {
    try {
      List<Reading> readings = byLibrary();
      without = false;
      return readings;
    } catch (IOException e) {
      open = null;
      try {
        List<Reading> readings = fallback.read();
        without = false;
        return readings;
      } catch (IOException other) {
        without = !(e instanceof NvmlException);
        throw new IOException("%s; %s".formatted(e.getMessage(), other.getMessage()), e);
      }
    }
  }

  private List<Reading> byLibrary() throws IOException {
    Open now = open;
    if (now == null) {
      Nvml nvml = Nvml.open(library);
      XidEvents events = XidEvents.of(nvml, cards(nvml, new Sheet()));
      now = new Open(nvml, events, new HashMap<>(), new HashMap<>());
      open = now;
      looks = 0;
    }
    boolean health = looks++ % HEALTH_EVERY == 0;
    Nvml nvml = now.nvml();
    Sheet sheet = new Sheet();
    sheet.text("driver", () -> driver(nvml));
    sheet.text("cuda of driver", () -> cuda(nvml));
    int count = count(nvml);
    sheet.amount("count", "GPUs", () -> count);
    now.events().collect();
    if (!now.events().missing().isEmpty()) {
      sheet.add(new Reading.Absent(Sheet.PROBE, "xid", now.events().missing()));
    }
    for (Card card : cards(nvml, sheet)) {
      read(now, card, health, sheet);
    }
    return sheet.readings();
  }

  private static void read(Open now, Card card, boolean health, Sheet sheet) throws NvmlException {
    if (!now.facts().containsKey(card.index())) {
      Sheet facts = new Sheet();
      CardFacts.read(card, facts);
      now.facts().put(card.index(), facts.readings());
    }
    if (health || !now.health().containsKey(card.index())) {
      Sheet ill = new Sheet();
      CardHealth.read(card, ill);
      now.health().put(card.index(), ill.readings());
    }
    sheet.addAll(now.facts().get(card.index()));
    CardFigures.read(card, sheet);
    // After the memory in use, at the same look: what a job takes meanwhile is not held by nobody.
    CardProcesses.read(card, sheet);
    sheet.addAll(now.health().get(card.index()));
    XidEvents.Seen seen = now.events().of(card);
    if (seen.reports() > 0) {
      int gravest = seen.gravest();
      sheet.amount(card.name() + " xid", "", () -> gravest);
      sheet.amount(
          card.name() + " xid times", "reports", () -> seen.times().getOrDefault(gravest, 1));
      sheet.amount(card.name() + " xids", "reports", seen::reports);
      sheet.text(card.name() + " xid means", () -> Xid.meaning(gravest).advice());
    }
  }

  /// A card that has fallen off the bus is absent here, or at any later call.
  private static List<Card> cards(Nvml nvml, Sheet sheet) throws NvmlException {
    List<Card> cards = new ArrayList<>();
    int count = Math.min(count(nvml), MAX_CARDS);
    try (Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < count; i++) {
        MemorySegment to = arena.allocate(ADDRESS);
        try {
          nvml.call("nvmlDeviceGetHandleByIndex_v2", i, to);
          cards.add(new Card(nvml, i, to.get(ADDRESS, 0)));
        } catch (NvmlException e) {
          sheet.absent("gpu" + i, e);
        }
      }
    }
    return cards;
  }

  private static int count(Nvml nvml) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      nvml.call("nvmlDeviceGetCount_v2", count);
      return Math.max(0, count.get(JAVA_INT, 0));
    }
  }

  static String driver(Nvml nvml) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(VERSION_BYTES);
      nvml.call("nvmlSystemGetDriverVersion", text, VERSION_BYTES);
      return Texts.of(text);
    }
  }

  /// The newest CUDA that the driver speaks, as "12.4"; of the compatibility package, where the
  /// image brings one.
  private static String cuda(Nvml nvml) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(JAVA_INT);
      nvml.call("nvmlSystemGetCudaDriverVersion_v2", number);
      int version = number.get(JAVA_INT, 0);
      return version / 1000 + "." + version % 1000 / 10;
    }
  }
}
