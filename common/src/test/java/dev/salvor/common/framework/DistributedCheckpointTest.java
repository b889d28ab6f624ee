package dev.salvor.common.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DistributedCheckpointTest extends FrameworkRuleContract {
  @Override
  String format() {
    return "dcp";
  }

  @Override
  String called() {
    return "step_70";
  }

  @Override
  long step() {
    return 70;
  }

  @Override
  State sure() {
    return State.COMMITTED;
  }

  @Override
  void write(Path directory) throws IOException {
    put(directory, "__0_0.distcp", "0123456789");
    Files.write(directory.resolve(".metadata"), metadata(10));
  }

  @Override
  List<String> needed() {
    return List.of(".metadata");
  }

  /// What the pickle of one _StorageInfo holds.
  private static byte[] metadata(int length) {
    String text = "\u0080\u0004}(\u008c\rrelative_path\u0094\u008c\f__0_0.distcp\u0094";
    text += "\u008c\u0006offset\u0094K\u0000\u008c\u0006length\u0094K" + (char) length + "u.";
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Test
  void a_rank_file_shorter_than_the_metadata_says_is_torn() throws IOException {
    Files.write(base().resolve(".metadata"), metadata(11));
    assertThat(judged().finding().state()).isEqualTo(State.TORN);
  }

  @Test
  void a_metadata_that_is_cut_off_is_torn() throws IOException {
    byte[] whole = metadata(10);
    Files.write(base().resolve(".metadata"), java.util.Arrays.copyOf(whole, 20));
    assertThat(judged().finding().state()).isEqualTo(State.TORN);
  }
}
