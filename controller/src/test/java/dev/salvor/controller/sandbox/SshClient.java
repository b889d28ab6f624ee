package dev.salvor.controller.sandbox;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The machine's own ssh and rsync, with a key made for one test.
record SshClient(Path key) {
  private static final long PATIENCE_SECONDS = 20;

  /// What a program answered.
  record Outcome(int code, String out) {}

  static SshClient withNewKey(Path dir, String name) throws IOException, InterruptedException {
    Needs.tool("ssh");
    Needs.tool("ssh-keygen");
    Path key = dir.resolve(name);
    run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()));
    return new SshClient(key);
  }

  String publicKey() throws IOException {
    return Files.readString(Path.of(key + ".pub")).strip();
  }

  Outcome ssh(int port, String user, String... command) throws IOException, InterruptedException {
    var all = new ArrayList<>(options(port));
    all.add(user + "@127.0.0.1");
    all.addAll(List.of(command));
    return run(all);
  }

  /// As the platform's own client copies: daemon mode over ssh.
  Outcome rsync(int port, String from, Path to, String... flags)
      throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("rsync", "-arz"));
    all.addAll(List.of(flags));
    all.addAll(List.of("-e", String.join(" ", options(port))));
    all.addAll(List.of("vastai_kaalia@127.0.0.1::" + from, to.toString()));
    return run(all);
  }

  Outcome upload(int port, Path from, String to) throws IOException, InterruptedException {
    String ssh = String.join(" ", options(port));
    String far = "vastai_kaalia@127.0.0.1::" + to;
    return run(List.of("rsync", "-arz", "-e", ssh, from.toString(), far));
  }

  private List<String> options(int port) {
    return List.of(
        "ssh",
        "-F",
        "/dev/null",
        "-i",
        key.toString(),
        "-p",
        Integer.toString(port),
        "-o",
        "BatchMode=yes",
        "-o",
        "IdentitiesOnly=yes",
        "-o",
        "IdentityAgent=none",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "LogLevel=ERROR");
  }

  private static Outcome run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    Thread.ofVirtual().start(() -> killLate(process));
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out);
  }

  private static void killLate(Process process) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
