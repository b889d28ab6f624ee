package dev.salvor.common.framework;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The Hugging Face Trainer's checkpoint-N: model, optimizer and scheduler, random states, and at
/// last trainer_state.json (transformers trainer.py, _save_checkpoint).
final class HfTrainer implements FrameworkRule {
  private static final String STATE = "trainer_state.json";
  private static final Pattern DIRECTORY = Pattern.compile("checkpoint-([0-9]{1,18})");
  private static final Pattern MODEL =
      Pattern.compile(
          "(model|pytorch_model|adapter_model)"
              + "(\\.safetensors|\\.bin|\\.safetensors\\.index\\.json|\\.bin\\.index\\.json)"
              + "|pytorch_model_fsdp\\.bin|pytorch_model_fsdp_[0-9]+/\\.metadata"
              + "|global_step[0-9]+/.*model_states\\.pt");
  private static final Pattern OPTIMIZER =
      Pattern.compile("optimizer\\.(pt|bin)|optimizer_[0-9]+/\\.metadata|global_step[0-9]+/.*");
  private static final Pattern RANDOM = Pattern.compile("rng_state(?:_([0-9]+))?\\.pth");

  @Override
  public String name() {
    return "hf-trainer";
  }

  @Override
  public boolean marks(String directory, Set<String> entries) {
    return entries.contains(STATE) && entries.stream().anyMatch(e -> MODEL.matcher(e).matches());
  }

  @Override
  public boolean recognises(Listing files) {
    boolean named = DIRECTORY.matcher(files.name()).matches();
    return files.has(STATE)
        || (named && (files.has("training_args.bin") || files.hasMatch(RANDOM)));
  }

  @Override
  public Finding judge(Listing files) throws IOException {
    OptionalLong named = named(files.name());
    if (!files.has(STATE)) {
      return Finding.incomplete(named, STATE + " is not there, which the Trainer writes last");
    }
    OptionalLong step = Records.number(files.file(STATE), "global_step");
    if (step.isEmpty()) {
      return Finding.incomplete(named, STATE + " does not parse, or names no global_step");
    }
    if (named.isPresent() && named.getAsLong() != step.getAsLong()) {
      return Finding.torn(step, "the directory is named for another step than " + step.getAsLong());
    }
    Optional<String> missing = missing(files);
    if (missing.isPresent()) {
      return Finding.incomplete(step, missing.get());
    }
    Optional<Finding> parts = ShardedModel.missing(files, step);
    if (parts.isPresent()) {
      return parts.get();
    }
    return allRanks(files) ? Finding.committed(step) : Finding.whole(step);
  }

  private static OptionalLong named(String name) {
    Matcher match = DIRECTORY.matcher(name);
    return match.matches() ? OptionalLong.of(Long.parseLong(match.group(1))) : OptionalLong.empty();
  }

  /// Optimizer, scheduler and random states are all there, or none is: save_only_model.
  private static Optional<String> missing(Listing files) {
    if (!files.hasMatch(MODEL)) {
      return Optional.of("it has no model");
    }
    boolean optimizer = files.hasMatch(OPTIMIZER);
    boolean scheduler = files.has("scheduler.pt");
    boolean random = files.hasMatch(RANDOM);
    boolean engine = files.hasBelow("global_step") || files.has("latest");
    if (optimizer && !scheduler && !engine) {
      return Optional.of("scheduler.pt is missing");
    }
    if (scheduler && !optimizer) {
      return Optional.of("optimizer.pt is missing");
    }
    if (random != (optimizer || scheduler)) {
      return Optional.of(random ? "optimizer.pt is missing" : "rng_state.pth is missing");
    }
    return gap(files);
  }

  private static Optional<String> gap(Listing files) {
    List<String> ranks = files.matching(Pattern.compile("rng_state_[0-9]+\\.pth"));
    for (int rank = 0; rank < ranks.size(); rank++) {
      if (!files.has("rng_state_" + rank + ".pth")) {
        return Optional.of("rng_state_" + rank + ".pth is missing");
      }
    }
    return Optional.empty();
  }

  /// Rank 0 writes the state while others may still write their random states: their number is only
  /// known from a checkpoint before it.
  private static boolean allRanks(Listing files) throws IOException {
    long ranks = files.matching(RANDOM).size();
    if (ranks == 0 || files.has("rng_state.pth") || files.beside().isEmpty()) {
      return true;
    }
    try (DirectoryStream<Path> siblings =
        Files.newDirectoryStream(files.beside().get(), "checkpoint-*")) {
      for (Path sibling : siblings) {
        boolean same =
            !String.valueOf(sibling.getFileName()).equals(files.name())
                && Files.exists(sibling.resolve("rng_state_" + (ranks - 1) + ".pth"))
                && !Files.exists(sibling.resolve("rng_state_" + ranks + ".pth"));
        if (same) {
          return true;
        }
      }
    }
    return false;
  }
}
