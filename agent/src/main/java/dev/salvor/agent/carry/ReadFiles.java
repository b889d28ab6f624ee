package dev.salvor.agent.carry;

import dev.salvor.common.checkpoint.FileDigest;
import dev.salvor.common.checkpoint.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// Reads files for the watcher and ends: `read digests` or `read formats`, their names from
/// standard input, each ended by a NUL. Prints a line for each: its digest, or whether it is what
/// its name says, or that it is gone.
public final class ReadFiles {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private ReadFiles() {}

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    int exit = run(List.of(arguments), System.in, out);
    out.flush();
    System.exit(exit);
  }

  static int run(List<String> arguments, InputStream in, PrintStream out) {
    if (!List.of(List.of("digests"), List.of("formats")).contains(arguments)) {
      out.println("Usage: java -jar agent.jar read (digests | formats)");
      return USAGE;
    }
    try {
      String names = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String name : names.split("\0", -1)) {
        if (!name.isEmpty()) {
          out.println(answer(Path.of(name), arguments.getFirst().equals("digests")));
        }
      }
      return 0;
    } catch (IOException e) {
      System.err.println("Cannot read cargo: " + e);
      return FAILED;
    }
  }

  private static String answer(Path file, boolean digest) throws IOException {
    try {
      return digest ? FileDigest.of(file).hex() : Judgement.parses(file) ? "whole" : "not whole";
    } catch (NoSuchFileException e) {
      return "gone";
    }
  }
}
