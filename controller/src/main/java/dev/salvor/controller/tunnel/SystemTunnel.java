package dev.salvor.controller.tunnel;

import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A reverse tunnel held by one process of the system's ssh.
final class SystemTunnel implements Tunnel {
  /// ssh says this of "-R 0:…", at level INFO and above.
  private static final Pattern ALLOCATED =
      Pattern.compile("Allocated port (\\d{1,5}) for remote forward to .*");

  /// A login over a proxy on the far side of the world takes seconds.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long DEATH_MS = 3000;
  private static final int KEPT_LINES = 5;
  private static final int MAX_LINE = 400;

  private final Process ssh;
  private final TunnelNote note;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final List<String> said = new ArrayList<>();

  private SystemTunnel(Process ssh, TunnelNote note) {
    this.ssh = ssh;
    this.note = note;
  }

  /// Returns once the box has given a port.
  static SystemTunnel open(Door door, String name, int local) throws TunnelException {
    TunnelNote note = TunnelNote.of(door, name);
    note.endLeftOver();
    Process ssh = Talk.started(command(door, local));
    SystemTunnel tunnel = new SystemTunnel(ssh, note);
    note.write(ssh.toHandle());
    Thread.ofVirtual().name("tunnel-" + door.rental()).start(tunnel::listen);
    tunnel.awaitPort(door);
    return tunnel;
  }

  private static List<String> command(Door door, int local) {
    List<String> words = new ArrayList<>();
    for (String word : door.ssh(false)) {
      words.add(word.equals("LogLevel=ERROR") ? "LogLevel=INFO" : word);
    }
    words.addAll(List.of("-N", "-T", "-o", "ExitOnForwardFailure=yes"));
    words.addAll(List.of("-R", "127.0.0.1:0:127.0.0.1:" + local, door.destination()));
    return words;
  }

  private void awaitPort(Door door) throws TunnelException {
    try {
      int _ = port.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      close();
      throw SystemSsh.refusal(door, why());
    } catch (TimeoutException e) {
      close();
      throw new TunnelException(
          Kind.UNREACHABLE,
          "Cannot open a tunnel to instance %s at %s: no port came within %d s. It said: %s"
              .formatted(door.rental(), door.at(), PATIENCE.toSeconds(), why()),
          e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new TunnelException("The opening of a tunnel was interrupted", e);
    }
  }

  private void listen() {
    try (ShortLines lines = new ShortLines(ssh.getErrorStream(), MAX_LINE)) {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        hear(line.get());
      }
    } catch (IOException e) {
      hear("its output broke off: " + e.getMessage());
    }
    port.completeExceptionally(new IOException("ssh ended"));
  }

  private void hear(String line) {
    Matcher allocated = ALLOCATED.matcher(line);
    if (allocated.matches()) {
      port.complete(Integer.parseInt(allocated.group(1)));
      return;
    }
    synchronized (said) {
      said.add(line);
      if (said.size() > KEPT_LINES) {
        said.removeFirst();
      }
    }
  }

  @Override
  public int port() {
    return port.resultNow();
  }

  @Override
  public boolean awaitEnd(Duration most) throws InterruptedException {
    return ssh.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public String why() {
    synchronized (said) {
      return String.join("; ", said);
    }
  }

  @Override
  public void close() {
    ssh.destroy();
    try {
      if (!ssh.waitFor(DEATH_MS, TimeUnit.MILLISECONDS)) {
        ssh.destroyForcibly();
      }
    } catch (InterruptedException e) {
      ssh.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    note.remove();
  }
}
