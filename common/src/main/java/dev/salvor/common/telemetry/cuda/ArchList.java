package dev.salvor.common.telemetry.cuda;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The cards that a program was built for.
///
/// @param code machine code: of X.y runs on X.z from z = y on
/// @param only machine code that runs on just this card ("sm_90a")
/// @param ptx intermediate code: runs on any newer card, where the driver may compile it
public record ArchList(
    List<ComputeCapability> code, List<ComputeCapability> only, List<ComputeCapability> ptx) {
  private static final Pattern DIVIDED = Pattern.compile("[\\s;,']+");

  public ArchList {
    code = List.copyOf(code);
    only = List.copyOf(only);
    ptx = List.copyOf(ptx);
  }

  /// Of "sm_80 sm_90a compute_90" (torch.cuda.get_arch_list()) or "8.0;8.6;9.0+PTX"
  /// (TORCH_CUDA_ARCH_LIST). What is none is passed over.
  public static ArchList of(String text) {
    List<ComputeCapability> code = new ArrayList<>();
    List<ComputeCapability> only = new ArrayList<>();
    List<ComputeCapability> ptx = new ArrayList<>();
    for (String word : DIVIDED.split(text.toLowerCase(Locale.ROOT), 256)) {
      boolean both = word.endsWith("+ptx");
      String bare = both ? word.substring(0, word.length() - "+ptx".length()) : word;
      Optional<ComputeCapability> card = ComputeCapability.of(bare);
      if (card.isEmpty()) {
        continue;
      }
      if (bare.startsWith("compute_")) {
        ptx.add(card.get());
      } else {
        (bare.endsWith("a") ? only : code).add(card.get());
      }
      if (both) {
        ptx.add(card.get());
      }
    }
    return new ArchList(code, only, ptx);
  }

  /// What PyTorch's own wheels of a CUDA are built for (.ci/manywheel/build_cuda.sh); empty where
  /// it is not known.
  public static Optional<ArchList> ofTorch(CudaRelease cuda) {
    return switch (cuda.toString()) {
      case "11.7", "11.8" -> Optional.of(of("3.7;5.0;6.0;7.0;7.5;8.0;8.6;9.0"));
      case "12.1", "12.4", "12.6" -> Optional.of(of("5.0;6.0;7.0;7.5;8.0;8.6;9.0"));
      case "12.8" -> Optional.of(of("7.0;7.5;8.0;8.6;9.0;10.0;12.0"));
      case "12.9" -> Optional.of(of("7.0;7.5;8.0;8.6;9.0;10.0;12.0+PTX"));
      case "13.0" -> Optional.of(of("7.5;8.0;8.6;9.0;10.0;12.0+PTX"));
      default -> Optional.empty();
    };
  }

  public boolean isEmpty() {
    return code.isEmpty() && only.isEmpty() && ptx.isEmpty();
  }

  /// Machine code for a card is in it.
  public boolean hasCodeFor(ComputeCapability card) {
    return only.contains(card)
        || code.stream()
            .anyMatch(one -> one.major() == card.major() && one.minor() <= card.minor());
  }

  /// Nothing for the card, but something that a new enough driver can compile for it.
  public boolean canBeCompiledFor(ComputeCapability card) {
    return ptx.stream().anyMatch(one -> one.compareTo(card) <= 0);
  }

  /// As "sm_70 to sm_90".
  @Override
  public String toString() {
    List<ComputeCapability> all = new ArrayList<>(code);
    all.addAll(only);
    all.addAll(ptx);
    return all.isEmpty()
        ? "no card"
        : "sm_%d to sm_%d"
            .formatted(Collections.min(all).hundreds() / 10, Collections.max(all).hundreds() / 10);
  }
}
