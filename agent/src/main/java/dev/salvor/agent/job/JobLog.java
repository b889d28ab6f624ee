package dev.salvor.agent.job;

import dev.salvor.agent.core.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Follows the job's log: its last lines, and the step and loss they name. Keeps it from filling
/// the disk.
final class JobLog {
  static final int TAIL_LINES = 20;
  static final int LINE_CHARS = 500;

  /// Two of these lie on the disk at most: the log, and the one before it.
  static final long ROTATE_BYTES = 20L << 20;

  /// A job that prints more than this between two looks is read from its end.
  private static final int CHUNK_BYTES = 64 << 10;

  // "step 12/300", "Step: 7", "global_step=9", "'loss': 0.5".
  private static final Pattern STEP =
      Pattern.compile(
          "step['\"]?[ =:]{1,4}(\\d{1,18})(?!\\d)(?:/(\\d{1,18})(?!\\d))?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern LOSS =
      Pattern.compile("loss['\"]?[ =:]{1,4}([0-9.eE+-]{1,30})", Pattern.CASE_INSENSITIVE);

  private final Path file;
  private final long rotateBytes;
  private final Deque<String> tail = new ArrayDeque<>();
  private long offset;
  private byte[] partial = new byte[0];
  private Progress progress = Progress.NONE;

  JobLog(Path file, long rotateBytes) {
    this.file = file;
    this.rotateBytes = rotateBytes;
  }

  /// Reads what was written since the last look, and rotates where it is due.
  Progress follow() throws IOException {
    if (!Files.exists(file)) {
      return progress;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = channel.size();
      if (size < offset) {
        offset = 0;
      }
      if (size - offset > CHUNK_BYTES) {
        offset = size - CHUNK_BYTES;
        partial = new byte[0];
      }
      read(channel, size);
      if (size > rotateBytes) {
        rotate(channel);
      }
    }
    return progress;
  }

  /// The last lines, oldest first; one that is not ended yet counts.
  List<String> tail() {
    if (partial.length == 0) {
      return List.copyOf(tail);
    }
    Deque<String> lines = new ArrayDeque<>(tail);
    lines.addLast(text(partial, partial.length));
    return List.copyOf(lines);
  }

  private void read(FileChannel channel, long size) throws IOException {
    ByteBuffer fresh = ByteBuffer.allocate((int) (size - offset));
    while (fresh.hasRemaining() && channel.read(fresh, offset + fresh.position()) >= 0) {
      // Reads on.
    }
    offset += fresh.position();
    byte[] bytes = new byte[partial.length + fresh.position()];
    System.arraycopy(partial, 0, bytes, 0, partial.length);
    System.arraycopy(fresh.array(), 0, bytes, partial.length, fresh.position());
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      // Progress bars end their lines with a carriage return.
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        line(text(Arrays.copyOfRange(bytes, from, i), i - from));
        from = i + 1;
      }
    }
    int rest = Math.min(bytes.length - from, CHUNK_BYTES);
    partial = Arrays.copyOfRange(bytes, bytes.length - rest, bytes.length);
  }

  private void line(String line) {
    if (line.isBlank()) {
      return;
    }
    tail.addLast(line);
    if (tail.size() > TAIL_LINES) {
      tail.removeFirst();
    }
    progress = progress(progress, line);
  }

  static Progress progress(Progress before, String line) {
    long step = before.step();
    long total = before.totalSteps();
    Matcher steps = STEP.matcher(line);
    if (steps.find()) {
      step = Long.parseLong(steps.group(1));
      total = steps.group(2) == null ? total : Long.parseLong(steps.group(2));
    }
    Matcher losses = LOSS.matcher(line);
    OptionalDouble loss = losses.find() ? number(losses.group(1)) : OptionalDouble.empty();
    return new Progress(step, total, loss.isPresent() ? loss : before.loss(), line);
  }

  /// Copy and cut: the job holds the file open for appending and goes on in it. A line printed
  /// between the two may be lost.
  private void rotate(FileChannel channel) throws IOException {
    Path older = file.resolveSibling(file.getFileName() + ".1");
    Files.copy(file, older, StandardCopyOption.REPLACE_EXISTING);
    channel.truncate(0);
    offset = 0;
  }

  private static OptionalDouble number(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static String text(byte[] bytes, int length) {
    String line = new String(bytes, 0, length, StandardCharsets.UTF_8);
    return line.length() <= LINE_CHARS ? line : line.substring(0, LINE_CHARS);
  }
}
