package dev.salvor.common.format.joblib;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.pickle.PickleBytes;
import dev.salvor.common.format.pickle.PickleJudge;
import dev.salvor.common.format.pickle.PickleNotes;
import dev.salvor.common.format.pickle.PickleWalk;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.tukaani.xz.XZIOException;

/// A joblib dump: a pickle with the bytes of arrays in between, plain or compressed as a whole. A
/// compressed pickle of any origin is read the same way.
public final class JoblibFormat implements Format {
  private static final int PROTO = 0x80;
  private static final int NEWEST_PROTOCOL = 5;

  /// So many times its size a dump may unpack to; what is mostly zeros packs far better.
  private static final long MAX_EXPANSION = 1000;

  private static final long FREE_EXPANSION = 1L << 30;
  private static final int HEAD_BYTES = 4096;
  private static final Pattern NAMED =
      Pattern.compile(".*(\\.joblib|\\.(joblib|pkl|pickle)\\.(gz|bz2|xz|lzma|lz4|z))");

  @Override
  public String name() {
    return "joblib";
  }

  @Override
  public boolean isContentOf(Content content) {
    Packing packing = Packing.of(content);
    if (packing == Packing.PLAIN) {
      return content.headByte(0) == PROTO
          && content.headText(HEAD_BYTES).contains("joblib.numpy_pickle");
    }
    Optional<byte[]> head = packing.head(content, 2);
    return head.isPresent()
        && (head.get()[0] & 0xff) == PROTO
        && head.get()[1] >= 2
        && head.get()[1] <= NEWEST_PROTOCOL;
  }

  @Override
  public boolean isNameOf(Content content) {
    return NAMED.matcher(content.fileName()).matches();
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    Packing packing = Packing.of(content);
    long most = Math.max(FREE_EXPANSION, content.size() * MAX_EXPANSION);
    PickleNotes notes = new PickleNotes();
    List<String> damage = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    long arrays = 0;
    try (InputStream in = packing.open(content, packing == Packing.PLAIN ? Long.MAX_VALUE : most)) {
      arrays = walk(in, notes, damage, remarks);
    } catch (DamagedException | EOFException | ZipException | XZIOException e) {
      damage.add(message(e));
    }
    Inspection judged =
        PickleJudge.judge(
            notes,
            new PickleJudge.File(
                name(), false, Verdict.ACCEPT, OptionalLong.empty(), damage, remarks));
    return new Inspection(
        judged.verdict(), name(), judged.step(), arrays, judged.imports(), judged.reasons());
  }

  private static String message(IOException e) {
    return e.getMessage() == null
        ? "The compressed bytes are damaged (" + e.getClass().getSimpleName() + ")"
        : e.getMessage();
  }

  private static long walk(
      InputStream in, PickleNotes notes, List<String> damage, List<String> remarks)
      throws IOException {
    PickleBytes bytes = new PickleBytes(in);
    JoblibArrays arrays = new JoblibArrays(bytes, notes);
    PickleWalk walk = new PickleWalk(bytes, arrays);
    try {
      walk.pickle();
      if (in.read() >= 0) {
        damage.add("The dump goes on behind its pickle");
      }
    } finally {
      notes.absorb(walk.notes());
    }
    if (arrays.elsewhere() > 0) {
      remarks.add(
          arrays.elsewhere() + " arrays lie in files of their own, which this one does not name");
    }
    return arrays.arrays();
  }
}
