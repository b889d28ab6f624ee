package dev.salvor.controller.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The system's sshd on loopback with keys of its own, for this user alone: what copies over ssh
/// are measured against.
final class LoopbackSshd implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

  /// Where Debian's sshd wants an empty directory when it runs as root.
  private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int POLL_MS = 5;

  private final Process process;
  private final Path dir;
  private final int port;

  private LoopbackSshd(Process process, Path dir, int port) {
    this.process = process;
    this.dir = dir;
    this.port = port;
  }

  static boolean installed() {
    return Files.isExecutable(PROGRAM);
  }

  static LoopbackSshd start(Path dir) throws IOException, InterruptedException {
    Files.createDirectories(dir);
    if (user().equals("root")) {
      Files.createDirectories(PRIVILEGE_SEPARATION);
    }
    for (String key : List.of("host", "user")) {
      Timed _ =
          Timed.of(
              List.of(
                  "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir.resolve(key).toString()),
              Map.of());
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config = dir.resolve("sshd_config");
    Files.writeString(
        config,
        """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %s/host
        AuthorizedKeysFile %s/user.pub
        PidFile none
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin prohibit-password
        Subsystem sftp internal-sftp
        """
            .formatted(port, dir, dir));
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "-D", "-f", config.toString(), "-E", dir + "/log")
            .start();
    LoopbackSshd sshd = new LoopbackSshd(process, dir, port);
    sshd.await();
    return sshd;
  }

  private void await() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end || !process.isAlive()) {
          close();
          throw new IOException("sshd does not answer: " + log(), e);
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      }
    }
  }

  private String log() throws IOException {
    Path log = dir.resolve("log");
    return Files.exists(log) ? Files.readString(log).strip() : "it said nothing";
  }

  static String user() {
    return System.getProperty("user.name");
  }

  int port() {
    return port;
  }

  String key() {
    return dir.resolve("user").toString();
  }

  /// Options of ssh and scp, less the port.
  List<String> options() {
    return List.of(
        "-i",
        key(),
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "IdentitiesOnly=yes",
        "-o",
        "LogLevel=ERROR",
        "-F",
        "/dev/null");
  }

  /// What the sessions that have ended took; waits for those that are ending.
  double cpuSeconds() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (process.children().findAny().isPresent() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return Vitals.childrenCpuSeconds(process.pid());
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
