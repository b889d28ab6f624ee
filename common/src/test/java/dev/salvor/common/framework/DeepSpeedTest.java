package dev.salvor.common.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DeepSpeedTest extends FrameworkRuleContract {
  @Override
  String format() {
    return "deepspeed";
  }

  @Override
  String called() {
    return "global_step40";
  }

  @Override
  long step() {
    return 40;
  }

  @Override
  State sure() {
    return State.COMMITTED;
  }

  @Override
  void write(Path directory) throws IOException {
    put(directory, "mp_rank_00_model_states.pt", "m");
    put(directory, "bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt", "a");
    put(directory, "bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt", "b");
    put(root, "latest", "global_step40");
  }

  @Override
  List<String> needed() {
    return List.of("mp_rank_00_model_states.pt", "bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt");
  }

  @Test
  void its_note_tells_a_growing_one_from_an_older_one() throws IOException {
    put(root, "latest", "global_step30");
    assertThat(judged().finding().state()).isEqualTo(State.INCOMPLETE);
    put(root, "latest", "global_step50");
    assertThat(judged().finding().state()).isEqualTo(State.WHOLE);
    put(root, "latest", "");
    assertThat(judged().finding().state()).isEqualTo(State.WHOLE);
  }
}
