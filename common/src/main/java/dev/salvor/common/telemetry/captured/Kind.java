package dev.salvor.common.telemetry.captured;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a captured file is, in the words of the shared collection of samples.
public enum Kind {
  GPU_SMI_XML(Family.SMI, "nvidia-smi -q -x"),
  GPU_SMI_CSV(Family.SMI, "nvidia-smi --query-... --format=csv"),
  GPU_SMI_TEXT(Family.SMI, "nvidia-smi's table, -q, -L, nvlink, topo, dmon, pmon"),
  GPU_SMI_ERROR(Family.SMI, "nvidia-smi's failure"),
  GPU_DMESG_XID(Family.LOG, "the kernel's or the fabric manager's log"),
  HOST_OOM_KMSG(Family.LOG, "the kernel's report of an out-of-memory kill"),
  GPU_PROC(Family.PROC, "/proc/driver/nvidia"),
  HOST_CGROUP(Family.CGROUP, "control group files, version 1 or 2"),
  HOST_MOUNTS(Family.MOUNTS, "mountinfo, mounts, mount, df"),
  /// A directory with captures of several kinds.
  DIRECTORY(Family.ANY, "several captures"),
  UNKNOWN(Family.ANY, "nothing that is known here");

  /// Kinds that one reader reads, and tells apart by itself.
  enum Family {
    SMI,
    LOG,
    PROC,
    CGROUP,
    MOUNTS,
    ANY
  }

  private final Family family;
  private final String words;

  Kind(Family family, String words) {
    this.family = family;
    this.words = words;
  }

  Family family() {
    return family;
  }

  /// The one that stands for all that a reader reads.
  static Kind of(Family family) {
    return switch (family) {
      case SMI -> GPU_SMI_TEXT;
      case LOG -> GPU_DMESG_XID;
      case PROC -> GPU_PROC;
      case CGROUP -> HOST_CGROUP;
      case MOUNTS -> HOST_MOUNTS;
      case ANY -> UNKNOWN;
    };
  }

  /// What it stands for.
  public String words() {
    return words;
  }

  /// As people write it: "gpu-smi-xml".
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Empty for a word that is none; only what can be asked for.
  public static Optional<Kind> of(String id) {
    return Arrays.stream(values())
        .filter(kind -> kind.family != Family.ANY && kind.id().equals(id))
        .findFirst();
  }
}
