package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.CudaVersion;
import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Two corners of the CUDA triangle, as the image shows them: its toolkit, and the CUDA that the
/// framework was built for. Nothing is imported or run.
///
/// A few small files and directory names.
public final class CudaProbe implements Probe {
  private static final String NAME = "cuda";

  /// Images do not change; what their user installs does.
  private static final Duration PERIOD = Duration.ofMinutes(10);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final String TOOLKIT = "usr/local/cuda/version.json";
  private static final String COMPATIBLE = "usr/local/cuda/compat";

  /// Where Pythons keep what was installed, on the images that people use.
  private static final List<String> PYTHONS =
      List.of(
          "usr/local/lib",
          "usr/lib",
          "opt/conda/lib",
          "opt/venv/lib",
          "venv/main/lib",
          "opt/micromamba/envs/python_310/lib",
          "workspace/venv/lib",
          "workspace/.venv/lib",
          "app/.venv/lib");

  private static final List<String> PACKAGES = List.of("site-packages", "dist-packages");

  // As torch/version.py writes them: __version__ = '2.5.1+cu124', cuda: Optional[str] = '12.4'.
  private static final Pattern TORCH =
      Pattern.compile("(?m)^__version__\\s*=\\s*['\"]([0-9][^'\"]{0,60})['\"]");

  private static final Pattern TORCH_CUDA =
      Pattern.compile(
          "(?m)^cuda(?:\\s*:[^=\\n]{0,60})?\\s*=\\s*['\"]([0-9]{1,2}\\.[0-9]{1,2})['\"]");

  private static final Pattern DRIVER_LIBRARY = Pattern.compile("libcuda\\.so\\.([0-9]{3}[0-9.]*)");

  private final Path root;
  private final Map<String, String> env;

  public CudaProbe(Path root, Map<String, String> env) {
    this.root = root;
    this.env = Map.copyOf(env);
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
    List<Reading> readings = new ArrayList<>();
    toolkit()
        .ifPresentOrElse(
            version -> readings.add(new Reading.Text(NAME, "toolkit", version)),
            () ->
                readings.add(
                    new Reading.Absent(
                        NAME,
                        "toolkit",
                        "no CUDA toolkit in this image: no CUDA_VERSION, no /" + TOOLKIT)));
    String required = env.getOrDefault("NVIDIA_REQUIRE_CUDA", "");
    if (!required.isEmpty()) {
      readings.add(new Reading.Text(NAME, "required", required));
    }
    compatible().ifPresent(d -> readings.add(new Reading.Text(NAME, "compatible driver", d)));
    torch(readings);
    return readings;
  }

  private Optional<String> toolkit() throws IOException {
    String said = env.getOrDefault("CUDA_VERSION", "");
    return said.isEmpty()
        ? SmallFile.read(root.resolve(TOOLKIT)).flatMap(CudaVersion::fromJson)
        : Optional.of(said);
  }

  /// The driver's library of the forward compatibility package, by its file's name.
  private Optional<String> compatible() throws IOException {
    for (Path file : list(root.resolve(COMPATIBLE))) {
      Matcher named = DRIVER_LIBRARY.matcher(String.valueOf(file.getFileName()));
      if (named.matches()) {
        return Optional.of(named.group(1));
      }
    }
    return Optional.empty();
  }

  /// Of the first that is found: by its own file, which is written when it is built.
  private void torch(List<Reading> readings) throws IOException {
    for (Path packages : packages()) {
      Optional<String> text = SmallFile.read(packages.resolve("torch/version.py"));
      if (text.isPresent()) {
        find(TORCH, text.get()).ifPresent(v -> readings.add(new Reading.Text(NAME, "torch", v)));
        readings.add(
            find(TORCH_CUDA, text.get())
                .<Reading>map(v -> new Reading.Text(NAME, "torch built for", v))
                .orElse(new Reading.Absent(NAME, "torch built for", "built without CUDA")));
        return;
      }
    }
  }

  private List<Path> packages() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String lib : PYTHONS) {
      for (Path python : list(root.resolve(lib))) {
        PACKAGES.forEach(name -> all.add(python.resolve(name)));
      }
    }
    return all;
  }

  private static Optional<String> find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return entries;
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "{python*,libcuda*}")) {
      stream.forEach(entries::add);
    }
    return entries;
  }
}
