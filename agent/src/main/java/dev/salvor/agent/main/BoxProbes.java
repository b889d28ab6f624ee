package dev.salvor.agent.main;

import dev.salvor.agent.probe.BootIdProbe;
import dev.salvor.agent.probe.CgroupMemoryProbe;
import dev.salvor.agent.probe.CodeProbe;
import dev.salvor.agent.probe.CpuProbe;
import dev.salvor.agent.probe.CudaProbe;
import dev.salvor.agent.probe.DiskProbe;
import dev.salvor.agent.probe.DownloadProbe;
import dev.salvor.agent.probe.InodeProbe;
import dev.salvor.agent.probe.NetworkProbe;
import dev.salvor.agent.probe.Probes;
import dev.salvor.agent.probe.gpu.GpuProbe;
import dev.salvor.agent.probe.gpu.Smi;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// The probes of a box, each in one line.
final class BoxProbes {
  /// Where disks are mounted that a job may fill.
  private static final List<String> DISKS =
      List.of("/", "/workspace", "/work", "/app", "/root", "/tmp", "/dev/shm");

  private static final List<String> CODE = List.of("/app", "/workspace");

  /// What the kernel shows of the container is below no root of ours.
  private static final Path KERNEL = Path.of("/");

  private BoxProbes() {}

  static Probes of(Path root, Map<String, String> env, LongSupplier nanos) {
    return new Probes(
        List.of(
            new GpuProbe(new Smi()),
            new CudaProbe(root, env),
            new DiskProbe(root, DISKS, nanos),
            new InodeProbe(root, DISKS, nanos),
            new CgroupMemoryProbe(KERNEL),
            new CpuProbe(KERNEL, nanos),
            new NetworkProbe(KERNEL),
            new DownloadProbe(root, env, nanos),
            new CodeProbe(root, CODE),
            new BootIdProbe(KERNEL)),
        nanos);
  }
}
