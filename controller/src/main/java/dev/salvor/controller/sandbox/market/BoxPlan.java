package dev.salvor.controller.sandbox.market;

import dev.salvor.controller.sandbox.box.BoxOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the platform puts into a box at each start: its variables beside the user's, and what to
/// run.
final class BoxPlan {
  private static final String PATH =
      "/opt/jdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private BoxPlan() {}

  /// @param secrets the account's variables, which each container gets
  static BoxOrder of(Instance instance, Machine machine, int sshPort, Map<String, String> secrets) {
    Instance.Program program = instance.program();
    var env = new TreeMap<>(secrets);
    env.putAll(env(instance, machine, sshPort));
    var volumes = new TreeMap<Long, String>();
    program.mounts().forEach(mount -> volumes.put(mount.volume(), mount.path()));
    return program.isArgs()
        ? new BoxOrder(instance.id(), env, "", argv(program), volumes)
        : new BoxOrder(instance.id(), env, program.onstart(), List.of(), volumes);
  }

  /// In args mode onstart is the entrypoint. The image's own is not here, so without one the args
  /// are the command.
  private static List<String> argv(Instance.Program program) {
    var argv = new ArrayList<String>();
    if (!program.onstart().isBlank()) {
      argv.add(program.onstart().strip());
    }
    argv.addAll(program.args());
    return argv.isEmpty() ? List.of("sleep", "infinity") : argv;
  }

  private static Map<String, String> env(Instance instance, Machine machine, int sshPort) {
    var env = new TreeMap<String, String>();
    env.put("HOME", "/root");
    env.put("USER", "root");
    env.put("LANG", "C.UTF-8");
    env.put("JAVA_HOME", "/opt/jdk");
    env.put("PATH", PATH);
    instance.program().env().forEach(env::put);
    env.put("CONTAINER_ID", Long.toString(instance.id()));
    env.put("CONTAINER_API_KEY", instance.key());
    env.put("VAST_CONTAINERLABEL", "C." + instance.id());
    env.put("PUBLIC_IPADDR", "127.0.0.1");
    env.put("GPU_COUNT", Integer.toString(machine.gpus()));
    env.put("DATA_DIRECTORY", "/workspace");
    env.put("VAST_TCP_PORT_22", Integer.toString(sshPort));
    Ports.of(instance.program().env())
        .forEach((name, port) -> {
          String protocol = name.endsWith("udp") ? "UDP" : "TCP";
          env.put("VAST_" + protocol + "_PORT_" + port, Integer.toString(port));
        });
    instance.keys().stream().findFirst().ifPresent(key -> env.put("SSH_PUBLIC_KEY", key.text()));
    return env;
  }
}
