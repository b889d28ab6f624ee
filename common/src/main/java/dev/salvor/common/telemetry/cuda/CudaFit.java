package dev.salvor.common.telemetry.cuda;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether a host's driver, its card, an image's toolkit and a framework's build can talk to each
/// other: the sides of the triangle on which "CUDA is not available" comes about.
///
/// @param sentence for a person: what needs what, what is there, what to do instead
/// @param filter of an offers' query, that would have avoided the box; "" for none
public record CudaFit(Grade grade, String sentence, String filter) {
  private static final List<String> DATA_CENTRE =
      List.of(
          "tesla", "a100", "a800", "a10", "a16", "a2", "a30", "a40", "h100", "h200", "h800", "h20",
          "b100", "b200", "b300", "gh200", "l4", "l40", "l40s", "t4", "v100", "p100", "p40", "p4",
          "k80");

  /// How well.
  public enum Grade {
    FITS,
    /// Runs what was built for this very card, and nothing that must be compiled for it there.
    LIMITED,
    UNFIT
  }

  /// The host's side.
  ///
  /// @param card its name, "" where it is not known
  public record Host(DriverVersion driver, String card, Optional<ComputeCapability> capability) {
    /// With the capability by the card's name where nobody can be asked.
    public Optional<ComputeCapability> knownCapability() {
      return capability.or(() -> ComputeCapability.ofCard(card));
    }
  }

  private static CudaFit fits(String sentence) {
    return new CudaFit(Grade.FITS, sentence, "");
  }

  /// All that is known at once: the worst side counts.
  public static CudaFit of(
      Host host, Optional<ImageToolkit> image, Optional<FrameworkBuild> build) {
    Optional<CudaFit> ofBuild = build.map(one -> framework(host, one, image));
    if (ofBuild.isPresent() && ofBuild.get().grade() == Grade.UNFIT) {
      return ofBuild.get();
    }
    // A framework brings its own libraries: what the image's toolkit is then matters to compilers
    // only.
    if (ofBuild.isPresent() && build.flatMap(FrameworkBuild::cuda).isPresent()) {
      return ofBuild.get();
    }
    return image
        .map(one ->
            release("image CUDA", one.cuda(), host, one.forwardCompatible(), Optional.empty()))
        .or(() -> ofBuild)
        .orElse(fits("the image brings no CUDA that can be told: nothing to check"));
  }

  private static CudaFit framework(Host host, FrameworkBuild build, Optional<ImageToolkit> image) {
    String what = build.name() + " " + build.version();
    if (build.cuda().isEmpty()) {
      return build.version().contains("+cpu")
          ? new CudaFit(
              Grade.UNFIT,
              what + " is built without CUDA: install the build for CUDA, or pick another image",
              "")
          : fits(what + " does not say its CUDA");
    }
    CudaRelease cuda = build.cuda().get();
    Optional<CudaFit> card =
        host.knownCapability()
            .flatMap(one -> build.cards().flatMap(list -> card(host, what, one, list)));
    if (card.isPresent()) {
      return card.get();
    }
    boolean compat = image.map(ImageToolkit::forwardCompatible).orElse(false);
    return release(what + " of CUDA", cuda, host, compat, build.cards());
  }

  /// Empty where the build has something for the card.
  private static Optional<CudaFit> card(
      Host host, String what, ComputeCapability card, ArchList list) {
    if (list.hasCodeFor(card) || list.canBeCompiledFor(card)) {
      return Optional.empty();
    }
    String name = host.card().isEmpty() ? "this card" : host.card();
    boolean newer = list.code().stream().allMatch(one -> one.compareTo(card) < 0);
    String filter =
        newer
            ? "compute_cap<"
                + list.code().stream()
                    .max(ComputeCapability::compareTo)
                    .map(top -> (top.major() + 1) * 100)
                    .orElse(0)
            : "compute_cap>="
                + list.code().stream()
                    .min(ComputeCapability::compareTo)
                    .map(ComputeCapability::hundreds)
                    .orElse(0);
    return Optional.of(
        new CudaFit(
            Grade.UNFIT,
            "%s is built for %s, %s is sm_%d (no kernel image is available): pick %s image or filter %s"
                .formatted(
                    what, list, name, card.hundreds() / 10, newer ? "a newer" : "an older", filter),
            filter));
  }

  private static CudaFit release(
      String what, CudaRelease cuda, Host host, boolean compat, Optional<ArchList> list) {
    DriverVersion driver = host.driver();
    Optional<CudaRelease> speaks = CudaDrivers.newest(driver);
    boolean inFull = speaks.isPresent() && speaks.get().compareTo(cuda) >= 0;
    Optional<DriverVersion> needed = CudaDrivers.needed(cuda);
    if (inFull || needed.map(driver::isAtLeast).orElse(false)) {
      return fits("%s %s runs on driver %s".formatted(what, cuda, driver));
    }
    String filter = "cuda_max_good>=" + cuda;
    String asks = needed.map(one -> "driver >= " + one).orElse("a newer driver");
    String missing = "%s %s needs %s, host has %s".formatted(what, cuda, asks, driver);
    if (compat && isDataCentre(host.card())) {
      return fits(missing + ", and its forward compatibility libraries bridge that");
    }
    String instead = ": pick another image or filter " + filter;
    boolean covered =
        list.isPresent() && host.knownCapability().map(list.get()::hasCodeFor).orElse(false);
    if (CudaDrivers.isMinorCompatible(driver, cuda) && covered) {
      return new CudaFit(
          Grade.LIMITED,
          missing
              + "; what is built for this card runs, what must be compiled there does not (error"
              + " 222)"
              + instead,
          filter);
    }
    return new CudaFit(Grade.UNFIT, missing + instead, filter);
  }

  /// By a card's name: only these have forward compatibility (error 804 on others).
  public static boolean isDataCentre(String card) {
    List<String> words = List.of(card.toLowerCase(Locale.ROOT).split("[\\s-]+", 16));
    return words.stream()
            .noneMatch(word -> word.equals("rtx") || word.equals("gtx") || word.equals("geforce"))
        && words.stream().anyMatch(DATA_CENTRE::contains);
  }
}
