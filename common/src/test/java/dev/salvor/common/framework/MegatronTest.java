package dev.salvor.common.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MegatronTest extends FrameworkRuleContract {
  @Override
  String format() {
    return "megatron";
  }

  @Override
  String called() {
    return "iter_0000500";
  }

  @Override
  long step() {
    return 500;
  }

  @Override
  State sure() {
    return State.COMMITTED;
  }

  @Override
  void write(Path directory) throws IOException {
    put(directory, "mp_rank_00/model_optim_rng.pt", "m");
    put(directory, "mp_rank_00/distrib_optim.pt", "a");
    put(directory, "mp_rank_01/model_optim_rng.pt", "m");
    put(directory, "mp_rank_01/distrib_optim.pt", "a");
    put(root, "latest_checkpointed_iteration.txt", "500\n");
  }

  @Override
  List<String> needed() {
    return List.of("mp_rank_00/model_optim_rng.pt", "mp_rank_01/distrib_optim.pt");
  }

  @Test
  void its_tracker_is_written_last() throws IOException {
    put(root, "latest_checkpointed_iteration.txt", "400");
    assertThat(judged().finding().state()).isEqualTo(State.INCOMPLETE);
    put(root, "latest_checkpointed_iteration.txt", "600");
    assertThat(judged().finding().state()).isEqualTo(State.WHOLE);
  }

  @Test
  void a_note_of_what_is_not_there_is_told() throws IOException {
    assertThat(Frameworks.dangling(root)).isEmpty();
    put(root, "latest_checkpointed_iteration.txt", "600");
    assertThat(Frameworks.dangling(root).orElseThrow()).contains("names 600");
  }
}
