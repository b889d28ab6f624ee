package dev.salvor.common.framework;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

final class TensorFlowTest extends FrameworkRuleContract {
  @Override
  String format() {
    return "tensorflow";
  }

  @Override
  String called() {
    return "ckpt-5.index";
  }

  @Override
  long step() {
    return 5;
  }

  @Override
  State sure() {
    return State.COMMITTED;
  }

  @Override
  void write(Path directory) throws IOException {
    put(directory, "ckpt-5.index", "i");
    put(directory, "ckpt-5.data-00000-of-00002", "0");
    put(directory, "ckpt-5.data-00001-of-00002", "1");
    put(directory, "checkpoint", "model_checkpoint_path: \"ckpt-5\"");
  }

  @Override
  List<String> needed() {
    return List.of("ckpt-5.index", "ckpt-5.data-00000-of-00002", "ckpt-5.data-00001-of-00002");
  }

  @Override
  boolean single() {
    return true;
  }
}
