package dev.salvor.common.checkpoint;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.JsonReader;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The commit rules of frameworks that write a checkpoint as a directory: what must be there, and
/// what step it says it is.
public final class FrameworkRule {
  public static final String TRAINER_STATE = "trainer_state.json";
  private static final String SAFETENSORS_INDEX = "model.safetensors.index.json";
  private static final Pattern HF_DIRECTORY = Pattern.compile("checkpoint-([0-9]{1,18})");
  private static final Pattern MODEL =
      Pattern.compile(
          "(model|pytorch_model|adapter_model)(\\.safetensors|\\.bin|\\.safetensors\\.index\\.json"
              + "|\\.bin\\.index\\.json)");

  private FrameworkRule() {}

  /// global_step of a trainer_state.json; empty where the file is not (yet) a whole one.
  public static OptionalLong globalStep(Path trainerState) throws IOException {
    List<Long> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(trainerState)) {
      JsonReader json = new JsonReader(in);
      json.object(key -> {
        if (key.equals("global_step")) {
          found.add(json.unsigned());
        } else {
          json.skip();
        }
      });
      json.end();
    } catch (DamagedException | java.nio.charset.CharacterCodingException e) {
      return OptionalLong.empty();
    }
    return found.isEmpty() ? OptionalLong.empty() : OptionalLong.of(found.getFirst());
  }

  /// Whether the names of an HF Trainer directory are those of a whole checkpoint: a model, and
  /// optimizer, scheduler and random state either all or none.
  public static boolean isWholeTrainerDirectory(List<String> names) {
    boolean optimizer = names.contains("optimizer.pt") || names.contains("optimizer.bin");
    boolean scheduler = names.contains("scheduler.pt");
    boolean random = names.stream().anyMatch(name -> name.matches("rng_state(_[0-9]+)?\\.pth"));
    return names.contains(TRAINER_STATE)
        && names.stream().anyMatch(name -> MODEL.matcher(name).matches())
        && optimizer == scheduler
        && optimizer == random;
  }

  static Verdict judge(Unit unit, Path data, List<String> reasons) throws IOException {
    List<String> names = unit.manifest().files().stream().map(FileEntry::path).toList();
    Verdict verdict = Verdict.ACCEPT;
    if (names.contains(SAFETENSORS_INDEX)) {
      verdict = shards(data.resolve(SAFETENSORS_INDEX), names, reasons);
    }
    if (names.contains(TRAINER_STATE)) {
      verdict = verdict.worst(trainer(unit, data, names, reasons));
    }
    return verdict;
  }

  private static Verdict trainer(Unit unit, Path data, List<String> names, List<String> reasons)
      throws IOException {
    OptionalLong step = globalStep(data.resolve(TRAINER_STATE));
    if (step.isEmpty() || !isWholeTrainerDirectory(names)) {
      reasons.add("The Trainer's directory lacks a part");
      return Verdict.REJECT_INCOMPLETE;
    }
    Matcher named = HF_DIRECTORY.matcher(lastName(unit.manifest().root()));
    if (named.matches() && Long.parseLong(named.group(1)) != step.getAsLong()) {
      reasons.add("The directory is named for another step than " + step.getAsLong());
      return Verdict.REJECT_CORRUPT;
    }
    return Verdict.ACCEPT;
  }

  private static String lastName(String root) {
    return root.substring(root.lastIndexOf('/') + 1);
  }

  private static Verdict shards(Path index, List<String> names, List<String> reasons)
      throws IOException {
    TreeSet<String> shards = new TreeSet<>();
    try (InputStream in = Files.newInputStream(index)) {
      JsonReader json = new JsonReader(in);
      json.object(key -> {
        if (key.equals("weight_map")) {
          json.object(tensor -> shards.add(json.string(4096)));
        } else {
          json.skip();
        }
      });
    } catch (DamagedException | java.nio.charset.CharacterCodingException e) {
      reasons.add("The shard index does not parse: " + e.getMessage());
      return Verdict.REJECT_CORRUPT;
    }
    Verdict verdict = Verdict.ACCEPT;
    for (String shard : shards) {
      if (!names.contains(shard)) {
        reasons.add("Shard " + shard + " is missing");
        verdict = Verdict.REJECT_INCOMPLETE;
      }
    }
    return verdict;
  }
}
