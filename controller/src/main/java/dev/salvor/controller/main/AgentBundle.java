package dev.salvor.controller.main;

import dev.salvor.controller.tunnel.TunnelException;
import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The agent as an archive for boxes that have none: made when the first one needs it, and again
/// when the agent is newer.
///
/// @param stateDir where it is kept
/// @param source a directory that is packed as it is, as a sandbox's boxes have their own Java; or
///   the installation, whose agent is packed with a Java of its own
record AgentBundle(Path stateDir, Source source) {
  private static final long PACK_SECONDS = 300;

  /// Where the agent comes from.
  sealed interface Source {
    /// Everything in a directory.
    record Folder(Path path) implements Source {}

    /// This installation's, with its own Java.
    record Installation(Path path) implements Source {}
  }

  /// @param machine the box's processor, in the words of `uname -m`
  Path archive(String machine) throws TunnelException {
    synchronized (AgentBundle.class) {
      try {
        return switch (source) {
          case Source.Folder folder ->
              made(
                  stateDir.resolve("bundle.tgz"),
                  folder.path().resolve("agent.jar"),
                  List.of("tar", "-C", folder.path().toString(), "-czf", "{}", "."));
          case Source.Installation own -> own(own.path(), machine);
        };
      } catch (IOException e) {
        throw failed("it cannot be written: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed("it was interrupted");
      }
    }
  }

  private Path own(Path installation, String machine)
      throws TunnelException, IOException, InterruptedException {
    String here = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
    if (!here.equals(machine)) {
      throw failed(
          "the box is %1$s and this machine %2$s. Bake the agent into the image, or rent %2$s boxes"
              .formatted(machine, here));
    }
    return made(
        stateDir.resolve("agent-" + machine + ".tgz"),
        installation.resolve("agent").resolve("target").resolve("agent.jar"),
        List.of("bash", installation.resolve("images").resolve("bundle.sh").toString(), "{}"));
  }

  private Path made(Path archive, Path jar, List<String> command)
      throws TunnelException, IOException, InterruptedException {
    if (!Files.isRegularFile(jar)) {
      throw failed(jar + " is missing. Build it with 'mvn -q -DskipTests package'");
    }
    if (Files.exists(archive)
        && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) >= 0) {
      return archive;
    }
    Path fresh = archive.resolveSibling(archive.getFileName() + ".part");
    pack(command.stream().map(word -> word.equals("{}") ? fresh.toString() : word).toList());
    return Files.move(fresh, archive, StandardCopyOption.REPLACE_EXISTING);
  }

  private void pack(List<String> command)
      throws TunnelException, IOException, InterruptedException {
    Path log = stateDir.resolve("bundle.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PACK_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw failed("'%s' failed, see %s".formatted(String.join(" ", command), log));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static TunnelException failed(String why) {
    return new TunnelException(
        Kind.LOCAL, "Cannot pack the agent for boxes that have none: %s.".formatted(why), null);
  }
}
