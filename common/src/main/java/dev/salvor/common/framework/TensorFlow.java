package dev.salvor.common.framework;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// TensorFlow's bundle: X.index and the X.data files that its name counts, alone, in a SavedModel
/// or beside a `checkpoint` note that names X (tensor_bundle.proto, checkpoint_state.proto).
final class TensorFlow implements FrameworkRule {
  static final Pattern INDEX = Pattern.compile("(.+)\\.index");
  static final Pattern DATA = Pattern.compile("(.+)\\.data-([0-9]{5})-of-([0-9]{5})");
  private static final Pattern NOTED = Pattern.compile("model_checkpoint_path: \"([^\"]+)\"");
  private static final String NOTE = "checkpoint";
  private static final String MODEL = "saved_model.pb";

  @Override
  public String name() {
    return "tensorflow";
  }

  @Override
  public boolean marks(String directory, Set<String> entries) {
    return entries.contains(MODEL);
  }

  @Override
  public boolean recognises(Listing files) {
    return files.has(MODEL) || files.hasMatch(DATA);
  }

  @Override
  public Finding judge(Listing files) throws IOException {
    OptionalLong step = step(files);
    if (files.has(MODEL) && !files.hasMatch(DATA)) {
      return files.has("variables/variables.index")
          ? Finding.incomplete(step, "the variables' data is missing")
          : Finding.whole(step);
    }
    for (String data : files.matching(DATA)) {
      Optional<String> missing = missing(files, data);
      if (missing.isPresent()) {
        return Finding.incomplete(step, missing.get() + " is missing");
      }
    }
    return Finding.byNote(step, noted(files));
  }

  private static Optional<String> missing(Listing files, String data) {
    Matcher match = DATA.matcher(data);
    if (!match.matches()) {
      return Optional.empty();
    }
    String prefix = match.group(1);
    if (!files.has(prefix + ".index")) {
      return Optional.of(prefix + ".index");
    }
    int shards = Integer.parseInt(match.group(3));
    for (int shard = 0; shard < shards; shard++) {
      String name = "%s.data-%05d-of-%05d".formatted(prefix, shard, shards);
      if (!files.has(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static OptionalLong step(Listing files) {
    List<String> data = files.matching(DATA);
    if (files.has(MODEL) || data.isEmpty()) {
      return Names.step(files.name());
    }
    Matcher match = DATA.matcher(data.getLast());
    return match.matches() ? Names.step(match.group(1)) : OptionalLong.empty();
  }

  private static OptionalLong noted(Listing files) throws IOException {
    Matcher match = NOTED.matcher(files.note(NOTE).orElse(""));
    return match.find() ? Names.step(match.group(1)) : OptionalLong.empty();
  }
}
