package dev.salvor.common.framework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.framework.Finding.State;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/// Single files of every kind: whole once they have bytes, with the step by name or content.
final class SingleFileTest extends FrameworkRuleContract {
  @Override
  String format() {
    return "lightning";
  }

  @Override
  String called() {
    return "last.ckpt";
  }

  @Override
  long step() {
    return 400;
  }

  @Override
  State sure() {
    return State.WHOLE;
  }

  @Override
  boolean single() {
    return true;
  }

  @Override
  List<String> needed() {
    return List.of();
  }

  @Override
  void write(Path directory) throws IOException {
    torch(directory.resolve(called()), "global_step", 400);
  }

  /// As torch.save writes {name: number}.
  private static void torch(Path file, String name, int number) throws IOException {
    String text = "\u0080\u0002}q\u0000X" + (char) name.length() + "\0\0\0" + name;
    text += "q\u0001M" + (char) (number & 255) + (char) (number >> 8) + "s.";
    byte[] pickle = text.getBytes(StandardCharsets.ISO_8859_1);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      ZipEntry entry = new ZipEntry("archive/data.pkl");
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(pickle.length);
      CRC32 crc = new CRC32();
      crc.update(pickle);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(pickle);
    }
  }

  private Frameworks.Appraisal judged(String name) throws IOException {
    long size = Files.size(root.resolve(name));
    return Frameworks.judge(new Listing(root, name, Optional.of(root), Map.of(name, size)));
  }

  @Test
  void names_with_a_step_are_believed_and_others_are_looked_into() throws IOException {
    for (String name :
        List.of("m-step7.pt", "m_7.pth", "step-7.safetensors", "m-7.gguf", "e7.npz")) {
      torch(root.resolve(name), "epoch", 2);
      assertThat(judged(name).format()).isIn("pytorch", "safetensors", "gguf", "npz");
      assertThat(judged(name).finding().state()).isEqualTo(State.WHOLE);
    }
    assertThat(judged("m_7.pth").finding().step()).isEqualTo(OptionalLong.of(7));
    torch(root.resolve("latest.pt"), "iter_num", 900);
    assertThat(judged("latest.pt").finding().step()).isEqualTo(OptionalLong.of(900));
  }

  @Test
  void an_empty_file_is_not_complete_and_a_torn_one_has_no_step_of_its_own() throws IOException {
    Files.write(root.resolve("a.pt"), new byte[0]);
    assertThat(judged("a.pt").finding().state()).isEqualTo(State.INCOMPLETE);
    byte[] whole = Files.readAllBytes(root.resolve(called()));
    Files.write(root.resolve("b.ckpt"), java.util.Arrays.copyOf(whole, 40));
    assertThat(judged("b.ckpt").finding().step()).isEmpty();
  }
}
