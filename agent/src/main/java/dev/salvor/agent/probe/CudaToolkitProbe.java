package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.CudaVersion;
import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The CUDA toolkit that the image brings: by NVIDIA's own environment variable, else by its
/// version file.
public final class CudaToolkitProbe implements Probe {
  private static final String NAME = "cuda";
  private static final String FILE = "usr/local/cuda/version.json";

  private final Path root;
  private final Map<String, String> env;

  public CudaToolkitProbe(Path root, Map<String, String> env) {
    this.root = root;
    this.env = Map.copyOf(env);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Reading> read() throws IOException {
    String said = env.getOrDefault("CUDA_VERSION", "");
    if (!said.isEmpty()) {
      return List.of(new Reading.Text(NAME, "toolkit", said));
    }
    Path file = root.resolve(FILE);
    if (!Files.exists(file)) {
      throw new IOException("no CUDA toolkit in this image: no CUDA_VERSION, no /" + FILE);
    }
    Optional<String> version = CudaVersion.fromJson(Files.readString(file));
    return List.of(
        new Reading.Text(
            NAME,
            "toolkit",
            version.orElseThrow(() -> new IOException("/" + FILE + " names no version of cuda"))));
  }
}
