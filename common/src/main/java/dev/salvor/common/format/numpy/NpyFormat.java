package dev.salvor.common.format.numpy;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.pickle.PickleBytes;
import dev.salvor.common.format.pickle.PickleWalk;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// One array: a header and exactly the bytes it asks for. An array of objects is a pickle in
/// disguise, which nothing but code reads: unsafe.
public final class NpyFormat implements Format {
  @Override
  public String name() {
    return "npy";
  }

  @Override
  public boolean isContentOf(Content content) {
    return content.startsWith(NpyHeader.MAGIC);
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".npy");
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    NpyHeader header = NpyHeader.read(content.stream(0, content.size()));
    if (header.objects()) {
      return objects(content, header.bytes());
    }
    if (header.fileBytes() != content.size()) {
      throw new DamagedException(
          "The array has %d bytes, the file %d".formatted(header.fileBytes(), content.size()));
    }
    long length = content.size() - header.bytes();
    boolean finite =
        header.floats().isEmpty()
            || FloatScan.finite(
                header.floats().get(), header.bigEndian(), content.raw(header.bytes(), length));
    List<String> remarks = finite ? List.of() : List.of("Holds numbers that are not finite");
    return Inspection.of(Verdict.ACCEPT, name(), 1, remarks);
  }

  private Inspection objects(Content content, long from) throws IOException {
    PickleWalk walk = new PickleWalk(new PickleBytes(content.stream(from, content.size() - from)));
    List<String> reasons = new ArrayList<>();
    reasons.add("An array of Python objects: only unpickling opens it");
    try {
      walk.pickle();
    } catch (DamagedException | EOFException e) {
      reasons.add(String.valueOf(e.getMessage()));
    }
    List<String> imports = List.copyOf(walk.notes().imports());
    return new Inspection(Verdict.REJECT_UNSAFE, name(), OptionalLong.empty(), 1, imports, reasons);
  }
}
