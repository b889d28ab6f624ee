package dev.salvor.common.format.torch;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.pickle.PickleBytes;
import dev.salvor.common.format.pickle.PickleJudge;
import dev.salvor.common.format.pickle.PickleValue;
import dev.salvor.common.format.pickle.PickleValue.Dict;
import dev.salvor.common.format.pickle.PickleValue.Made;
import dev.salvor.common.format.pickle.PickleWalk;
import dev.salvor.common.unit.SafePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The .metadata of a distributed checkpoint (torch/distributed/checkpoint/metadata.py): which
/// slice of which file each piece of state is.
///
/// @param inspection of the pickle itself
public record DcpMetadata(Inspection inspection, List<Slice> slices) {
  /// A stretch of a file that is one torch file.
  public record Slice(String file, long offset, long length) {}

  public DcpMetadata {
    slices = List.copyOf(slices);
  }

  public static DcpMetadata read(Content content) throws IOException {
    PickleWalk walk = new PickleWalk(new PickleBytes(content.stream(0, content.size())));
    List<String> damage = new ArrayList<>();
    List<Slice> slices = new ArrayList<>();
    PickleValue value = walk.pickle();
    Optional<Dict> storage =
        state(value)
            .flatMap(dict -> dict.get("storage_data"))
            .filter(Dict.class::isInstance)
            .map(Dict.class::cast);
    if (storage.isEmpty()) {
      damage.add("The metadata names no storage");
    } else {
      for (Dict.Entry entry : storage.get().entries()) {
        slices.add(slice(entry.value()));
      }
    }
    List<String> remarks =
        walk.isBlind()
            ? List.of("Larger than this reader keeps: not every slice was looked at")
            : List.of();
    Inspection inspection =
        PickleJudge.judge(
            walk.notes(),
            new PickleJudge.File(
                "dcp-metadata", false, Verdict.ACCEPT, OptionalLong.empty(), damage, remarks));
    return new DcpMetadata(inspection, slices);
  }

  /// A dataclass is built from its fields as a dict.
  private static Optional<Dict> state(PickleValue value) {
    return value instanceof Made made && made.state() instanceof Dict dict
        ? Optional.of(dict)
        : Optional.empty();
  }

  private static Slice slice(PickleValue value) throws IOException {
    Dict state =
        state(value).orElseThrow(() -> new DamagedException("The metadata has an odd slice"));
    String file = state.text("relative_path").orElse("");
    long offset = state.whole("offset").orElse(-1L);
    long length = state.whole("length").orElse(-1L);
    if (!SafePath.isSafe(file) || offset < 0 || length < 0) {
      throw new DamagedException("The metadata has a slice at no place: " + file);
    }
    return new Slice(file, offset, length);
  }
}
