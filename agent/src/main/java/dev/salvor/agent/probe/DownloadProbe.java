package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// A download of a model or data set that stands still: half-written files of the Hugging Face
/// cache that are there and do not grow.
///
/// Lists the cache's own directories only: three levels, 2,000 entries at most.
public final class DownloadProbe implements Probe {
  private static final String NAME = "download";
  private static final Duration PERIOD = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /// Servers pause, and clients try again within a minute or two.
  private static final long STALLED_NANOS = Duration.ofMinutes(3).toNanos();

  private static final int MAX_ENTRIES = 2_000;
  private static final String HALF = ".incomplete";

  /// Where caches lie where nobody says otherwise, on the images that people use.
  private static final List<String> USUAL =
      List.of(
          "root/.cache/huggingface",
          "workspace/.hf_home",
          "workspace/.cache/huggingface",
          "workspace/.salvor/hf",
          "work/.salvor/hf",
          "app/.salvor/hf");

  private static final String ADVICE =
      "try another mirror (HF_ENDPOINT), or the faster client (pip install hf_transfer and"
          + " HF_HUB_ENABLE_HF_TRANSFER=1)";

  private final List<Path> caches;
  private final LongSupplier nanos;
  private long bytes = -1;
  private long movedAt;

  public DownloadProbe(Path root, Map<String, String> env, LongSupplier nanos) {
    String home = env.getOrDefault("HF_HOME", "");
    this.caches =
        Stream.concat(Stream.of(home).filter(h -> h.startsWith("/")), USUAL.stream())
            .map(place -> root.resolve(place.replaceFirst("^/+", "")).resolve("hub"))
            .distinct()
            .toList();
    this.nanos = nanos;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration period() {
    return PERIOD;
  }

  @Override
  public Duration timeout() {
    return TIMEOUT;
  }

  @Override
  public List<Reading> read() throws IOException {
    Half half = half();
    long now = nanos.getAsLong();
    if (half.files() == 0) {
      bytes = -1;
      return List.of();
    }
    if (half.bytes() != bytes) {
      bytes = half.bytes();
      movedAt = now;
    }
    List<Reading> readings = new ArrayList<>();
    readings.add(new Reading.Amount(NAME, "under way", half.bytes(), "bytes"));
    if (now - movedAt >= STALLED_NANOS) {
      readings.add(
          new Reading.Text(
              NAME,
              "stalled",
              "%d files of the Hugging Face cache have not grown for %d min: %s"
                  .formatted(half.files(), Duration.ofNanos(now - movedAt).toMinutes(), ADVICE)));
    }
    return readings;
  }

  private record Half(int files, long bytes) {}

  private Half half() throws IOException {
    List<Path> blobs = new ArrayList<>();
    for (Path cache : caches) {
      for (Path repository : list(cache, MAX_ENTRIES)) {
        blobs.addAll(list(repository.resolve("blobs"), MAX_ENTRIES - blobs.size()));
      }
    }
    int files = 0;
    long sum = 0;
    for (Path blob : blobs) {
      if (blob.toString().endsWith(HALF)) {
        files++;
        sum += Files.size(blob);
      }
    }
    return new Half(files, sum);
  }

  private static List<Path> list(Path directory, int most) throws IOException {
    List<Path> entries = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return entries;
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path entry : stream) {
        if (entries.size() >= most) {
          break;
        }
        entries.add(entry);
      }
    }
    return entries;
  }
}
