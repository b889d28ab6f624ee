package dev.salvor.common.format.zip;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.pickle.PickleJudge;
import dev.salvor.common.format.pickle.PickleNotes;
import dev.salvor.common.format.zip.ZipDirectory.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/// A zip of any kind: its pickles, its tricks, its layout and the CRC of every entry.
public final class ZipFormat implements Format {
  private static final int BUFFER_BYTES = 256 * 1024;

  private final List<ZipLayout> layouts;

  /// @param layouts the first that recognises a zip says what must be in it
  public ZipFormat(List<ZipLayout> layouts) {
    this.layouts = List.copyOf(layouts);
  }

  @Override
  public String name() {
    return "zip";
  }

  @Override
  public boolean isContentOf(Content content) {
    return content.startsWith("PK\u0003\u0004") || content.startsWith("PK\u0005\u0006");
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".zip", ".npz", ".keras", ".skops");
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    ZipDirectory directory = new ZipDirectory(content);
    directory.read();
    List<String> damage = new ArrayList<>();
    ZipLayout.Zip zip = new ZipLayout.Zip(content, directory, new ZipPickles());
    zip.pickles().walk(directory, damage);
    ZipLayout.Findings findings = new ZipLayout.Findings();
    Verdict crc = Verdict.ACCEPT;
    try {
      damage.addAll(directory.tricks());
      look(zip, findings);
      crc = crcs(directory, findings);
    } catch (DamagedException | EOFException | ZipException | CharacterCodingException e) {
      damage.add(String.valueOf(e.getMessage()));
    }
    PickleNotes notes = zip.pickles().together();
    Inspection judged =
        PickleJudge.judge(
            notes,
            new PickleJudge.File(
                findings.format(),
                findings.torch(),
                crc.worst(findings.verdict()),
                findings.step(),
                damage,
                findings.remarks()));
    return new Inspection(
        judged.verdict(),
        judged.format(),
        judged.step(),
        judged.tensors() + findings.tensors(),
        judged.imports(),
        judged.reasons());
  }

  private void look(ZipLayout.Zip zip, ZipLayout.Findings findings) throws IOException {
    for (ZipLayout layout : layouts) {
      if (layout.recognises(zip)) {
        layout.look(zip, findings);
        return;
      }
    }
  }

  /// Computes every CRC. All zero means that the writer was told to leave them out.
  private static Verdict crcs(ZipDirectory zip, ZipLayout.Findings findings) throws IOException {
    boolean noCrc =
        zip.entries().stream().allMatch(entry -> entry.crc() == 0)
            && zip.entries().stream().anyMatch(entry -> entry.size() > 0);
    byte[] buffer = new byte[BUFFER_BYTES];
    boolean allZero = true;
    int notFinite = 0;
    for (Entry entry : zip.entries()) {
      Pass pass = new Pass(buffer, Optional.ofNullable(findings.floats().get(entry.name())));
      long crc = pass.over(zip, entry, findings.isBigEndian());
      notFinite += pass.finite ? 0 : 1;
      allZero &= crc == 0;
      if (crc != entry.crc() && !noCrc) {
        throw new DamagedException("The CRC of " + entry.name() + " does not match");
      }
    }
    if (notFinite > 0) {
      findings.remark(notFinite + " tensors hold numbers that are not finite");
    }
    if (noCrc && !allZero) {
      findings.remark("The zip carries no CRCs: sizes were checked, contents could not be");
      return Verdict.ACCEPT_NO_CRC;
    }
    return Verdict.ACCEPT;
  }

  /// One reading of one entry.
  private static final class Pass {
    private final byte[] buffer;
    private final Optional<FloatScan.Kind> floats;
    private final CRC32 crc = new CRC32();
    private boolean finite = true;

    Pass(byte[] buffer, Optional<FloatScan.Kind> floats) {
      this.buffer = buffer;
      this.floats = floats;
    }

    long over(ZipDirectory zip, Entry entry, boolean bigEndian) throws IOException {
      zip.open(
          entry,
          bytes -> {
            if (read(bytes, entry.size(), bigEndian) != entry.size()) {
              throw new DamagedException(entry.name() + " is not as long as the directory says");
            }
          });
      return crc.getValue();
    }

    private long read(InputStream bytes, long most, boolean bigEndian) throws IOException {
      long total = 0;
      for (int n = fill(bytes); n > 0 && total <= most; n = fill(bytes)) {
        crc.update(buffer, 0, n);
        total += n;
        if (finite && floats.isPresent()) {
          finite = FloatScan.finite(floats.get(), bigEndian, buffer, 0, n);
        }
      }
      return total;
    }

    /// Full but for the last time, so that each time begins on a number.
    private int fill(InputStream bytes) throws IOException {
      return bytes.readNBytes(buffer, 0, buffer.length);
    }
  }
}
