package dev.salvor.common.telemetry.cuda;

import dev.salvor.common.telemetry.CudaVersion;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The CUDA toolkit that an image brings.
///
/// @param forwardCompatible whether it brings NVIDIA's compat libraries too, by which data-centre
///   cards run a newer major release than their driver speaks
public record ImageToolkit(CudaRelease cuda, boolean forwardCompatible) {
  /// version.txt, up to CUDA 10.
  private static final Pattern TEXT = Pattern.compile("CUDA Version ([0-9]{1,2}\\.[0-9]{1,2})");

  private static final Pattern RUNTIME =
      Pattern.compile("libcudart\\.so\\.([0-9]{1,2}\\.[0-9]{1,2})");

  /// The first that says it, in the order in which NVIDIA's container toolkit looks: the
  /// environment, then the files.
  ///
  /// @param cudaVersion the environment's CUDA_VERSION, "" for none
  /// @param requirement the environment's NVIDIA_REQUIRE_CUDA, "" for none
  /// @param file version.json, else version.txt, else a name like libcudart.so.12.4.127, else ""
  public static Optional<CudaRelease> cuda(String cudaVersion, String requirement, String file) {
    return CudaRelease.of(cudaVersion)
        .or(() -> new CudaRequirement(requirement).cuda())
        .or(() -> CudaVersion.fromJson(file).flatMap(CudaRelease::of))
        .or(() -> found(TEXT, file))
        .or(() -> found(RUNTIME, file));
  }

  private static Optional<CudaRelease> found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? CudaRelease.of(matcher.group(1)) : Optional.empty();
  }
}
