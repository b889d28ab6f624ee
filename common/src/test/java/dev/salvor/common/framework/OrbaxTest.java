package dev.salvor.common.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrbaxTest extends FrameworkRuleContract {
  @Override
  String format() {
    return "orbax";
  }

  @Override
  String called() {
    return "1200";
  }

  @Override
  long step() {
    return 1200;
  }

  @Override
  State sure() {
    return State.COMMITTED;
  }

  @Override
  void write(Path directory) throws IOException {
    put(directory, "_CHECKPOINT_METADATA", "{\"item_handlers\": {\"state\": \"x\"}}");
    put(directory, "orbax.checkpoint", "");
    put(directory, "state/_METADATA", "{}");
    put(directory, "state/manifest.ocdbt", "m");
    put(directory, "state/d/1a", "d");
    put(directory, "state/_sharding", "s");
    put(directory, "metadata/metadata", "{}");
  }

  @Override
  List<String> needed() {
    return List.of("_CHECKPOINT_METADATA", "state/_METADATA", "state/manifest.ocdbt", "state/d/1a");
  }

  @Test
  void what_can_be_read_without_may_be_missing() throws IOException {
    Files.delete(base().resolve("state/_sharding"));
    Files.delete(base().resolve("metadata/metadata"));
    assertThat(judged().finding().state()).isEqualTo(State.COMMITTED);
  }
}
