package dev.salvor.controller.bench;

import dev.salvor.common.disk.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one would copy a checkpoint with instead: rsync, scp and rclone, all over ssh.
final class SshCopies implements AutoCloseable {
  static final String RSYNC = "rsync -a -W -e ssh";

  private final LoopbackSshd sshd;
  private final Path target;

  SshCopies(Path dir) throws IOException, InterruptedException {
    this.sshd = LoopbackSshd.start(dir.resolve("ssh"));
    this.target = Files.createDirectories(dir.resolve("peer"));
  }

  static boolean possible() {
    return LoopbackSshd.installed() && onPath("rsync") && onPath("ssh");
  }

  /// By name, those that are installed here.
  Map<String, List<String>> commands(Path file) {
    String to = "127.0.0.1:" + target + "/";
    String ssh = "ssh -p " + sshd.port() + " " + String.join(" ", sshd.options());
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put(RSYNC, List.of("rsync", "-a", "-W", "-e", ssh, file.toString(), to));
    all.put(
        RSYNC + " with aes128-gcm",
        List.of("rsync", "-a", "-W", "-e", ssh + " -c aes128-gcm@openssh.com", file + "", to));
    List<String> scp = new ArrayList<>(List.of("scp", "-q", "-P", "" + sshd.port()));
    scp.addAll(sshd.options());
    scp.addAll(List.of(file.toString(), to));
    all.put("scp", scp);
    if (onPath("rclone")) {
      String remote =
          ":sftp,host=127.0.0.1,port=%d,user=%s,key_file=%s:%s"
              .formatted(sshd.port(), LoopbackSshd.user(), sshd.key(), target);
      all.put("rclone sftp", List.of("rclone", "copy", "-q", file.toString(), remote));
    }
    return all;
  }

  /// Copies once, to a target that is empty before and after.
  Timed copy(List<String> command, Path file) throws IOException, InterruptedException {
    Trees.remove(target);
    Files.createDirectories(target);
    double before = sshd.cpuSeconds();
    Timed client = Timed.of(command, Map.of("RCLONE_CONFIG", "/dev/null"));
    double server = sshd.cpuSeconds() - before;
    Path landed = target.resolve(String.valueOf(file.getFileName()));
    if (Files.size(landed) != Files.size(file)) {
      throw new IOException(command.getFirst() + " did not copy all of " + file);
    }
    Files.delete(landed);
    return client.plus(server);
  }

  static boolean onPath(String program) {
    for (String directory : System.getenv().getOrDefault("PATH", "/usr/bin").split(":", -1)) {
      if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    sshd.close();
  }
}
