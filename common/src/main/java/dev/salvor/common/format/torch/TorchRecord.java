package dev.salvor.common.format.torch;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.pickle.PickleBytes;
import dev.salvor.common.format.pickle.PickleScan;
import dev.salvor.common.format.zip.ZipDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The object that torch.save wrote, scanned for names and numbers; its tensors are not read.
public final class TorchRecord {
  /// A legacy file's magic, protocol and system come before the object.
  private static final int LEGACY_PICKLES = 4;

  private TorchRecord() {}

  /// What is no torch file, or one that is not finished, is a DamagedException.
  public static void scan(Path file, PickleScan.Taker taker) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Content content = Content.of(channel, file);
      if (content.startsWith("PK")) {
        zip(content, taker);
      } else if (content.headByte(0) == 0x80) {
        PickleBytes bytes = new PickleBytes(content.stream(0, content.size()));
        for (int i = 0; i < LEGACY_PICKLES && PickleScan.scan(bytes, taker); i++) {
          // The next of them.
        }
      } else {
        throw new DamagedException("Not a file of torch.save");
      }
    }
  }

  private static void zip(Content content, PickleScan.Taker taker) throws IOException {
    ZipDirectory zip = new ZipDirectory(content);
    zip.read();
    for (ZipDirectory.Entry entry : zip.entries()) {
      if (entry.name().endsWith("data.pkl")) {
        zip.open(entry, unpacked -> PickleScan.scan(unpacked, taker));
        return;
      }
    }
    throw new DamagedException("A zip without data.pkl");
  }
}
