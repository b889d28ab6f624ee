package dev.salvor.common.inspect;

import java.io.IOException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Megatron-LM: a directory an iteration, and a tracker file that is written last and names the
/// iteration (megatron/training/checkpointing.py).
final class MegatronLayout implements Layout {
  private static final String TRACKER = "latest_checkpointed_iteration.txt";
  private static final Pattern ITERATION = Pattern.compile("iter_([0-9]{7,18})");
  private static final Pattern RANK =
      Pattern.compile("mp_rank_([0-9]{2,6})(_[0-9]{3,6})?(_[0-9]{3,6})?");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  @Override
  public String name() {
    return "megatron";
  }

  @Override
  public boolean recognises(Folder folder) {
    return folder.has(TRACKER) || isIteration(folder);
  }

  private static boolean isIteration(Folder folder) {
    return ITERATION.matcher(folder.name()).matches()
        && (folder.hasFolder(RANK) || folder.has("metadata.json"));
  }

  @Override
  public void judge(Folder folder, Finding into) throws IOException {
    if (folder.has(TRACKER)) {
      tracker(folder, into);
    }
    Matcher iteration = ITERATION.matcher(folder.name());
    if (isIteration(folder) && iteration.matches()) {
      into.step(Long.parseLong(iteration.group(1)));
      iteration(folder, into);
    }
  }

  private static void tracker(Folder folder, Finding into) throws IOException {
    Optional<String> text = folder.text(TRACKER);
    String said = text.orElse("");
    if (said.equals("release")) {
      if (!folder.folders().contains("release")) {
        into.incomplete(TRACKER + " names a release, which is not there");
      }
      return;
    }
    if (!DIGITS.matcher(said).matches()) {
      into.incomplete(TRACKER + " names no iteration: its writer did not finish");
      return;
    }
    long step = Long.parseLong(said);
    into.step(step);
    if (!folder.folders().contains("iter_%07d".formatted(step))) {
      into.incomplete(TRACKER + " names iteration " + step + ", which is not there");
    }
  }

  private static void iteration(Folder folder, Finding into) {
    if (folder.has("metadata.json")) {
      if (!folder.has(".metadata") && !folder.has("common.pt")) {
        into.incomplete(folder.name() + " has metadata.json and no .metadata");
      }
      return;
    }
    TreeSet<Integer> ranks = new TreeSet<>();
    for (String sub : folder.folders()) {
      Matcher rank = RANK.matcher(sub);
      if (rank.matches()) {
        ranks.add(Integer.parseInt(rank.group(1)));
        if (!folder.path().resolve(sub).resolve("model_optim_rng.pt").toFile().isFile()
            && !folder.path().resolve(sub).resolve("model_rng.pt").toFile().isFile()) {
          into.incomplete(folder.name() + "/" + sub + " has no model_optim_rng.pt");
        }
      }
    }
    if (ranks.getLast() != ranks.size() - 1) {
      into.incomplete(folder.name() + " lacks one of " + (ranks.getLast() + 1) + " tensor ranks");
    }
  }
}
