package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.cuda.FrameworkBuild;
import dev.salvor.common.telemetry.cuda.ImageToolkit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Two corners of the CUDA triangle, as the image shows them: its toolkit, and the CUDA that the
/// framework was built for.
///
/// A few small files and directory names.
public final class CudaProbe implements Probe {
  private static final String NAME = "cuda";

  /// Images do not change; what their user installs does.
  private static final Duration PERIOD = Duration.ofMinutes(10);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final ImageCuda image;

  public CudaProbe(Path root, Map<String, String> env) {
    this.image = new ImageCuda(root, env);
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
    Optional<ImageToolkit> toolkit = image.toolkit(Optional.empty());
    readings.add(
        toolkit
            .<Reading>map(found -> new Reading.Text(NAME, "toolkit", found.cuda().toString()))
            .orElse(new Reading.Absent(NAME, "toolkit", "this image names no CUDA toolkit")));
    if (!image.required().isEmpty()) {
      readings.add(new Reading.Text(NAME, "required", image.required()));
    }
    image
        .compatible()
        .ifPresent(driver -> readings.add(new Reading.Text(NAME, "compatible driver", driver)));
    Optional<FrameworkBuild> build = image.framework();
    build.ifPresent(torch -> {
      readings.add(new Reading.Text(NAME, torch.name(), torch.version()));
      readings.add(
          torch
              .cuda()
              .<Reading>map(cuda -> new Reading.Text(NAME, "torch built for", cuda.toString()))
              .orElse(new Reading.Absent(NAME, "torch built for", "built without CUDA")));
    });
    return readings;
  }
}
