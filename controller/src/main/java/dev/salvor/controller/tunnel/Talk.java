package dev.salvor.controller.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A system program that is fed and heard, within bounds and with a deadline.
final class Talk {
  static final int MAX_ERR = 4096;

  /// What a program has printed lies in a pipe when it has ended.
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private Talk() {}

  static Ssh.Said run(List<String> command, InputStream stdin, Duration patience)
      throws TunnelException {
    Process process = started(command);
    try (stdin) {
      Kept out = Kept.beginning(Ssh.MAX_OUT);
      Kept err = Kept.end(MAX_ERR);
      Thread.ofVirtual().start(() -> feed(stdin, process.getOutputStream()));
      Thread hearing = Thread.ofVirtual().start(() -> keep(process.getInputStream(), out));
      Thread minding = Thread.ofVirtual().start(() -> keep(process.getErrorStream(), err));
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

  private static void keep(InputStream from, Kept to) {
    try (from) {
      from.transferTo(to);
    } catch (IOException e) {
      // The program was ended: what came is what there is.
      return;
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
}
