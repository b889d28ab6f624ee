package dev.salvor.controller.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A terminal that one block of lines is redrawn on, in place.
final class Screen {
  /// How often its size is asked for again, in frames.
  private static final int RESIZE = 25;

  private static final long STTY_MS = 500;
  private static final int MIN_WIDTH = 40;
  private static final int MAX_WIDTH = 120;

  private final PrintStream out;
  private final boolean colour;
  private Canvas canvas = Canvas.USUAL;
  private int drawn;
  private int frames;

  Screen(PrintStream out, boolean colour) {
    this.out = out;
    this.colour = colour;
  }

  Canvas canvas() {
    if (frames % RESIZE == 0) {
      canvas = measure();
    }
    return canvas;
  }

  /// Replaces what was drawn before.
  void draw(List<String> lines) {
    StringBuilder frame = new StringBuilder("\u001b[?25l");
    if (drawn > 0) {
      frame.append("\u001b[").append(drawn).append('A');
    }
    frame.append('\r');
    for (String line : lines) {
      frame.append(line).append("\u001b[K\n");
    }
    frame.append("\u001b[J\u001b[?25h");
    out.print(frame);
    out.flush();
    drawn = lines.size();
    frames++;
  }

  /// Java has no word for a terminal's size; every Unix has stty.
  private Canvas measure() {
    boolean blocks = out.charset().equals(StandardCharsets.UTF_8);
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(STTY_MS, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return new Canvas(canvas.width(), canvas.height(), colour, blocks);
      }
      String[] size =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()
              .split(" ", 2);
      int rows = Integer.parseInt(size[0]);
      int columns = Integer.parseInt(size[1]);
      return new Canvas(Math.clamp(columns - 1L, MIN_WIDTH, MAX_WIDTH), rows, colour, blocks);
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException _) {
      return new Canvas(canvas.width(), canvas.height(), colour, blocks);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return canvas;
    }
  }
}
