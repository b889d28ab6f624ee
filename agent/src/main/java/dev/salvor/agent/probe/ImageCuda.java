package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.cuda.CudaRelease;
import dev.salvor.common.telemetry.cuda.FrameworkBuild;
import dev.salvor.common.telemetry.cuda.ImageToolkit;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an image says of its CUDA: its toolkit, the compatibility library, and what the framework
/// was built for. Nothing is imported or run.
public final class ImageCuda {
  private static final String COMPATIBLE = "usr/local/cuda/compat";

  private static final List<String> TOOLKIT =
      List.of("usr/local/cuda/version.json", "usr/local/cuda/version.txt");

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

  private static final Pattern DRIVER_LIBRARY = Pattern.compile("libcuda\\.so\\.([0-9]{3}[0-9.]*)");

  private final Path root;
  private final Map<String, String> env;

  public ImageCuda(Path root, Map<String, String> env) {
    this.root = root;
    this.env = Map.copyOf(env);
  }

  /// The toolkit that it brings, with the compatibility library or without.
  ///
  /// @param known what somebody else knows of it, as by the image's name; that goes first
  public Optional<ImageToolkit> toolkit(Optional<CudaRelease> known) throws IOException {
    boolean compatible = compatible().isPresent();
    return known.or(this::toolkit).map(cuda -> new ImageToolkit(cuda, compatible));
  }

  private Optional<CudaRelease> toolkit() {
    String file = "";
    for (String name : TOOLKIT) {
      file = file.isEmpty() ? text(name) : file;
    }
    return ImageToolkit.cuda(env.getOrDefault("CUDA_VERSION", ""), required(), file);
  }

  private String text(String name) {
    try {
      return SmallFile.read(root.resolve(name)).orElse("");
    } catch (IOException e) {
      // One that cannot be read says nothing.
      return "";
    }
  }

  String required() {
    return env.getOrDefault("NVIDIA_REQUIRE_CUDA", "");
  }

  /// The driver whose library the forward compatibility package brings, by its file's name.
  Optional<String> compatible() throws IOException {
    for (Path file : list(root.resolve(COMPATIBLE))) {
      Matcher named = DRIVER_LIBRARY.matcher(String.valueOf(file.getFileName()));
      if (named.matches()) {
        return Optional.of(named.group(1));
      }
    }
    return Optional.empty();
  }

  /// The first PyTorch that is found, by the file that is written when it is built.
  public Optional<FrameworkBuild> framework() throws IOException {
    for (Path packages : packages()) {
      Optional<FrameworkBuild> build =
          SmallFile.read(packages.resolve("torch/version.py"))
              .flatMap(FrameworkBuild::ofTorchVersion);
      if (build.isPresent()) {
        return build;
      }
    }
    return Optional.empty();
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
