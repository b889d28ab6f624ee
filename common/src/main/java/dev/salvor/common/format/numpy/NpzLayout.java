package dev.salvor.common.format.numpy;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.pickle.PickleBytes;
import dev.salvor.common.format.pickle.PickleWalk;
import dev.salvor.common.format.zip.ZipDirectory.Entry;
import dev.salvor.common.format.zip.ZipLayout;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Several arrays in a zip, each as long as its own header says.
public final class NpzLayout implements ZipLayout {
  @Override
  public boolean recognises(Zip zip) {
    List<Entry> entries = zip.directory().entries();
    return zip.content().named(".npz")
        || (!entries.isEmpty() && entries.stream().allMatch(e -> e.name().endsWith(".npy")));
  }

  @Override
  public void look(Zip zip, Findings into) throws IOException {
    into.format("npz", false);
    for (Entry entry : zip.directory().entries()) {
      if (entry.name().endsWith(".npy")) {
        zip.directory().open(entry, bytes -> array(zip, entry, bytes, into));
        into.tensors(1);
      }
    }
  }

  private static void array(Zip zip, Entry entry, InputStream bytes, Findings into)
      throws IOException {
    NpyHeader header = NpyHeader.read(bytes);
    if (header.objects()) {
      into.verdict(
          Verdict.REJECT_UNSAFE,
          entry.name() + " is an array of Python objects: only unpickling opens it");
      objects(zip, bytes, into);
    } else if (header.fileBytes() != entry.size()) {
      throw new DamagedException(
          "%s has %d bytes, its array asks for %d"
              .formatted(entry.name(), entry.size(), header.fileBytes()));
    }
  }

  private static void objects(Zip zip, InputStream bytes, Findings into) throws IOException {
    PickleWalk walk = new PickleWalk(new PickleBytes(bytes));
    try {
      walk.pickle();
    } catch (DamagedException | EOFException e) {
      into.remark(String.valueOf(e.getMessage()));
    }
    zip.pickles().add(walk.notes());
  }
}
