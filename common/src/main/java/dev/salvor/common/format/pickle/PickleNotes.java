package dev.salvor.common.format.pickle;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.pickle.PickleValue.Storage;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What was learnt of one or more pickles; it stays readable when a pickle breaks off.
public final class PickleNotes {
  /// What an import is called whose name is computed, so that nobody can tell what it is.
  static final String UNRESOLVABLE = "unknown.unknown";

  /// Real pickles import some dozens of names.
  private static final int MAX_IMPORTS = 10_000;

  /// The largest checkpoints have some hundred thousand.
  private static final int MAX_STORAGES = 250_000;

  private static final int MAX_NESTED = 20;

  private final TreeSet<String> imports = new TreeSet<>();
  private final Map<String, Storage> storages = new TreeMap<>();
  private final TreeSet<String> nested = new TreeSet<>();
  private boolean plainOpcodes = true;
  private long tensors;

  public Set<String> imports() {
    return Collections.unmodifiableSet(imports);
  }

  public Map<String, Storage> storages() {
    return Collections.unmodifiableMap(storages);
  }

  /// Pickles found inside strings, each in words.
  public Set<String> nested() {
    return Collections.unmodifiableSet(nested);
  }

  public long tensors() {
    return tensors;
  }

  /// Whether every opcode so far is one that weights_only accepts.
  public boolean plainOpcodes() {
    return plainOpcodes;
  }

  /// Takes over what was learnt elsewhere, save its storages.
  public void absorb(PickleNotes other) {
    imports.addAll(other.imports);
    nested.addAll(other.nested);
    tensors += other.tensors;
    plainOpcodes &= other.plainOpcodes;
  }

  /// Notes an import that no opcode of this walk named.
  public void imported(String name) throws IOException {
    imports.add(name);
    if (imports.size() > MAX_IMPORTS) {
      throw new DamagedException("A pickle with over " + MAX_IMPORTS + " imports");
    }
  }

  void stored(Storage storage) throws IOException {
    Storage before = storages.putIfAbsent(storage.key(), storage);
    if (before != null && before.elements() != storage.elements()) {
      throw new DamagedException("Storage " + storage.key() + " has two sizes");
    }
    if (storages.size() > MAX_STORAGES) {
      throw new DamagedException("Over " + MAX_STORAGES + " storages");
    }
  }

  void nested(String what) {
    if (nested.size() < MAX_NESTED) {
      nested.add(what);
    }
  }

  void tensor() {
    tensors++;
  }

  void unplain() {
    plainOpcodes = false;
  }
}
