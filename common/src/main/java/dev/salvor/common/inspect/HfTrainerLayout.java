package dev.salvor.common.inspect;

import dev.salvor.common.format.JsonReader;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A checkpoint of Hugging Face's Trainer: trainer_state.json is written last, into the final
/// directory (transformers, trainer.py, _save_checkpoint).
final class HfTrainerLayout implements Layout {
  private static final String STATE = "trainer_state.json";
  private static final Pattern NAMED = Pattern.compile("checkpoint-([0-9]{1,18})");
  private static final Pattern MODEL =
      Pattern.compile(
          "(model|pytorch_model|adapter_model|tf_model|flax_model)"
              + "(\\.safetensors|\\.bin|\\.h5|\\.msgpack)(\\.index\\.json)?");

  /// Where FSDP and DeepSpeed put model and optimizer instead.
  private static final Pattern SHARDED =
      Pattern.compile("(pytorch_model_fsdp.*|optimizer_[0-9]+|global_step[0-9]+)");

  private static final Pattern RANDOM = Pattern.compile("rng_state(_[0-9]{1,6})?\\.pth");
  private static final Pattern RANDOM_OF_RANK = Pattern.compile("rng_state_([0-9]{1,6})\\.pth");

  @Override
  public String name() {
    return "hf-trainer";
  }

  @Override
  public boolean recognises(Folder folder) {
    boolean parts = folder.has("training_args.bin") || folder.has("scheduler.pt");
    return folder.has(STATE) || (parts && NAMED.matcher(folder.name()).matches());
  }

  @Override
  public void judge(Folder folder, Finding into) throws IOException {
    if (folder.has(STATE)) {
      step(folder, into);
    } else {
      into.incomplete("No " + STATE + ", which the Trainer writes last");
    }
    boolean sharded = folder.hasFolder(SHARDED);
    if (!folder.hasFile(MODEL) && !sharded) {
      into.incomplete("No model in the Trainer's directory");
    }
    boolean optimizer = folder.has("optimizer.pt") || folder.has("optimizer.bin") || sharded;
    boolean scheduler = folder.has("scheduler.pt");
    boolean random = folder.hasFile(RANDOM);
    if (optimizer != random || (scheduler && !optimizer) || (optimizer && !scheduler && !sharded)) {
      into.incomplete("Of optimizer, scheduler and random state some are there and some are not");
    }
    int ranks = folder.most(RANDOM_OF_RANK);
    for (int rank = 0; rank <= ranks; rank++) {
      if (!folder.has("rng_state_" + rank + ".pth")) {
        into.incomplete("No random state of rank " + rank);
        return;
      }
    }
  }

  private static void step(Folder folder, Finding into) throws IOException {
    Optional<OptionalLong> read =
        folder.read(
            STATE, content -> globalStep(new JsonReader(content.stream(0, content.size()))));
    OptionalLong step = read.orElse(OptionalLong.empty());
    if (step.isEmpty()) {
      into.incomplete(STATE + " is not whole, or has no global_step");
      return;
    }
    into.step(step.getAsLong());
    Matcher named = NAMED.matcher(folder.name());
    if (named.matches() && Long.parseLong(named.group(1)) != step.getAsLong()) {
      into.found(
          Verdict.REJECT_CORRUPT,
          folder.name() + " is of another step by its own word: " + step.getAsLong());
    }
  }

  private static OptionalLong globalStep(JsonReader json) throws IOException {
    OptionalLong[] found = {OptionalLong.empty()};
    json.object(key -> {
      if (key.equals("global_step")) {
        found[0] = json.count();
      } else {
        json.skip();
      }
    });
    json.end();
    return found[0];
  }
}
