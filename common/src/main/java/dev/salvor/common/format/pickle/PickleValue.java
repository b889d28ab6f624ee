package dev.salvor.common.format.pickle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a symbolic pickle machine needs to know of a value: enough to name imports, to lay tensors
/// over storages, and to read what frameworks note of themselves.
public sealed interface PickleValue {
  PickleValue OPAQUE = new Opaque();
  PickleValue MARK = new Mark();
  PickleValue FALSE = new False();

  /// A short string.
  record Text(String value) implements PickleValue {}

  /// An integer that fits into 64 bits.
  record Whole(long value) implements PickleValue {}

  /// A tuple with its items.
  record Tuple(List<PickleValue> items) implements PickleValue {}

  /// An imported name, "module.name".
  record Global(String name) implements PickleValue {}

  /// A torch storage by its persistent id: the simple name of its type ("FloatStorage"), and how
  /// many elements it has.
  record Storage(String key, long elements, String type) implements PickleValue {}

  /// Anything whose content does not matter here.
  record Opaque() implements PickleValue {}

  /// The one truth value that something hangs on.
  record False() implements PickleValue {}

  /// The bottom of an open tuple, list or dict.
  record Mark() implements PickleValue {}

  /// A list as far as it was kept.
  final class Items implements PickleValue {
    private final List<PickleValue> values = new ArrayList<>();

    public List<PickleValue> values() {
      return values;
    }
  }

  /// A dict as far as it was kept, in the order it was filled.
  final class Dict implements PickleValue {
    /// One key with its value.
    public record Entry(PickleValue key, PickleValue value) {}

    private final List<Entry> entries = new ArrayList<>();

    public List<Entry> entries() {
      return entries;
    }

    /// The last value put under a text key.
    public Optional<PickleValue> get(String key) {
      for (int i = entries.size() - 1; i >= 0; i--) {
        if (entries.get(i).key() instanceof Text(String text) && text.equals(key)) {
          return Optional.of(entries.get(i).value());
        }
      }
      return Optional.empty();
    }

    public Optional<String> text(String key) {
      return get(key).filter(Text.class::isInstance).map(value -> ((Text) value).value());
    }

    public Optional<Long> whole(String key) {
      return get(key).filter(Whole.class::isInstance).map(value -> ((Whole) value).value());
    }
  }

  /// What calling an imported name with arguments would make, and the state it would be given.
  final class Made implements PickleValue {
    private final String by;
    private final PickleValue arguments;
    private PickleValue state = OPAQUE;

    Made(String by, PickleValue arguments) {
      this.by = by;
      this.arguments = arguments;
    }

    /// The imported name, "module.name".
    public String by() {
      return by;
    }

    public PickleValue arguments() {
      return arguments;
    }

    public PickleValue state() {
      return state;
    }

    void build(PickleValue given) {
      this.state = given;
    }
  }
}
