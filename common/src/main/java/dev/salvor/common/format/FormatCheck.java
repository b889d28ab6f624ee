package dev.salvor.common.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.ZipException;

/// Tells what a file is and whether it is whole, by reading it; nothing in it is ever executed.
public final class FormatCheck {
  /// The first that recognises a file judges it.
  private static final List<Format> FORMATS =
      List.of(
          new SafetensorsFormat(),
          new TorchZipFormat(),
          new PickleFormat(),
          new JsonFormat(),
          new OtherFormat());

  private FormatCheck() {}

  /// Reads the whole file at most a few times, in bounded memory. Throws only where the disk or the
  /// permissions fail; damage is a verdict.
  public static Inspection inspect(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Content content = new Content(channel, String.valueOf(file.getFileName()));
      return inspect(content);
    }
  }

  private static Inspection inspect(Content content) throws IOException {
    for (Format format : FORMATS) {
      if (!format.recognises(content)) {
        continue;
      }
      try {
        return format.inspect(content);
      } catch (DamagedException | EOFException | CharacterCodingException | ZipException e) {
        return Inspection.of(Verdict.REJECT_CORRUPT, format.name(), String.valueOf(e.getMessage()));
      }
    }
    throw new IllegalStateException("The last format recognises every file");
  }
}
