package dev.salvor.common.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HfTrainerTest extends FrameworkRuleContract {
  @Override
  String format() {
    return "hf-trainer";
  }

  @Override
  String called() {
    return "checkpoint-500";
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
    put(directory, "model-00001-of-00002.safetensors", "a");
    put(directory, "model-00002-of-00002.safetensors", "b");
    put(
        directory,
        "model.safetensors.index.json",
        "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\", \"b\":"
            + " \"model-00002-of-00002.safetensors\"}}");
    put(directory, "optimizer.pt", "o");
    put(directory, "scheduler.pt", "s");
    put(directory, "rng_state.pth", "r");
    put(directory, "training_args.bin", "t");
    put(directory, "trainer_state.json", "{\"epoch\": 1.5, \"global_step\": 500}");
  }

  @Override
  List<String> needed() {
    return List.of(
        "model-00002-of-00002.safetensors",
        "model.safetensors.index.json",
        "optimizer.pt",
        "scheduler.pt",
        "rng_state.pth",
        "trainer_state.json");
  }

  @Test
  void a_state_that_is_cut_off_or_of_another_step_is_not_complete() throws IOException {
    put(base(), "trainer_state.json", "{\"global_step\": 500");
    assertThat(judged().finding().state()).isEqualTo(State.INCOMPLETE);
    put(base(), "trainer_state.json", "{\"global_step\": 400}");
    assertThat(judged().finding().state()).isEqualTo(State.TORN);
  }

  @Test
  void of_several_ranks_the_first_is_only_whole_and_the_next_committed() throws IOException {
    Files.delete(base().resolve("rng_state.pth"));
    put(base(), "rng_state_0.pth", "0");
    put(base(), "rng_state_1.pth", "1");
    assertThat(judged().finding().state()).isEqualTo(State.WHOLE);
    put(root, "checkpoint-400/rng_state_0.pth", "0");
    put(root, "checkpoint-400/rng_state_1.pth", "1");
    assertThat(judged().finding().state()).isEqualTo(State.COMMITTED);
    Files.delete(base().resolve("rng_state_0.pth"));
    assertThat(judged().finding().state()).isEqualTo(State.INCOMPLETE);
  }

  @Test
  void a_model_alone_is_whole_when_only_models_are_saved() throws IOException {
    for (String part : List.of("optimizer.pt", "scheduler.pt", "rng_state.pth")) {
      Files.delete(base().resolve(part));
    }
    assertThat(judged().finding().state()).isEqualTo(State.COMMITTED);
  }
}
