package dev.salvor.common.framework;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// DeepSpeed's tag directory: model states by model-parallel rank, optimizer states by
/// data-parallel rank, and beside it `latest`, which rank 0 writes last (DeepSpeed engine.py,
/// save_checkpoint).
final class DeepSpeed implements FrameworkRule {
  static final String NOTE = "latest";
  private static final Pattern STATES =
      Pattern.compile("(?:.*_)?(?:model_states|optim_states)\\.pt");
  private static final Pattern MODEL = Pattern.compile("mp_rank_([0-9]+)_model_states\\.pt");
  private static final Pattern SPLIT_MODEL =
      Pattern.compile("zero_pp_rank_([0-9]+)_mp_rank_([0-9]+)_model_states\\.pt");
  private static final Pattern OPTIMIZER =
      Pattern.compile("(?:bf16_)?zero_pp_rank_([0-9]+)_mp_rank_([0-9]+)_optim_states\\.pt");
  private static final String DATA_RANKS = "dp_world_size";
  private static final String MODEL_RANKS = "mp_world_size";

  @Override
  public String name() {
    return "deepspeed";
  }

  @Override
  public boolean marks(String directory, Set<String> entries) {
    return entries.stream().anyMatch(entry -> STATES.matcher(entry).matches());
  }

  @Override
  public boolean recognises(Listing files) {
    return files.hasMatch(STATES);
  }

  @Override
  public Finding judge(Listing files) throws IOException {
    OptionalLong step = Names.step(files.name());
    Optional<String> missing = missing(files);
    if (missing.isPresent()) {
      return Finding.incomplete(step, missing.get());
    }
    Optional<String> latest = files.note(NOTE).filter(tag -> !tag.isEmpty());
    if (latest.isPresent() && latest.get().equals(files.name())) {
      return Finding.committed(step);
    }
    return Finding.byNote(step, latest.map(Names::step).orElse(OptionalLong.empty()));
  }

  private static Optional<String> missing(Listing files) throws IOException {
    List<String> models = files.matching(MODEL);
    List<String> split = files.matching(SPLIT_MODEL);
    List<String> optimizers = files.matching(OPTIMIZER);
    if (models.isEmpty() && split.isEmpty()) {
      return Optional.of("it has no model states");
    }
    Map<String, Long> world =
        Records.torchNumbers(
            files.file(models.isEmpty() ? split.getFirst() : models.getFirst()),
            Set.of(DATA_RANKS, MODEL_RANKS));
    long modelRanks = world.getOrDefault(MODEL_RANKS, ranks(models, MODEL, 1));
    long dataRanks = world.getOrDefault(DATA_RANKS, ranks(optimizers, OPTIMIZER, 1));
    if (models.size() < modelRanks && split.isEmpty()) {
      return Optional.of("model states of %d of %d ranks".formatted(models.size(), modelRanks));
    }
    if (!split.isEmpty() && split.size() < dataRanks) {
      return Optional.of("model states of %d of %d ranks".formatted(split.size(), dataRanks));
    }
    boolean sharded = !optimizers.isEmpty() || !split.isEmpty();
    return sharded && optimizers.size() < dataRanks
        ? Optional.of("optimizer states of %d of %d ranks".formatted(optimizers.size(), dataRanks))
        : Optional.empty();
  }

  /// One more than the highest rank that the names tell.
  private static long ranks(List<String> names, Pattern pattern, int group) {
    long highest = -1;
    for (String name : names) {
      Matcher match = pattern.matcher(name);
      if (match.matches()) {
        highest = Math.max(highest, Long.parseLong(match.group(group)));
      }
    }
    return highest + 1;
  }
}
