package dev.salvor.agent.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.disk.Ballast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PatientStoreTest {
  @TempDir Path root;
  private boolean full;
  private final List<String> saved = new ArrayList<>();

  private void save(String what) throws IOException {
    if (full) {
      throw new IOException("No space left on device");
    }
    saved.add(what);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void what_the_disk_refuses_is_written_when_it_takes_it_and_only_the_newest() throws IOException {
    HomeDir home = new HomeDir(root);
    try (Spool spool = Spool.open(home)) {
      PatientStore store = new PatientStore(spool, home.ballast());
      full = true;
      store.save(() -> save("one"));
      store.save(() -> save("two"));
      assertThat(saved).isEmpty();
      full = false;
      store.flush();
      assertThat(saved).containsExactly("two");
      store.flush();
      assertThat(saved).containsExactly("two");
    }
  }

  @Test
  void ballast_goes_piece_by_piece_before_anything_waits() throws IOException {
    HomeDir home = new HomeDir(root);
    Ballast ballast = home.ballast();
    ballast.take();
    assertThat(ballast.pieces()).isEqualTo(8);
    try (Spool spool = Spool.open(home)) {
      PatientStore store = new PatientStore(spool, ballast);
      store.save(() -> {
        full = ballast.pieces() > 6;
        save("squeezed in");
      });
      assertThat(saved).containsExactly("squeezed in");
      assertThat(ballast.pieces()).isEqualTo(6);
    }
    ballast.take();
    assertThat(ballast.pieces()).isEqualTo(8);
  }

  @Test
  void reports_that_wait_are_read_in_order_and_forgotten_when_acknowledged() throws IOException {
    HomeDir home = new HomeDir(root);
    PatientStore store;
    try (Spool spool = Spool.open(home)) {
      store = new PatientStore(spool, home.ballast());
      store.spool(1, bytes("a"));
      assertThat(store.waiting()).isZero();
    }
    // A closed log refuses every write, as a full disk does.
    store.spool(2, bytes("b"));
    store.spool(3, bytes("c"));
    assertThat(store.waiting()).isEqualTo(2);
    assertThat(store.after(2).orElseThrow().content()).isEqualTo(bytes("c"));
    store.trim(2);
    assertThat(store.waiting()).isEqualTo(1);
  }
}
