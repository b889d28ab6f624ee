package dev.salvor.common.inspect;

import dev.salvor.common.unit.SafePath;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// TensorFlow: an index and its shards (judged together by their format), the state file that names
/// the newest prefix, and SavedModel around them.
final class TensorFlowLayout implements Layout {
  private static final Pattern SHARD = Pattern.compile("(.*)\\.data-[0-9]{5}-of-[0-9]{5}");
  private static final Pattern NEWEST =
      Pattern.compile("(?m)^\\s*model_checkpoint_path\\s*:\\s*\"([^\"\\\\]*)\"");

  @Override
  public String name() {
    return "tensorflow";
  }

  @Override
  public boolean recognises(Folder folder) throws IOException {
    return folder.hasFile(SHARD) || folder.has("saved_model.pb") || isState(folder);
  }

  private static boolean isState(Folder folder) throws IOException {
    return folder.has("checkpoint")
        && folder.text("checkpoint").filter(text -> NEWEST.matcher(text).find()).isPresent();
  }

  @Override
  public void judge(Folder folder, Finding into) throws IOException {
    for (String file : folder.files().keySet()) {
      Matcher shard = SHARD.matcher(file);
      if (shard.matches() && !folder.has(shard.group(1) + ".index")) {
        into.incomplete(file + " has no index: its writer did not finish");
      }
    }
    if (isState(folder)) {
      Matcher newest = NEWEST.matcher(folder.text("checkpoint").orElse(""));
      if (newest.find()) {
        newest(folder, newest.group(1), into);
      }
    }
  }

  /// An absolute path is the writer's; its last name is what a copy has.
  private static void newest(Folder folder, String prefix, Finding into) {
    String name = prefix.startsWith("/") ? prefix.substring(prefix.lastIndexOf('/') + 1) : prefix;
    if (!SafePath.isSafe(name)) {
      into.incomplete("The file \"checkpoint\" names no checkpoint: " + prefix);
    } else if (!folder.path().resolve(name + ".index").toFile().isFile()) {
      into.incomplete("The file \"checkpoint\" names " + name + ", which is not there");
    }
  }
}
