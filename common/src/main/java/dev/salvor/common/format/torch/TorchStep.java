package dev.salvor.common.format.torch;

import dev.salvor.common.format.pickle.PickleValue;
import dev.salvor.common.format.pickle.PickleValue.Dict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The training step that a saved dict says it is of, by the keys that frameworks use.
final class TorchStep {
  /// Lightning; DeepSpeed; Megatron; then what people write by hand.
  private static final List<String> KEYS =
      List.of("global_step", "global_steps", "iteration", "step", "iter", "num_steps");

  private TorchStep() {}

  static OptionalLong of(PickleValue value) {
    if (!(value instanceof Dict dict)) {
      return OptionalLong.empty();
    }
    for (String key : KEYS) {
      Optional<Long> found = dict.whole(key);
      if (found.isPresent() && found.get() >= 0) {
        return OptionalLong.of(found.get());
      }
    }
    return OptionalLong.empty();
  }
}
