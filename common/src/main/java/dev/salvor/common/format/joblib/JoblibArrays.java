package dev.salvor.common.format.joblib;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.pickle.PickleBytes;
import dev.salvor.common.format.pickle.PickleNotes;
import dev.salvor.common.format.pickle.PickleValue;
import dev.salvor.common.format.pickle.PickleValue.Dict;
import dev.salvor.common.format.pickle.PickleValue.Made;
import dev.salvor.common.format.pickle.PickleValue.Text;
import dev.salvor.common.format.pickle.PickleValue.Tuple;
import dev.salvor.common.format.pickle.PickleValue.Whole;
import dev.salvor.common.format.pickle.PickleWalk;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes the raw bytes of arrays out of a joblib dump, where they follow their wrapper in the
/// middle of the pickle (joblib, numpy_pickle.py).
final class JoblibArrays implements PickleWalk.OnBuild {
  private static final Pattern TYPE = Pattern.compile("[<>|=]?([biufcSUVOmM?])([0-9]{0,9})");

  /// Object arrays are pickles inside the dump; one inside another is an attack on the stack.
  private static final int MAX_DEPTH = 8;

  private final PickleBytes bytes;
  private final PickleNotes notes;
  private final int depth;
  private long arrays;
  private long elsewhere;

  JoblibArrays(PickleBytes bytes, PickleNotes notes) {
    this(bytes, notes, 0);
  }

  private JoblibArrays(PickleBytes bytes, PickleNotes notes, int depth) {
    this.bytes = bytes;
    this.notes = notes;
    this.depth = depth;
  }

  long arrays() {
    return arrays;
  }

  /// Arrays that old versions put into files of their own.
  long elsewhere() {
    return elsewhere;
  }

  @Override
  public void built(Made object) throws IOException {
    if (object.by().endsWith("numpy_pickle.NumpyArrayWrapper")
        && object.state() instanceof Dict state) {
      arrays++;
      array(state);
    } else if (object.by().endsWith("NDArrayWrapper")) {
      arrays++;
      elsewhere++;
    }
  }

  private void array(Dict state) throws IOException {
    if (!(state.get("dtype").orElse(PickleValue.OPAQUE) instanceof Made dtype)
        || !(state.get("shape").orElse(PickleValue.OPAQUE) instanceof Tuple(var shape))
        || !(dtype.arguments() instanceof Tuple(var arguments))
        || arguments.isEmpty()
        || !(arguments.getFirst() instanceof Text(String name))) {
      throw new DamagedException("A joblib array of unknown type and shape");
    }
    Matcher type = TYPE.matcher(name);
    if (!type.matches()) {
      throw new DamagedException("A joblib array of type " + name);
    }
    if (type.group(1).equals("O")) {
      objects();
      return;
    }
    long itemBytes = type.group(2).isEmpty() ? 1 : Long.parseLong(type.group(2));
    itemBytes *= type.group(1).equals("U") ? 4 : 1;
    if (state.whole("numpy_array_alignment_bytes").isPresent()) {
      bytes.skip(bytes.one());
    }
    bytes.skip(product(itemBytes, shape));
  }

  private static long product(long itemBytes, List<PickleValue> shape) throws IOException {
    long product = itemBytes;
    for (PickleValue dimension : shape) {
      if (!(dimension instanceof Whole(long n)) || n < 0) {
        throw new DamagedException("A joblib array of unknown shape");
      }
      try {
        product = Math.multiplyExact(product, n);
      } catch (ArithmeticException e) {
        throw new DamagedException("A joblib array larger than any file");
      }
    }
    return product;
  }

  private void objects() throws IOException {
    if (depth >= MAX_DEPTH) {
      throw new DamagedException("joblib arrays nested deeper than " + MAX_DEPTH);
    }
    JoblibArrays inner = new JoblibArrays(bytes, notes, depth + 1);
    PickleWalk walk = new PickleWalk(bytes, inner);
    try {
      walk.pickle();
    } finally {
      notes.absorb(walk.notes());
      arrays += inner.arrays;
    }
  }
}
