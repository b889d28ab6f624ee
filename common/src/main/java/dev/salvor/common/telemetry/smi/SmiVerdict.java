package dev.salvor.common.telemetry.smi;

import dev.salvor.common.telemetry.Verdict;
import dev.salvor.common.telemetry.gpu.Gauge;
import dev.salvor.common.telemetry.gpu.GpuConclusion;
import dev.salvor.common.telemetry.gpu.GpuField;
import dev.salvor.common.telemetry.gpu.GpuHealth;
import dev.salvor.common.telemetry.gpu.GpuReading;
import dev.salvor.common.telemetry.gpu.GpuTrouble;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a text of nvidia-smi's amounts to, in a word and in a sentence.
///
/// @param conclusion for a person: what is so, and what to do
public record SmiVerdict(Verdict verdict, String conclusion) {
  /// Numbers that a person asks for: that a card gives one of them and not another is the rule,
  /// that it gives none is not.
  private static final Set<String> NEEDED =
      Set.of(
          "utilization.gpu",
          "memory.used",
          "memory.total",
          "memory.free",
          "temperature.gpu",
          "power.draw");

  /// Sentences beyond these would bury the first.
  private static final int MOST_SENTENCES = 4;

  public static SmiVerdict of(Smi.Told told) {
    GpuConclusion health = GpuHealth.of(told.report());
    Verdict usable = usable(told);
    if (usable != Verdict.PARSE_OK) {
      return new SmiVerdict(usable, sentences(health.why()));
    }
    if (health.grade().compareTo(GpuConclusion.Grade.DEGRADED) >= 0) {
      return new SmiVerdict(Verdict.PARSE_OK_FAULT, sentences(health.why()));
    }
    List<String> failed = failed(told);
    if (!failed.isEmpty()) {
      return new SmiVerdict(
          Verdict.FIELD_ERROR,
          "the driver failed to say %s: often passing, a bad sign where it stays"
              .formatted(String.join(", ", failed)));
    }
    List<String> missing = missing(told);
    if (!missing.isEmpty()) {
      return new SmiVerdict(
          Verdict.FIELD_NA, "not to be had on this card: " + String.join(", ", missing));
    }
    return new SmiVerdict(Verdict.PARSE_OK, good(told, health));
  }

  private static Verdict usable(Smi.Told told) {
    List<GpuTrouble> blocking =
        told.report().troubles().stream().filter(GpuTrouble::unusable).toList();
    long lost = told.report().gpus().stream().filter(GpuHealth::isLost).count();
    if (blocking.isEmpty() && lost == 0) {
      return Verdict.PARSE_OK;
    }
    boolean all = blocking.stream().anyMatch(trouble -> trouble.card().isEmpty());
    boolean others =
        told.report().gpus().size() > lost || blocking.stream().anyMatch(SmiVerdict::isOneOfMany);
    return !all && others ? Verdict.GPU_PARTIAL : Verdict.GPU_UNUSABLE;
  }

  /// A nvidia-smi that numbers the card goes on with the others, and card 3 is not the only one;
  /// one that gives the bus only has given up.
  private static boolean isOneOfMany(GpuTrouble trouble) {
    return trouble.card().matches("[1-9][0-9]{0,2}(?::.*)?")
        && (trouble.card().contains(": ") || trouble.card().length() <= 3);
  }

  private static List<String> failed(Smi.Told told) {
    List<String> fields =
        told.report().gpus().stream()
            .flatMap(gpu -> gpu.ordered().entrySet().stream().map(one -> failed(gpu, one)))
            .filter(words -> !words.isEmpty())
            .distinct()
            .limit(MOST_SENTENCES)
            .toList();
    if (!fields.isEmpty()) {
      return fields;
    }
    return told.missing().entrySet().stream()
        .filter(one -> Gauge.Why.of(one.getValue()) == Gauge.Why.FAILED)
        .map(one -> "%s (%s)".formatted(one.getKey(), one.getValue()))
        .sorted()
        .limit(MOST_SENTENCES)
        .toList();
  }

  private static String failed(GpuReading gpu, Map.Entry<GpuField, Gauge> one) {
    return one.getValue() instanceof Gauge.Missing none && none.why() == Gauge.Why.FAILED
        ? "%s of GPU %d (%s)".formatted(one.getKey().words(), gpu.who().index(), none.said())
        : "";
  }

  /// Without a header nobody can tell which number it is that is missing, so any counts; with one,
  /// where none of those that are needed can be had. A card cut into slices tells less of itself.
  private static List<String> missing(Smi.Told told) {
    boolean sliced = told.report().gpus().stream().anyMatch(gpu -> gpu.is(GpuField.MIG));
    List<String> needed = told.columns().stream().filter(NEEDED::contains).toList();
    boolean noneOfThem = !needed.isEmpty() && told.missing().keySet().containsAll(needed);
    if (!told.columns().isEmpty() && (sliced || !noneOfThem)) {
      return List.of();
    }
    return told.missing().entrySet().stream()
        .map(one -> "%s (%s)".formatted(one.getKey(), one.getValue()))
        .sorted()
        .limit(MOST_SENTENCES)
        .toList();
  }

  private static String good(Smi.Told told, GpuConclusion health) {
    if (!health.why().isEmpty()) {
      return sentences(health.why());
    }
    String driver = told.report().driver().isEmpty() ? "" : ", driver " + told.report().driver();
    String cuda = told.report().cuda().isEmpty() ? "" : ", CUDA up to " + told.report().cuda();
    return cards(told.report().gpus()) + driver + cuda + ": nothing is wrong by this";
  }

  /// As "2 x NVIDIA A100".
  private static String cards(List<GpuReading> gpus) {
    if (gpus.isEmpty()) {
      return "no card is told";
    }
    Map<String, Long> byName =
        gpus.stream()
            .map(gpu -> gpu.who().name().isEmpty() ? "GPU" : gpu.who().name())
            .collect(
                Collectors.groupingBy(name -> name, LinkedHashMap::new, Collectors.counting()));
    return byName.entrySet().stream()
        .limit(MOST_SENTENCES)
        .map(one -> one.getValue() + " x " + one.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String sentences(List<String> why) {
    String shown = String.join("; ", why.subList(0, Math.min(MOST_SENTENCES, why.size())));
    int more = why.size() - MOST_SENTENCES;
    return more > 0 ? shown + "; and %d more".formatted(more) : shown;
  }
}
