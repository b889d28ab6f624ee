package dev.salvor.agent.job;

import dev.salvor.agent.core.Progress;
import dev.salvor.common.unit.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Follows the job's log: its last lines, the step and loss they name, and what is sought in them.
/// Keeps it from filling the disk.
final class JobLog {
  static final int TAIL_LINES = 20;
  static final int LINE_CHARS = 500;

  /// Kept for whoever looks, and for the words that tell why a job ended.
  static final int KEPT_LINES = 500;

  /// So large one file of the log may grow, and so many older ones lie beside it.
  static final long ROTATE_BYTES = 20L << 20;

  static final int OLDER = 3;

  /// A shorter secret would strike out half of what is printed.
  private static final int MIN_SECRET_CHARS = 6;

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
  private final LineSearch search;
  private final Deque<String> kept = new ArrayDeque<>();
  private Collection<Secret> secrets = List.of();
  private long count;
  private long offset;
  private byte[] partial = new byte[0];
  private Progress progress = Progress.NONE;

  JobLog(Path file, long rotateBytes) {
    this.file = file;
    this.rotateBytes = rotateBytes;
    this.search = new LineSearch(file.resolveSibling(file.getFileName() + ".sought"));
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
        search.again();
      }
      if (size - offset > CHUNK_BYTES) {
        long left = size - CHUNK_BYTES - offset;
        offset = size - CHUNK_BYTES;
        partial = new byte[0];
        keep("[%d bytes of the log are left out here]".formatted(left));
      }
      read(channel, size);
      if (size > rotateBytes) {
        rotate(channel);
      }
    }
    return progress;
  }

  /// From now on these are struck out of every line that is told on.
  void strike(Collection<Secret> those) {
    secrets = List.copyOf(those);
  }

  /// From now on tells of every line that fits one of these.
  ///
  /// @param goOn from where an earlier search of this log was; else from its end
  void seek(List<String> patterns, boolean goOn, Consumer<LineSearch.Hit> told) throws IOException {
    if (!goOn) {
      endLine();
    }
    search.begin(
        patterns, told, new LineSearch.Place(Files.exists(file) ? Files.size(file) : 0, goOn));
  }

  /// What the last start left unended is no part of what the next one prints.
  private void endLine() {
    if (!Files.exists(file)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      long size = channel.size();
      if (size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n') {
        channel.write(ByteBuffer.wrap(new byte[] {'\n'}), size);
      }
    } catch (IOException e) {
      // A full disk: two starts share a line, and the job matters more.
    }
  }

  /// Nothing writes there any more: what is not ended is a line.
  void ended() {
    if (partial.length > 0) {
      line(text(partial, partial.length), offset);
      partial = new byte[0];
    }
  }

  /// The last lines for a report, oldest first; one that is not ended yet counts.
  List<String> tail() {
    return last(TAIL_LINES);
  }

  /// So many last lines, as far as they are kept.
  List<String> last(int most) {
    List<String> lines = new ArrayList<>(kept);
    if (partial.length > 0) {
      lines.add(struck(text(partial, partial.length)));
    }
    return List.copyOf(lines.subList(Math.max(0, lines.size() - most), lines.size()));
  }

  /// How many lines were read and ended.
  long count() {
    return count;
  }

  /// Ended lines from that number on, as far as they are kept; the first of them is the newest
  /// `count() - size`.
  List<String> since(long number) {
    List<String> lines = new ArrayList<>(kept);
    int from = Math.clamp(lines.size() - (count - number), 0, lines.size());
    return List.copyOf(lines.subList(from, lines.size()));
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
        line(text(Arrays.copyOfRange(bytes, from, i), i - from), offset - bytes.length + i + 1);
        from = i + 1;
      }
    }
    int rest = Math.min(bytes.length - from, CHUNK_BYTES);
    partial = Arrays.copyOfRange(bytes, bytes.length - rest, bytes.length);
  }

  /// @param end where in the file it ends
  private void line(String line, long end) {
    if (!line.isBlank()) {
      String told = struck(line);
      keep(told);
      search.look(told, end);
    }
  }

  private void keep(String told) {
    count++;
    kept.addLast(told);
    if (kept.size() > KEPT_LINES) {
      kept.removeFirst();
    }
    progress = progress(progress, told);
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
    try {
      for (int i = OLDER - 1; i >= 1; i--) {
        if (Files.exists(older(i))) {
          Files.move(older(i), older(i + 1), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Files.copy(file, older(1), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // A full disk: the job's room matters more than what it said long ago.
      for (int i = 1; i <= OLDER; i++) {
        Files.deleteIfExists(older(i));
      }
    }
    channel.truncate(0);
    offset = 0;
    search.again();
  }

  private Path older(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private String struck(String line) {
    String words = line;
    for (Secret secret : secrets) {
      words = secret.reveal().length() < MIN_SECRET_CHARS ? words : secret.strikeFrom(words);
    }
    return words;
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
