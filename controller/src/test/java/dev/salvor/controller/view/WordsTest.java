package dev.salvor.controller.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WordsTest {

  @Test
  void amounts_read_as_people_say_them() {
    assertThat(Words.bytes(0)).isEqualTo("0 B");
    assertThat(Words.bytes(999)).isEqualTo("999 B");
    assertThat(Words.bytes(1_200_000)).isEqualTo("1.2 MB");
    assertThat(Words.bytes(45_000_000_000L)).isEqualTo("45 GB");
    assertThat(Words.time(Duration.ofSeconds(9))).isEqualTo("9s");
    assertThat(Words.time(Duration.ofSeconds(245))).isEqualTo("4m05s");
    assertThat(Words.time(Duration.ofMinutes(127))).isEqualTo("2h07m");
    assertThat(Words.time(Duration.ofHours(76))).isEqualTo("3d04h");
    assertThat(Words.time(Duration.ofSeconds(-5))).isEqualTo("0s");
    assertThat(Words.count(1, "step")).isEqualTo("1 step");
  }

  @Test
  void a_strangers_text_cannot_drive_a_terminal() {
    assertThat(Words.printable("a\u001b[2Jb\tc\rd\u202e")).isEqualTo("a?[2Jb c?d?");
    assertThat(Words.printable("größer ✓ 🚢")).isEqualTo("größer ✓ 🚢");
  }
}
