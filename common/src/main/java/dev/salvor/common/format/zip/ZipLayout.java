package dev.salvor.common.format.zip;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.FloatScan;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What some framework keeps in its zips, and what of it must be there.
public interface ZipLayout {
  /// A zip that is being looked at.
  record Zip(Content content, ZipDirectory directory, ZipPickles pickles) {}

  boolean recognises(Zip zip) throws IOException;

  /// Throws as a format does where a rule of the layout is broken; what was found before stays.
  void look(Zip zip, Findings into) throws IOException;

  /// What a layout adds to what is known of its zip.
  final class Findings {
    private String format = "zip";
    private boolean torch;
    private Verdict verdict = Verdict.ACCEPT;
    private OptionalLong step = OptionalLong.empty();
    private long tensors;
    private boolean bigEndian;
    private final Map<String, FloatScan.Kind> floats = new HashMap<>();
    private final List<String> remarks = new ArrayList<>();

    public void format(String name, boolean isTorch) {
      this.format = name;
      this.torch = isTorch;
    }

    public void verdict(Verdict found, String reason) {
      this.verdict = verdict.worst(found);
      remarks.add(reason);
    }

    public void step(OptionalLong found) {
      this.step = found;
    }

    public void tensors(long count) {
      this.tensors += count;
    }

    public void remark(String remark) {
      remarks.add(remark);
    }

    /// The entry's bytes are numbers of this kind, to be looked at while they are read.
    public void floats(String entry, FloatScan.Kind kind) {
      floats.put(entry, kind);
    }

    public void bigEndian() {
      this.bigEndian = true;
    }

    String format() {
      return format;
    }

    boolean torch() {
      return torch;
    }

    Verdict verdict() {
      return verdict;
    }

    OptionalLong step() {
      return step;
    }

    long tensors() {
      return tensors;
    }

    boolean isBigEndian() {
      return bigEndian;
    }

    Map<String, FloatScan.Kind> floats() {
      return floats;
    }

    List<String> remarks() {
      return remarks;
    }
  }
}
