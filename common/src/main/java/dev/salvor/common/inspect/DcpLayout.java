package dev.salvor.common.inspect;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.torch.DcpMetadata;
import dev.salvor.common.format.torch.DcpMetadata.Slice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// torch.distributed.checkpoint: .metadata, renamed into place last, says which slices of which
/// files there are; each slice is a torch file of its own.
final class DcpLayout implements Layout {
  private static final String METADATA = ".metadata";
  private static final Pattern SHARD = Pattern.compile(".*\\.distcp");

  @Override
  public String name() {
    return "dcp";
  }

  @Override
  public boolean recognises(Folder folder) {
    return folder.hasFile(SHARD) || folder.has(METADATA) || folder.has(METADATA + ".tmp");
  }

  @Override
  public void judge(Folder folder, Finding into) throws IOException {
    folder.files().keySet().stream()
        .filter(file -> SHARD.matcher(file).matches() || file.startsWith(METADATA))
        .forEach(file -> into.claim(folder.file(file)));
    if (!folder.has(METADATA)) {
      into.incomplete("No .metadata: its writer did not finish");
      return;
    }
    Optional<DcpMetadata> read = folder.read(METADATA, DcpMetadata::read);
    if (read.isEmpty()) {
      into.found(Verdict.REJECT_CORRUPT, ".metadata is damaged");
      return;
    }
    into.part(METADATA, read.get().inspection());
    Map<String, List<Slice>> byFile = new TreeMap<>();
    for (Slice slice : read.get().slices()) {
      byFile.computeIfAbsent(slice.file(), file -> new ArrayList<>()).add(slice);
    }
    for (Map.Entry<String, List<Slice>> file : byFile.entrySet()) {
      file(folder, file.getKey(), file.getValue(), into);
    }
    for (String file : folder.files().keySet()) {
      if (SHARD.matcher(file).matches() && !byFile.containsKey(file)) {
        into.remark(file + " is named by nothing");
      }
    }
  }

  private static void file(Folder folder, String file, List<Slice> slices, Finding into)
      throws IOException {
    if (!folder.has(file)) {
      into.incomplete(file + " is missing");
      return;
    }
    slices.sort(Comparator.comparingLong(Slice::offset).thenComparingLong(Slice::length));
    try (FileChannel channel = FileChannel.open(folder.file(file), StandardOpenOption.READ)) {
      Content content = Content.of(channel, folder.file(file));
      Slice before = new Slice(file, 0, 0);
      for (Slice slice : slices) {
        if (slice.equals(before)) {
          continue;
        }
        if (slice.offset() < before.offset() + before.length()) {
          into.found(Verdict.REJECT_CORRUPT, "Slices of " + file + " overlap");
          return;
        }
        if (slice.offset() > content.size() - slice.length()) {
          into.found(Verdict.REJECT_CORRUPT, file + " ends before its slices do: it is truncated");
          return;
        }
        slice(content, slice, into);
        before = slice;
      }
    }
  }

  /// Named as torch.save's, so that what is neither a zip nor a pickle is damage.
  private static void slice(Content content, Slice slice, Finding into) throws IOException {
    Content own = content.slice(slice.offset(), slice.length(), "slice.pt");
    Inspection found = FormatCheck.inspect(own);
    into.part("%s at %d".formatted(slice.file(), slice.offset()), found);
  }
}
