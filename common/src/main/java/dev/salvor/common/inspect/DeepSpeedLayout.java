package dev.salvor.common.inspect;

import dev.salvor.common.format.pickle.PickleValue.Dict;
import dev.salvor.common.format.torch.TorchDict;
import dev.salvor.common.unit.SafePath;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// DeepSpeed: a directory a tag with a file a rank, and "latest" beside it, which names the tag and
/// is written last (deepspeed/runtime/engine.py).
final class DeepSpeedLayout implements Layout {
  private static final Pattern TAG = Pattern.compile("global_step([0-9]{1,18})");
  private static final Pattern MODEL = Pattern.compile("mp_rank_([0-9]{2,6})_model_states\\.pt");
  private static final Pattern ZERO3_MODEL =
      Pattern.compile("zero_pp_rank_([0-9]{1,6})_mp_rank_[0-9]{2,6}_model_states\\.pt");
  private static final Pattern OPTIMIZER =
      Pattern.compile("(?:bf16_)?zero_pp_rank_([0-9]{1,6})_mp_rank_[0-9]{2,6}_optim_states\\.pt");

  /// World sizes beyond this are a damaged file's.
  private static final long MAX_RANKS = 100_000;

  @Override
  public String name() {
    return "deepspeed";
  }

  @Override
  public boolean recognises(Folder folder) throws IOException {
    return hasStates(folder) || isRoot(folder);
  }

  private static boolean hasStates(Folder folder) {
    return folder.hasFile(MODEL) || folder.hasFile(ZERO3_MODEL) || folder.hasFile(OPTIMIZER);
  }

  private static boolean isRoot(Folder folder) throws IOException {
    if (!folder.has("latest")) {
      return false;
    }
    return folder.hasFolder(TAG)
        || folder.text("latest").filter(tag -> TAG.matcher(tag).matches()).isPresent();
  }

  @Override
  public void judge(Folder folder, Finding into) throws IOException {
    if (isRoot(folder)) {
      latest(folder, "latest", into);
    }
    if (folder.has("latest_universal") && isRoot(folder)) {
      latest(folder, "latest_universal", into);
    }
    if (hasStates(folder)) {
      states(folder, into);
    }
  }

  private static void latest(Folder folder, String file, Finding into) throws IOException {
    String tag = folder.text(file).orElse("");
    if (tag.isEmpty() || !SafePath.isSafe(tag)) {
      into.incomplete(file + " names no tag: its writer did not finish");
    } else if (!folder.folders().contains(tag)) {
      into.incomplete(file + " names " + tag + ", which is not there");
    } else {
      Matcher step = TAG.matcher(tag);
      if (step.matches()) {
        into.step(Long.parseLong(step.group(1)));
      }
    }
  }

  private static void states(Folder folder, Finding into) throws IOException {
    Matcher tag = TAG.matcher(folder.name());
    if (tag.matches()) {
      into.step(Long.parseLong(tag.group(1)));
    }
    Optional<String> model =
        folder.files().keySet().stream()
            .filter(file -> file.endsWith("_model_states.pt"))
            .findFirst();
    if (model.isEmpty()) {
      into.incomplete("No model states in " + folder.name());
      return;
    }
    Dict says = folder.read(model.get(), TorchDict::of).flatMap(dict -> dict).orElse(new Dict());
    long modelRanks = Math.max(says.whole("mp_world_size").orElse(1L), folder.most(MODEL) + 1L);
    long dataRanks =
        Math.max(
            says.whole("dp_world_size").orElse(1L),
            Math.max(folder.most(OPTIMIZER), folder.most(ZERO3_MODEL)) + 1L);
    if (modelRanks > MAX_RANKS || dataRanks > MAX_RANKS) {
      into.incomplete("The model states name " + Math.max(modelRanks, dataRanks) + " ranks");
      return;
    }
    ranks(folder, (int) modelRanks, (int) dataRanks, into);
  }

  private static void ranks(Folder folder, int modelRanks, int dataRanks, Finding into) {
    boolean zero3 = folder.hasFile(ZERO3_MODEL);
    boolean optimizer = folder.hasFile(OPTIMIZER);
    for (int model = 0; model < modelRanks; model++) {
      String own = "mp_rank_%02d_model_states.pt".formatted(model);
      if (!zero3 && !folder.has(own)) {
        into.incomplete(own + " is missing");
      }
      for (int data = 0; data < dataRanks; data++) {
        String rank = "zero_pp_rank_%d_mp_rank_%02d_".formatted(data, model);
        if (zero3 && !folder.has(rank + "model_states.pt")) {
          into.incomplete(rank + "model_states.pt is missing");
        }
        String states = rank + "optim_states.pt";
        if (optimizer && !folder.has(states) && !folder.has("bf16_" + states)) {
          into.incomplete(states + " is missing");
        }
      }
    }
  }
}
