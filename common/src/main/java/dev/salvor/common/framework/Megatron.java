package dev.salvor.common.framework;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Megatron-LM's iter_N: one directory a rank, or distributed files with a metadata.json, and
/// beside it latest_checkpointed_iteration.txt, which is written last (Megatron-LM
/// checkpointing.py).
final class Megatron implements FrameworkRule {
  static final String NOTE = "latest_checkpointed_iteration.txt";
  private static final String STATE = "model_optim_rng.pt";
  private static final String OPTIMIZER = "distrib_optim.pt";
  private static final String RELEASE = "release";
  private static final Pattern DIRECTORY = Pattern.compile("iter_[0-9]{7,18}");
  private static final Pattern RANK = Pattern.compile("mp_rank_[0-9]+(_[0-9]+)*");
  private static final Pattern RANK_FILE = Pattern.compile("mp_rank_[0-9_]+/.+");

  @Override
  public String name() {
    return "megatron";
  }

  @Override
  public boolean marks(String directory, Set<String> entries) {
    return entries.stream().anyMatch(entry -> RANK.matcher(entry).matches());
  }

  @Override
  public boolean recognises(Listing files) {
    return DIRECTORY.matcher(files.name()).matches() || files.hasMatch(RANK_FILE);
  }

  @Override
  public Finding judge(Listing files) throws IOException {
    OptionalLong step = Names.step(files.name());
    Optional<Finding> lacking =
        files.hasMatch(RANK_FILE) ? ranks(files, step) : shards(files, step);
    if (lacking.isPresent()) {
      return lacking.get();
    }
    Optional<String> note = files.note(NOTE);
    if (files.name().equals(RELEASE) && note.equals(Optional.of(RELEASE))) {
      return Finding.committed(step);
    }
    return Finding.byNote(step, note.map(Megatron::number).orElse(OptionalLong.empty()));
  }

  private static Optional<Finding> ranks(Listing files, OptionalLong step) {
    Set<String> ranks = new TreeSet<>();
    for (String path : files.matching(RANK_FILE)) {
      ranks.add(path.substring(0, path.indexOf('/')));
    }
    boolean split = ranks.stream().anyMatch(rank -> files.has(rank + "/" + OPTIMIZER));
    int expected = 0;
    for (String rank : ranks) {
      for (String part : split ? List.of(STATE, OPTIMIZER) : List.of(STATE)) {
        if (!files.has(rank + "/" + part)) {
          return Optional.of(Finding.incomplete(step, rank + "/" + part + " is missing"));
        }
      }
      int first = Integer.parseInt(rank.substring("mp_rank_".length()).split("_", -1)[0]);
      if (first > expected) {
        return Optional.of(Finding.incomplete(step, "model-parallel rank " + expected));
      }
      expected = first + 1;
    }
    return Optional.empty();
  }

  private static Optional<Finding> shards(Listing files, OptionalLong step) throws IOException {
    if (!files.has("metadata.json")) {
      return Optional.of(Finding.incomplete(step, "metadata.json is not there"));
    }
    return DistributedCheckpoint.lacking(files, step);
  }

  private static OptionalLong number(String note) {
    return note.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(note))
        : OptionalLong.empty();
  }
}
