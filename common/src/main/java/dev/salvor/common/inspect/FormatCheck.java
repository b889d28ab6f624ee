package dev.salvor.common.inspect;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.joblib.JoblibFormat;
import dev.salvor.common.format.joblib.SkopsLayout;
import dev.salvor.common.format.numpy.NpyFormat;
import dev.salvor.common.format.numpy.NpzLayout;
import dev.salvor.common.format.ocdbt.OcdbtFormat;
import dev.salvor.common.format.pickle.PickleFormat;
import dev.salvor.common.format.tensorflow.BundleFormat;
import dev.salvor.common.format.torch.TorchLayout;
import dev.salvor.common.format.torch.TorchLegacyFormat;
import dev.salvor.common.format.weights.GgufFormat;
import dev.salvor.common.format.weights.Hdf5Format;
import dev.salvor.common.format.weights.KerasLayout;
import dev.salvor.common.format.weights.MsgpackFormat;
import dev.salvor.common.format.weights.OnnxFormat;
import dev.salvor.common.format.weights.ProtobufFormat;
import dev.salvor.common.format.weights.SafetensorsFormat;
import dev.salvor.common.format.weights.ShardIndexFormat;
import dev.salvor.common.format.zip.ZipFormat;
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
  /// The first whose content a file is judges it, else the first whose name it has.
  static final List<Format> FORMATS =
      List.of(
          new ImpostorFormat(),
          new ShardFormat(),
          new ZipFormat(
              List.of(new TorchLayout(), new KerasLayout(), new NpzLayout(), new SkopsLayout())),
          new GgufFormat(),
          new TorchLegacyFormat(),
          new JoblibFormat(),
          new OcdbtFormat(),
          new SafetensorsFormat(),
          new NpyFormat(),
          new PickleFormat(),
          new Hdf5Format(),
          new ProtobufFormat(),
          new OnnxFormat(),
          new ShardIndexFormat(),
          new JsonFormat(),
          new MsgpackFormat(),
          new BundleFormat(),
          new OtherFormat());

  private FormatCheck() {}

  /// Reads the whole file at most a few times, in bounded memory. Throws only where the disk or the
  /// permissions fail; damage is a verdict.
  public static Inspection inspect(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return inspect(Content.of(channel, file));
    }
  }

  /// The same for bytes that need not be a file.
  public static Inspection inspect(Content content) throws IOException {
    Format format = format(content);
    try {
      return format.inspect(content);
    } catch (DamagedException | EOFException | CharacterCodingException | ZipException e) {
      return Inspection.of(Verdict.REJECT_CORRUPT, format.name(), String.valueOf(e.getMessage()));
    }
  }

  /// By content first, by name second.
  private static Format format(Content content) throws IOException {
    for (Format format : FORMATS) {
      if (format.isContentOf(content)) {
        return format;
      }
    }
    for (Format format : FORMATS) {
      if (format.isNameOf(content)) {
        return format;
      }
    }
    throw new IllegalStateException("The last format takes every name");
  }
}
