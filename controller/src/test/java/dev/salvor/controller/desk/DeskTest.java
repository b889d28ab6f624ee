package dev.salvor.controller.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.view.LogView;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.Story;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeskTest {
  @TempDir Path temp;
  private final FakeBridge bridge = new FakeBridge();
  private StateDir dir;
  private Desk.Claim claim;
  private Desk desk;

  @BeforeEach
  void open() throws DeskException {
    dir = new StateDir(temp.resolve("state"));
    reopen();
  }

  private void reopen() throws DeskException {
    claim = Desk.claim(dir);
    desk = claim.open(bridge);
  }

  @AfterEach
  void close() throws IOException {
    desk.close();
    claim.close();
  }

  @Test
  void a_verb_finds_the_controller_and_is_answered() throws DeskException {
    Replies.Pong pong = client().ask(new Request.Ping()).as(Replies.Pong.class);
    assertThat(pong.pid()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void only_the_owner_may_come_near() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.root())))
        .isEqualTo("rwx------");
    for (Path file : List.of(dir.lock(), dir.socket())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
  }

  @Test
  void a_second_controller_of_the_same_directory_is_refused() {
    assertThatThrownBy(() -> Desk.claim(dir))
        .isInstanceOfSatisfying(
            DeskException.class, e -> assertThat(e.kind()).isEqualTo(DeskException.Kind.IN_USE))
        .hasMessageContaining("pid " + ProcessHandle.current().pid());
  }

  @Test
  void a_directory_whose_controller_has_ended_is_free_and_has_none() throws Exception {
    close();
    assertThat(DeskClient.find(dir)).isEmpty();
    reopen();
    assertThat(DeskClient.find(dir)).isPresent();
  }

  @Test
  void what_a_killed_controller_left_behind_stops_nobody() throws Exception {
    close();
    Files.writeString(
        dir.lock(), "{\"pid\":1,\"socket\":\"%s\",\"started\":\"x\"}".formatted(dir.socket()));
    Files.createFile(dir.socket());
    assertThat(DeskClient.find(dir)).isEmpty();
    reopen();
    assertThat(client().ask(new Request.Ps()).as(Replies.Runs.class).runs()).isEmpty();
  }

  @Test
  void a_lock_file_full_of_garbage_is_no_controller() throws Exception {
    close();
    Files.write(dir.lock(), new byte[] {(byte) 0xc3, 0x28, 0, 'x'});
    assertThatThrownBy(() -> DeskClient.find(dir)).isInstanceOf(DeskException.class);
    Files.writeString(dir.lock(), "{nonsense");
    assertThat(DeskClient.find(dir)).isEmpty();
    reopen();
  }

  @Test
  void a_path_too_long_for_a_socket_gets_a_private_short_one() throws Exception {
    StateDir deep = new StateDir(temp.resolve("d".repeat(60)).resolve("e".repeat(60)));
    Path socket;
    try (Desk.Claim deepClaim = Desk.claim(deep);
        Desk _ = deepClaim.open(bridge)) {
      assertThat(DeskClient.find(deep)).isPresent();
      socket = Path.of(Advert.of(deep).orElseThrow().socket());
      assertThat(socket.toString().length()).isLessThan(Desk.MAX_SOCKET_PATH_BYTES);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
          .isEqualTo("rwx------");
    }
    assertThat(socket.getParent()).doesNotExist();
  }

  @Test
  void garbage_is_answered_with_an_error_and_the_desk_goes_on() throws Exception {
    for (byte[] bad :
        List.of(
            frame("not json"),
            frame("{\"verb\":\"fly\"}"),
            new byte[] {0x7f, 0, 0, 0, 1},
            new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff})) {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(dir.socket()))) {
        channel.write(ByteBuffer.wrap(bad));
        byte[] answer = Frames.read(channel).orElseThrow();
        assertThat(new String(answer, StandardCharsets.UTF_8))
            .startsWith("{\"error\":{\"kind\":\"BAD_REQUEST\"");
      }
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(dir.socket()))) {
      channel.write(ByteBuffer.wrap(new byte[] {0, 0}));
    }
    assertThat(client().ask(new Request.Ping()).as(Replies.Pong.class).pid()).isPositive();
  }

  @Test
  void more_callers_than_the_desk_has_room_for_are_turned_away() throws Exception {
    List<SocketChannel> idle = new ArrayList<>();
    try {
      for (int i = 0; i < Desk.MAX_CALLERS + 5; i++) {
        idle.add(SocketChannel.open(UnixDomainSocketAddress.of(dir.socket())));
      }
      SocketChannel last = idle.getLast();
      assertThat(last.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    } finally {
      for (SocketChannel channel : idle) {
        channel.close();
      }
    }
  }

  @Test
  void watching_ends_with_the_run() throws DeskException {
    bridge.with(Story.training("demo"));
    List<RunView> views = new ArrayList<>();
    client()
        .follow(
            new Request.Watch("demo", 50),
            answer -> {
              views.add(answer.as(RunView.class));
              if (views.size() == 2) {
                bridge.submit(
                    bridge.story("demo").run(),
                    new Fact.RunEnded(bridge.now(), Fact.Ending.DONE, "all home"));
              }
              return true;
            });
    assertThat(views.size()).isGreaterThanOrEqualTo(3);
    assertThat(views.getLast().phase().over()).isTrue();
    assertThat(views.getLast().why()).isEqualTo("all home");
  }

  @Test
  void following_logs_brings_each_line_once() throws DeskException {
    bridge.with(Story.training("demo"));
    List<String> lines = new ArrayList<>();
    client()
        .follow(
            new Request.Logs("demo", 10, true),
            answer -> {
              lines.addAll(answer.as(LogView.class).lines());
              if (lines.size() == 1) {
                bridge.story("demo").beat(Story.FIRST, 500, 2.1, "step 500");
              }
              return lines.size() < 2;
            });
    assertThat(lines).containsExactly("step 412/1500 loss 2.2500", "step 500");
  }

  @Test
  void a_controller_that_nobody_needs_may_end() throws Exception {
    assertThat(desk.awaitUnneeded(Duration.ofMillis(1))).isFalse();
    bridge.pass((int) Linger.USUAL.toSeconds() + 1);
    assertThat(desk.awaitUnneeded(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void a_run_that_goes_on_keeps_it_and_so_does_a_box_that_is_left() throws Exception {
    bridge.with(Story.training("demo"));
    assertThatThrownBy(() -> client().ask(new Request.Close(false)))
        .isInstanceOfSatisfying(
            DeskException.class, e -> assertThat(e.kind()).isEqualTo(DeskException.Kind.REFUSED));
    bridge.story("demo").ends(Fact.Ending.PARKED, "a box is left");
    assertThatThrownBy(() -> client().ask(new Request.Close(false)))
        .isInstanceOf(DeskException.class);
    bridge.pass((int) Linger.USUAL.toSeconds() + 1);
    assertThat(desk.awaitUnneeded(Duration.ofMillis(600))).isFalse();
    bridge.story("demo").goes();
    assertThat(client().ask(new Request.Close(false)).notices()).isEmpty();
    assertThat(desk.awaitUnneeded(Duration.ofSeconds(10))).isTrue();
  }

  private DeskClient client() throws DeskException {
    return DeskClient.find(dir).orElseThrow();
  }

  private static byte[] frame(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
  }
}
