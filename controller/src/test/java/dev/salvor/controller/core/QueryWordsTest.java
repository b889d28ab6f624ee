package dev.salvor.controller.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueryWordsTest {
  @Test
  void a_condition_takes_the_place_of_all_that_is_said_of_its_field() {
    assertThat(
            QueryWords.with(
                "gpu_ram >= 24 gpu_name in [\"RTX 4090\",\"RTX 3090\"] gpu_ram<80 num_gpus=1",
                "gpu_ram",
                "gpu_ram>=10"))
        .isEqualTo("gpu_name in [\"RTX 4090\",\"RTX 3090\"] num_gpus=1 gpu_ram>=10");
    assertThat(QueryWords.with("", "gpu_name", "gpu_name=H100")).isEqualTo("gpu_name=H100");
    assertThat(QueryWords.with("geolocation notin [CN, VN] x=1", "x", "x=2"))
        .isEqualTo("geolocation notin [CN, VN] x=2");
  }

  @Test
  void one_machine_is_named_by_its_number_alone() {
    assertThat(QueryWords.namesMachine("num_gpus=1 machine_id = 42")).isTrue();
    assertThat(QueryWords.namesMachine("machine_id eq 42")).isTrue();
    assertThat(QueryWords.namesMachine("machine_id in [42]")).isTrue();
    assertThat(QueryWords.namesMachine("machine_id in [42,43]")).isFalse();
    assertThat(QueryWords.namesMachine("machine_id=any")).isFalse();
    assertThat(QueryWords.namesMachine("machine_id!=42")).isFalse();
    assertThat(QueryWords.namesMachine("machine_id>=42")).isFalse();
    assertThat(QueryWords.namesMachine("num_gpus=1")).isFalse();
  }

  @Test
  void a_contract_is_as_long_as_the_deadline_unless_the_query_says_how_long() {
    Duration left = Duration.ofHours(36);
    assertThat(QueryWords.lasting("num_gpus=1", left)).isEqualTo("num_gpus=1 duration>=1.50");
    assertThat(QueryWords.lasting("duration > 3", left)).isEqualTo("duration > 3");
  }
}
