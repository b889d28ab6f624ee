package dev.salvor.common.format.pickle;

import dev.salvor.common.format.pickle.PickleValue.Dict;
import dev.salvor.common.format.pickle.PickleValue.Global;
import dev.salvor.common.format.pickle.PickleValue.Items;
import dev.salvor.common.format.pickle.PickleValue.Made;
import dev.salvor.common.format.pickle.PickleValue.Storage;
import dev.salvor.common.format.pickle.PickleValue.Text;
import dev.salvor.common.format.pickle.PickleValue.Tuple;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/// What a pickle's opcodes that reach code would do, done to symbols: imports are noted, tensors
/// checked against their storages, containers filled as far as there is room.
final class PickleObjects {
  private static final Set<String> DICTS =
      Set.of("collections.OrderedDict", "collections.defaultdict", "builtins.dict");

  /// Tuples are immutable and may share; more items than this are an attack.
  private static final long MAX_TUPLE_ITEMS = 2_000_000;

  private final PickleStack stack;
  private final PickleNotes notes;
  private long tupleItems;

  PickleObjects(PickleStack stack, PickleNotes notes) {
    this.stack = stack;
    this.notes = notes;
  }

  void clear() {
    tupleItems = 0;
  }

  PickleValue imported(String module, String name) throws IOException {
    Global global = new Global(PickleImports.modern(module, name));
    notes.imported(global.name());
    return global;
  }

  PickleValue unresolvable() throws IOException {
    notes.imported(PickleNotes.UNRESOLVABLE);
    return PickleValue.OPAQUE;
  }

  PickleValue stackGlobal() throws IOException {
    PickleValue name = stack.pop();
    PickleValue module = stack.pop();
    return module instanceof Text(String from) && name instanceof Text(String what)
        ? imported(from, what)
        : unresolvable();
  }

  PickleValue reduced() throws IOException {
    PickleValue arguments = stack.pop();
    return called(stack.pop(), arguments);
  }

  PickleValue called(PickleValue callable, PickleValue arguments) throws IOException {
    if (!(callable instanceof Global(String name))) {
      return PickleValue.OPAQUE;
    }
    if (DICTS.contains(name)) {
      return new Dict();
    }
    if (TorchTensors.rebuilds(name) && arguments instanceof Tuple(var items) && !items.isEmpty()) {
      TorchTensors.check(items);
      notes.tensor();
      return PickleValue.OPAQUE;
    }
    return new Made(name, arguments);
  }

  PickleValue persistent(PickleValue id) throws IOException {
    if (!(id instanceof Tuple(var items))) {
      return PickleValue.OPAQUE;
    }
    PickleValue value = TorchTensors.storage(items);
    if (value instanceof Storage storage) {
      notes.stored(storage);
    }
    return value;
  }

  PickleValue tuple(List<PickleValue> items) {
    tupleItems += items.size();
    return tupleItems > MAX_TUPLE_ITEMS ? PickleValue.OPAQUE : new Tuple(items);
  }

  PickleValue list(List<PickleValue> items) {
    Items list = new Items();
    append(list, items);
    return list;
  }

  PickleValue dict(List<PickleValue> items) {
    Dict dict = new Dict();
    set(dict, items);
    return dict;
  }

  void append(PickleValue to, List<PickleValue> items) {
    if (to instanceof Items list) {
      for (PickleValue item : items) {
        if (stack.keep(item)) {
          list.values().add(item);
        }
      }
    }
  }

  void set(PickleValue to, List<PickleValue> items) {
    if (to instanceof Dict dict) {
      for (int i = 0; i + 1 < items.size(); i += 2) {
        if (stack.keep(items.get(i)) && stack.keep(items.get(i + 1))) {
          dict.entries().add(new Dict.Entry(items.get(i), items.get(i + 1)));
        }
      }
    }
  }
}
