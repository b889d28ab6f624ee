package dev.salvor.common.framework;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.pickle.PickleScan;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// torch.distributed.checkpoint (DCP, FSDP's sharded state): files by rank, and a .metadata that is
/// renamed into place after all of them (torch/distributed/checkpoint/filesystem.py).
final class DistributedCheckpoint implements FrameworkRule {
  static final String METADATA = ".metadata";
  private static final Pattern RANK_FILE = Pattern.compile("(?:.*/)?__[0-9]+_[0-9]+\\.distcp");

  @Override
  public String name() {
    return "dcp";
  }

  @Override
  public boolean marks(String directory, Set<String> entries) {
    return entries.stream().anyMatch(entry -> RANK_FILE.matcher(entry).matches());
  }

  @Override
  public boolean recognises(Listing files) {
    return files.hasMatch(RANK_FILE);
  }

  @Override
  public Finding judge(Listing files) throws IOException {
    OptionalLong step = Names.step(files.name());
    return lacking(files, step).orElse(Finding.committed(step));
  }

  /// What speaks against each directory of rank files in it.
  static Optional<Finding> lacking(Listing files, OptionalLong step) throws IOException {
    Set<String> directories = new TreeSet<>();
    for (String path : files.matching(RANK_FILE)) {
      directories.add(path.substring(0, path.lastIndexOf('/') + 1));
    }
    for (String directory : directories) {
      if (!files.has(directory + METADATA)) {
        return Optional.of(
            Finding.incomplete(
                step, directory + METADATA + " is not there, which is written last"));
      }
      Optional<Finding> slices = slices(files, directory, step);
      if (slices.isPresent()) {
        return slices;
      }
    }
    return Optional.empty();
  }

  private static Optional<Finding> slices(Listing files, String directory, OptionalLong step)
      throws IOException {
    Slices slices = new Slices();
    try (InputStream in = Files.newInputStream(files.file(directory + METADATA))) {
      PickleScan.scan(in, slices);
    } catch (DamagedException | EOFException e) {
      return Optional.of(
          Finding.torn(step, directory + METADATA + " does not parse: " + e.getMessage()));
    } catch (NoSuchFileException e) {
      return Optional.of(Finding.incomplete(step, directory + METADATA + " went away"));
    }
    for (var end : slices.ends().entrySet()) {
      String path = directory + end.getKey();
      if (!files.has(path)) {
        return Optional.of(Finding.incomplete(step, path + " is missing"));
      }
      if (files.size(path) < end.getValue()) {
        return Optional.of(
            Finding.torn(
                step,
                "%s has %d bytes, %s names %d"
                    .formatted(path, files.size(path), METADATA, end.getValue())));
      }
    }
    return Optional.empty();
  }
}
