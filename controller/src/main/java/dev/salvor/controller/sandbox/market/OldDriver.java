package dev.salvor.controller.sandbox.market;

import dev.salvor.controller.sandbox.box.BoxOrder;
import java.util.HashMap;
import java.util.Map;

/// A box whose host has GPUs with a driver older than its offer says: boxes here have none, so
/// nvidia-smi tells of it, as on a host whose driver library does not reach into the container.
final class OldDriver {
  private static final String DIRECTORY = ".driver";

  private OldDriver() {}

  static BoxOrder in(BoxOrder order, Machine machine) {
    Map<String, String> env = new HashMap<>(order.env());
    env.merge("PATH", "", (path, _) -> "/root/" + DIRECTORY + ":" + path);
    return new BoxOrder(
        order.id(),
        env,
        order.onstart(),
        order.argv(),
        order.volumes(),
        Map.of(DIRECTORY + "/nvidia-smi", program(machine)));
  }

  /// As nvidia-smi 525 prints it, cut down to what tells.
  private static String program(Machine machine) {
    StringBuilder cards = new StringBuilder();
    for (int i = 0; i < machine.gpus(); i++) {
      cards.append(
          """
            <gpu id="00000000:%02X:00.0">
              <product_name>NVIDIA %s</product_name>
              <uuid>GPU-00000000-0000-0000-0000-%012d</uuid>
              <minor_number>%d</minor_number>
              <fb_memory_usage>
                <total>24564 MiB</total>
                <reserved>300 MiB</reserved>
                <used>1 MiB</used>
                <free>24263 MiB</free>
              </fb_memory_usage>
              <utilization>
                <gpu_util>0 %%</gpu_util>
                <memory_util>0 %%</memory_util>
              </utilization>
              <temperature>
                <gpu_temp>31 C</gpu_temp>
              </temperature>
            </gpu>
          """
              .formatted(i + 1, machine.card().name(), i, i));
    }
    return """
    #!/bin/sh
    cat <<'END'
    <?xml version="1.0" ?>
    <!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
    <nvidia_smi_log>
      <timestamp>Sun Nov 22 12:00:00 2026</timestamp>
      <driver_version>525.60.13</driver_version>
      <cuda_version>12.0</cuda_version>
      <attached_gpus>%d</attached_gpus>
    %s</nvidia_smi_log>
    END
    """
        .formatted(machine.gpus(), cards);
  }
}
