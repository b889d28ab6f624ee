package dev.salvor.common.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A temporary name that cannot be made stands for a disk without inodes: there, too, no new file
/// can be made, and files that exist can be renamed and written.
final class BallastTest {
  @TempDir Path home;
  private Ballast ballast;
  private Path file;

  @BeforeEach
  void take() throws IOException {
    ballast = new Ballast(home.resolve("ballast"));
    file = home.resolve("state");
    ballast.take();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void noInodesFor(Path file) throws IOException {
    Files.createDirectories(file.resolveSibling("." + file.getFileName() + ".tmp").resolve("x"));
  }

  @Test
  void file_is_replaced_without_inodes_again_and_again_for_nothing() throws IOException {
    Files.writeString(file, "zero");
    noInodesFor(file);
    for (int i = 1; i <= 3 * Ballast.PIECES; i++) {
      ballast.replace(file, bytes("content " + i));
      assertThat(file).hasContent("content " + i);
    }
    assertThat(ballast.pieces()).isEqualTo(Ballast.PIECES);
    try (var held = Files.list(home.resolve("ballast"))) {
      assertThat(held).hasSize(Ballast.PIECES);
    }
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void new_files_take_a_piece_each_until_there_is_none() throws IOException {
    for (int i = 0; i < Ballast.PIECES; i++) {
      Path fresh = home.resolve("unit-" + i);
      noInodesFor(fresh);
      ballast.ensure(fresh);
      assertThat(fresh).isEmptyFile();
    }
    assertThat(ballast.pieces()).isZero();
    noInodesFor(file);
    assertThatThrownBy(() -> ballast.replace(file, bytes("more"))).isInstanceOf(IOException.class);
    ballast.take();
    assertThat(ballast.pieces()).isEqualTo(Ballast.PIECES);
  }

  @Test
  void piece_that_took_the_place_of_another_file_is_made_heavy_again() throws IOException {
    Files.writeString(file, "small");
    noInodesFor(file);
    ballast.replace(file, bytes("new"));
    ballast.take();
    try (var held = Files.list(home.resolve("ballast"))) {
      assertThat(held).allMatch(piece -> piece.toFile().length() == 256 << 10);
    }
    assertThat(file).hasContent("new");
  }

  @Test
  void second_name_that_a_crash_left_is_not_written_to() throws IOException {
    Files.writeString(file, "live");
    Files.createLink(home.resolve("ballast/outgoing"), file);
    ballast.take();
    noInodesFor(file);
    ballast.replace(file, bytes("next"));
    assertThat(file).hasContent("next");
    assertThat(home.resolve("ballast/outgoing")).doesNotExist();
  }
}
