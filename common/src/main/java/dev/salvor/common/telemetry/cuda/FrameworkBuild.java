package dev.salvor.common.telemetry.cuda;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a framework on the image was built for, as its files tell: nothing is imported.
///
/// @param version as "2.6.0+cu124"
/// @param cuda the release it brings its own libraries of; empty for a build without CUDA
public record FrameworkBuild(String name, String version, Optional<CudaRelease> cuda) {
  /// torch/version.py: `__version__ = '2.6.0+cu124'`, `cuda = '12.4'` or `cuda: Optional[str] =
  /// '12.4'`, None where it was built without.
  private static final Pattern VERSION =
      Pattern.compile(
          "(?m)^__version__(?:\\s*:[^=\\n]{1,40})?\\s*=\\s*['\"]([^'\"\\n]{1,60})['\"]");

  private static final Pattern CUDA =
      Pattern.compile(
          "(?m)^cuda(?:\\s*:[^=\\n]{1,40})?\\s*=\\s*(?:['\"]([0-9]{1,2}\\.[0-9]{1,2})[^'\"\\n]{0,10}['\"]|None)");

  /// A wheel's METADATA.
  private static final Pattern METADATA = Pattern.compile("(?m)^Version:\\s*(\\S{1,60})\\s*$");

  /// By torch/version.py; empty where it is none.
  public static Optional<FrameworkBuild> ofTorchVersion(String text) {
    Matcher version = VERSION.matcher(text);
    if (!version.find()) {
      return Optional.empty();
    }
    Matcher cuda = CUDA.matcher(text);
    Optional<CudaRelease> release =
        cuda.find() && cuda.group(1) != null ? CudaRelease.of(cuda.group(1)) : Optional.empty();
    return Optional.of(new FrameworkBuild("torch", version.group(1), release));
  }

  /// By a wheel's METADATA: CUDA only where the version says it ("+cu124"). Wheels of the package
  /// index do not; theirs is that of the nvidia-cuda-runtime beside them.
  ///
  /// @param runtime the METADATA of nvidia_cuda_runtime_cu12 or the like, "" for none
  public static Optional<FrameworkBuild> ofMetadata(String name, String text, String runtime) {
    Matcher version = METADATA.matcher(text);
    if (!version.find()) {
      return Optional.empty();
    }
    String said = version.group(1);
    Optional<CudaRelease> release =
        said.contains("+cu")
            ? CudaRelease.ofImage(said.substring(said.indexOf('+') + 1))
            : Optional.empty();
    Matcher beside = METADATA.matcher(runtime);
    if (release.isEmpty() && beside.find()) {
      release = CudaRelease.of(beside.group(1));
    }
    return Optional.of(new FrameworkBuild(name, said, release));
  }

  /// The cards that it has code for; empty where that is not known without asking it.
  public Optional<ArchList> cards() {
    return name.equals("torch") ? cuda.flatMap(ArchList::ofTorch) : Optional.empty();
  }
}
