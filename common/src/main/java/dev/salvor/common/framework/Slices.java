package dev.salvor.common.framework;

import dev.salvor.common.format.pickle.PickleScan;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Up to where .metadata says that each rank file holds tensors: the fields of its _StorageInfo
/// records, as they follow each other.
final class Slices implements PickleScan.Taker {
  private final Map<String, Long> ends = new TreeMap<>();
  private String field = "";
  private String path = "";
  private long offset;

  /// The highest offset plus length by relative path.
  Map<String, Long> ends() {
    return Collections.unmodifiableMap(ends);
  }

  @Override
  public boolean text(String value) {
    if (field.equals("relative_path")) {
      path = value;
      field = "";
    } else {
      field = value;
    }
    return true;
  }

  @Override
  public boolean whole(long value) {
    if (field.equals("offset")) {
      offset = value;
    } else if (field.equals("length") && !path.isEmpty()) {
      ends.merge(path, offset + value, Math::max);
    }
    field = "";
    return true;
  }

  @Override
  public boolean other() {
    field = "";
    return true;
  }
}
