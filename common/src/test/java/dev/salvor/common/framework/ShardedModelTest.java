package dev.salvor.common.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShardedModelTest extends FrameworkRuleContract {
  @Override
  String format() {
    return "sharded";
  }

  @Override
  String called() {
    return "model-step8.safetensors.index.json";
  }

  @Override
  long step() {
    return 8;
  }

  @Override
  State sure() {
    return State.WHOLE;
  }

  @Override
  void write(Path directory) throws IOException {
    put(directory, "model-step8-00001-of-00002.safetensors", "a");
    put(directory, "model-step8-00002-of-00002.safetensors", "b");
    put(
        directory,
        "model-step8.safetensors.index.json",
        "{\"metadata\": {}, \"weight_map\": {\"a\": \"model-step8-00001-of-00002.safetensors\","
            + " \"b\": \"model-step8-00002-of-00002.safetensors\"}}");
  }

  @Override
  List<String> needed() {
    return List.of(
        "model-step8-00001-of-00002.safetensors", "model-step8-00002-of-00002.safetensors");
  }

  @Override
  boolean single() {
    return true;
  }

  @Test
  void an_index_that_points_elsewhere_is_torn() throws IOException {
    put(base(), called(), "{\"weight_map\": {\"a\": \"../../etc/passwd\"}}");
    assertThat(judged().finding().state()).isEqualTo(State.TORN);
  }
}
