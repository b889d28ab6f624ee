package dev.salvor.agent.checkpoint;

import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads what is large in a short-lived process of low priority and with the full compiler: the
/// watcher's own reads a tenth as fast, and a damaged file may cost it its memory.
public final class ReadingProcess implements CargoReader {
  /// Starting a process takes as long as reading so much here.
  static final long HERE_BYTES = 32L << 20;

  private static final String GONE = "gone";
  private static final String WHOLE = "whole";

  private final List<String> command;
  private final long hereBytes;
  private final CargoReader here = CargoReader.here();

  /// @param command up to and with the word that makes the process a reader
  public ReadingProcess(List<String> command) {
    this(command, HERE_BYTES);
  }

  ReadingProcess(List<String> command, long hereBytes) {
    this.command = List.copyOf(command);
    this.hereBytes = hereBytes;
  }

  @Override
  public List<Sha256> of(List<Path> files, long bytes) throws IOException {
    if (bytes <= hereBytes) {
      return here.of(files, bytes);
    }
    List<Sha256> digests = new ArrayList<>();
    for (String answer : ask("digests", files)) {
      digests.add(new Sha256(answer));
    }
    return digests;
  }

  @Override
  public boolean parse(List<Path> files, long bytes) throws IOException {
    return bytes <= hereBytes
        ? here.parse(files, bytes)
        : ask("formats", files).stream().allMatch(WHOLE::equals);
  }

  private List<String> ask(String what, List<Path> files) throws IOException {
    List<String> words = new ArrayList<>(command);
    words.add(what);
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (OutputStream in = process.getOutputStream()) {
      for (Path file : files) {
        in.write((file + "\0").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      process.destroy();
      throw e;
    }
    try {
      List<String> answers =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      int exit = process.waitFor();
      if (answers.contains(GONE)) {
        throw new NoSuchFileException(files.get(answers.indexOf(GONE)).toString());
      }
      if (exit != 0 || answers.size() != files.size()) {
        throw new IOException(
            "The reading of %d files ended with status %d after %d of them"
                .formatted(files.size(), exit, answers.size()));
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while another process read cargo", e);
    } finally {
      process.destroy();
    }
  }
}
