package dev.salvor.controller.tunnel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A system program that is fed and heard, within bounds and with a deadline.
final class Talk {
  private static final int BUFFER = 64 * 1024;
  private static final int MAX_ERR = 4096;

  /// What a program has printed lies in a pipe when it has ended.
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private Talk() {}

  static Ssh.Said run(List<String> command, InputStream stdin, Duration patience)
      throws TunnelException {
    Process process = started(command);
    try (stdin) {
      Kept out = new Kept(Ssh.MAX_OUT, false);
      Kept err = new Kept(MAX_ERR, true);
      Thread.ofVirtual().start(() -> feed(stdin, process.getOutputStream()));
      Thread hearing = Thread.ofVirtual().start(() -> out.all(process.getInputStream()));
      Thread minding = Thread.ofVirtual().start(() -> err.all(process.getErrorStream()));
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TunnelException(
            TunnelException.Kind.UNREACHABLE,
            "%s did not end within %d s".formatted(command.getFirst(), patience.toSeconds()),
            null);
      }
      boolean _ = hearing.join(LAST_WORDS) && minding.join(LAST_WORDS);
      return new Ssh.Said(process.exitValue(), out.text(), err.line());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TunnelException(command.getFirst() + " was interrupted", e);
    } catch (IOException e) {
      throw new TunnelException("Cannot close what was to be sent: " + e, e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  static Process started(List<String> command) throws TunnelException {
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new TunnelException(
          TunnelException.Kind.LOCAL,
          "Cannot run %s: %s. Install it.".formatted(command.getFirst(), e.getMessage()),
          e);
    }
  }

  private static void feed(InputStream from, OutputStream to) {
    try (to) {
      from.transferTo(to);
    } catch (IOException e) {
      // Who does not listen any more says so by its exit status.
      return;
    }
  }

  /// The beginning of a stream, or its end; the stream is always read out.
  private static final class Kept {
    private final int most;
    private final boolean end;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Kept(int most, boolean end) {
      this.most = most;
      this.end = end;
    }

    private void all(InputStream from) {
      byte[] buffer = new byte[BUFFER];
      try {
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
          keep(buffer, n);
        }
      } catch (IOException e) {
        // The program was ended: what came is what there is.
        return;
      }
    }

    private synchronized void keep(byte[] buffer, int n) {
      if (!end) {
        bytes.write(buffer, 0, Math.min(n, most - bytes.size()));
        return;
      }
      bytes.write(buffer, 0, n);
      if (bytes.size() > most) {
        byte[] all = bytes.toByteArray();
        bytes = new ByteArrayOutputStream();
        bytes.write(all, all.length - most, most);
      }
    }

    private synchronized String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    private synchronized String line() {
      return bytes.toString(StandardCharsets.UTF_8).strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
    }
  }
}
