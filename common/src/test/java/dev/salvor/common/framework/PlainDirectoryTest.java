package dev.salvor.common.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlainDirectoryTest extends FrameworkRuleContract {
  @Override
  String format() {
    return "directory";
  }

  @Override
  String called() {
    return "step_30";
  }

  @Override
  long step() {
    return 30;
  }

  @Override
  State sure() {
    return State.COMMITTED;
  }

  @Override
  void write(Path directory) throws IOException {
    put(directory, "weights.pt", "w");
    put(directory, "extra.pt", "x");
    put(directory, "_SUCCESS", "");
  }

  @Override
  List<String> needed() {
    return List.of();
  }

  @Test
  void without_its_user_s_marker_it_is_only_whole() throws IOException {
    Files.delete(base().resolve("_SUCCESS"));
    assertThat(judged().finding().state()).isEqualTo(State.WHOLE);
  }
}
