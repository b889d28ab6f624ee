package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.provider.InstanceView;
import dev.salvor.controller.provider.LocalMarket;
import dev.salvor.controller.provider.Marketplace;
import dev.salvor.controller.provider.Provider.CreateRequest;
import dev.salvor.controller.provider.Provider.Creation;
import dev.salvor.controller.sandbox.box.Tools;
import dev.salvor.controller.testing.Needs;
import dev.salvor.controller.tunnel.BoxHome;
import dev.salvor.controller.tunnel.Door;
import dev.salvor.controller.tunnel.RealLogin;
import dev.salvor.controller.tunnel.RsyncPush;
import dev.salvor.controller.tunnel.Ssh;
import dev.salvor.controller.tunnel.SshKey;
import dev.salvor.controller.tunnel.Tunnel;
import dev.salvor.controller.tunnel.TunnelException;
import dev.salvor.controller.tunnel.TunnelException.Kind;
import dev.salvor.controller.tunnel.UserKey;
import dev.salvor.controller.view.DoorView;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A real box of the sandbox, entered by the system's own ssh through the door that the provider's
/// words name.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Ssh SSH = Ssh.ofThisMachine();

  private Path dir;
  private LocalMarket sandbox;
  private Marketplace market;
  private Doors doors;
  private InstanceId box;
  private Door door;

  @BeforeAll
  void rent(@TempDir Path temp) throws Exception {
    List.of("ssh", "ssh-keygen", "rsync", "tar").forEach(Needs::tool);
    Needs.that(Tools.grantsNamespaces(), "this machine grants no user namespaces");
    dir = temp;
    sandbox = LocalMarket.open(temp);
    market = sandbox.provider().marketplace();
    // A space and a percent sign: what ssh would cut or expand.
    doors = new Doors(market, temp.resolve("a 100% own place"));
    market.provider().useSshKey(SshKey.of(doors.stateDir()).publicKey());
    box = rented();
    door = doors.find(box).orElseThrow();
    new RealLogin(SSH, 1).prove(door, PATIENCE);
  }

  @AfterAll
  void close() throws Exception {
    sandbox.close();
  }

  private InstanceId rented() throws Exception {
    var wanted = new RunSpec.Market("i", "num_gpus=1", 10, true, UsdPerHour.of(5));
    Offer offer = market.provider().search(wanted).getFirst();
    CreateRequest request =
        new CreateRequest(
            offer.id(), "own", "some/image", 10, offer.minBid().times(2), true, "true\n", Map.of());
    if (!(market.provider().create(request) instanceof Creation.Created(InstanceId id))) {
      return fail("not rented");
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (doors.find(id).filter(d -> d.at().direct()).isEmpty()) {
      assertThat(System.nanoTime() - end).as("waiting for its address").isNegative();
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
    return id;
  }

  @Test
  void a_login_and_a_megabyte_there_and_back_are_proved() throws Exception {
    RealLogin.Proof proof = new RealLogin(SSH, 7).prove(door, PATIENCE);
    assertThat(proof.direct()).isTrue();
    assertThat(proof.bytesPerSecond()).isGreaterThan(10_000);
    Door nowhere =
        new Door(door.rental(), new Door.Address("127.0.0.1", 1, "root", false), door.keys());
    assertThatThrownBy(() -> new RealLogin(SSH, 7).prove(nowhere, Duration.ofSeconds(1)))
        .isInstanceOfSatisfying(
            TunnelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("no real login within 1 s")
        .hasMessageContaining("127.0.0.1:1");
  }

  @Test
  void a_command_is_given_its_input_and_gives_output_words_and_status_back() throws Exception {
    var in = new ByteArrayInputStream("over there".getBytes(StandardCharsets.UTF_8));
    Ssh.Said said = SSH.exec(door, "cat; echo one >&2; echo two >&2; pwd; exit 7", in, PATIENCE);
    assertThat(said).isEqualTo(new Ssh.Said(7, "over there/root\n", "one; two"));
    assertThatThrownBy(() -> SSH.exec(door, "sleep 60", Duration.ofMillis(700)))
        .hasMessageContaining("did not end within 0 s");
  }

  @Test
  void a_directory_is_brought_by_rsync_and_where_there_is_none_by_tar() throws Exception {
    Path code = Files.createDirectories(dir.resolve("my code"));
    Files.createDirectories(code.resolve(".git"));
    Files.writeString(code.resolve(".git/HEAD"), "not this");
    Files.writeString(code.resolve("it's a file.py"), "print(1)\n");
    var load = new RsyncPush.Load(code, "/app/nested", List.of(".git"));
    new RsyncPush(SSH).push(door, load, PATIENCE);
    new RsyncPush(withoutRsync())
        .push(door, new RsyncPush.Load(code, "/app/tarred", List.of(".git")), PATIENCE);
    for (String place : List.of("/app/nested", "/app/tarred")) {
      Ssh.Said there = SSH.exec(door, "cd " + place + " && ls -A && cat it*", PATIENCE);
      assertThat(there.out()).isEqualTo("it's a file.py\nprint(1)\n");
    }
    assertThatThrownBy(() -> new RsyncPush.Load(code, "/app/../root", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// A box that lacks it.
  private static Ssh withoutRsync() {
    return new Ssh() {
      @Override
      public Said exec(Door at, String command, InputStream in, Duration patience)
          throws TunnelException {
        return SSH.exec(
            at, command.replace("command -v rsync", "command -v no-rsync"), in, patience);
      }

      @Override
      public Tunnel tunnel(Door at, String name, int local) throws TunnelException {
        return SSH.tunnel(at, name, local);
      }
    };
  }

  @Test
  void a_port_on_the_box_leads_to_one_here_until_its_ssh_ends() throws Exception {
    try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      here.setSoTimeout((int) PATIENCE.toMillis());
      Tunnel tunnel = SSH.tunnel(door, "link", here.getLocalPort());
      assertThat(tunnel.port()).isNotEqualTo(here.getLocalPort()).isPositive();
      Path note = doors.stateDir().resolve("ssh").resolve("tunnel-" + box + "-link");
      assertThat(Files.readString(note)).matches("\\d+ \\S+");
      Thread call =
          Thread.ofVirtual().start(() -> say("echo through >/dev/tcp/127.0.0.1/" + tunnel.port()));
      try (Socket came = here.accept()) {
        came.setSoTimeout((int) PATIENCE.toMillis());
        assertThat(new String(came.getInputStream().readNBytes(8), StandardCharsets.UTF_8))
            .isEqualTo("through\n");
      }
      call.join();
      assertThat(tunnel.awaitEnd(Duration.ZERO)).isFalse();
      // As one that a killed controller left: the next ends it first.
      Tunnel next = SSH.tunnel(door, "link", here.getLocalPort());
      assertThat(tunnel.awaitEnd(PATIENCE)).isTrue();
      next.close();
      assertThat(next.awaitEnd(PATIENCE)).isTrue();
      assertThat(note).doesNotExist();
    }
  }

  @Test
  void the_same_is_done_in_java_where_this_machine_has_no_ssh() throws Exception {
    Ssh java = Ssh.inJava();
    assertThat(new RealLogin(java, 3).prove(door, PATIENCE).direct()).isTrue();
    var in = new ByteArrayInputStream("over there".getBytes(StandardCharsets.UTF_8));
    assertThat(java.exec(door, "cat; echo one >&2; echo two >&2; exit 7", in, PATIENCE))
        .isEqualTo(new Ssh.Said(7, "over there", "one; two"));
    assertThatThrownBy(() -> java.exec(door, "sleep 60", Duration.ofMillis(700)))
        .hasMessageContaining("did not end within");

    Path pins = dir.resolve("pins in java");
    Door first = new Door(door.rental(), door.at(), new Door.Keys(door.keys().identities(), pins));
    assertThat(java.exec(first, "true", PATIENCE).status()).isZero();
    String pinned = Files.readString(pins);
    assertThat(SSH.exec(first, "true", PATIENCE).status()).as("ssh knows the pin").isZero();
    assertThat(Files.readString(pins)).isEqualTo(pinned);
    Files.writeString(pins, "salvor-" + box + " " + key("other").publicKey() + "\n");
    assertThatThrownBy(() -> java.exec(first, "true", PATIENCE))
        .isInstanceOfSatisfying(
            TunnelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.HOST_KEY));
    Door unknown =
        new Door(
            door.rental(),
            door.at(),
            new Door.Keys(List.of(key("stranger").identity()), door.keys().knownHosts()));
    assertThatThrownBy(() -> java.exec(unknown, "true", PATIENCE))
        .isInstanceOfSatisfying(
            TunnelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY_REFUSED));

    try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      here.setSoTimeout((int) PATIENCE.toMillis());
      Tunnel tunnel = java.tunnel(door, "link", here.getLocalPort());
      Thread.ofVirtual().start(() -> say("echo through >/dev/tcp/127.0.0.1/" + tunnel.port()));
      try (Socket came = here.accept()) {
        came.setSoTimeout((int) PATIENCE.toMillis());
        assertThat(new String(came.getInputStream().readNBytes(8), StandardCharsets.UTF_8))
            .isEqualTo("through\n");
      }
      assertThat(tunnel.awaitEnd(Duration.ofMillis(1))).isFalse();
      tunnel.close();
      assertThat(tunnel.awaitEnd(PATIENCE)).isTrue();
    }
  }

  private void say(String command) {
    try {
      SSH.exec(door, "bash -c '" + command + "'", PATIENCE);
    } catch (TunnelException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void the_agents_home_is_looked_at_and_written_whole() throws Exception {
    BoxHome home = new BoxHome(SSH);
    BoxHome.Look before = home.look(door);
    assertThat(before.bundled()).isFalse();
    assertThat(before.machine())
        .isEqualTo(System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64");
    Path archive = Files.write(dir.resolve("b.tgz"), new byte[300_000]);
    home.push(door, archive);
    assertThat(home.look(door).bundled()).isTrue();
    home.write(door, BoxHome.Paper.ENDPOINTS, "127.0.0.1:4711\n");
    Ssh.Said there =
        SSH.exec(
            door,
            "cd ~/.salvor; wc -c <bundle.tgz; cat endpoints; ls; stat -c %a . endpoints; ls -A ~",
            PATIENCE);
    assertThat(there.out().lines())
        .containsSubsequence("300000", "127.0.0.1:4711", "bundle.tgz", "endpoints", "700", "600")
        .contains(".no_auto_tmux");
  }

  @Test
  void without_a_direct_port_the_proxy_is_taken_and_told() throws Exception {
    arm("{\"kind\":\"no_ports\",\"instance\":" + box + ",\"for_s\":8}");
    Door proxied = until(d -> !d.at().direct());
    RealLogin.Proof proof = new RealLogin(SSH, 5).prove(proxied, PATIENCE);
    assertThat(proof.direct()).isFalse();
    DoorView view = doors.view(box, Optional.empty()).orElseThrow();
    assertThat(view.ssh().direct()).isEqualTo(!view.host().isEmpty());
    assertThat(until(d -> d.at().direct()).at()).isEqualTo(door.at());
  }

  private Door until(Predicate<Door> holds) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<Door> found = doors.find(box).filter(holds);
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
    return fail("not within " + PATIENCE);
  }

  private void arm(String fault) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(sandbox.env().get("VAST_URL") + "/sandbox/faults"))
            .header("Authorization", "Bearer " + sandbox.env().get("VAST_API_KEY"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("[" + fault + "]"))
            .timeout(PATIENCE)
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void a_changed_host_key_is_refused_in_words() throws Exception {
    String pin = Files.readString(door.keys().knownHosts()).lines().findFirst().orElseThrow();
    assertThat(pin).startsWith("salvor-" + box + " ");
    UserKey other = key("elsewhere");
    Path pins = dir.resolve("pins");
    Files.writeString(pins, "salvor-" + box + " " + other.publicKey() + "\n");
    Door changed =
        new Door(door.rental(), door.at(), new Door.Keys(door.keys().identities(), pins));
    assertThatThrownBy(() -> new RealLogin(SSH, 1).prove(changed, PATIENCE))
        .isInstanceOfSatisfying(
            TunnelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.HOST_KEY))
        .hasMessageContaining("another host key than the one pinned")
        .hasMessageContaining(pins.toString());
  }

  @Test
  void a_users_key_is_attached_once_and_opens_the_box() throws Exception {
    UserKey mine = key("mine");
    InstanceView view = market.instances().show(box).orElseThrow();
    Path pins = doors.stateDir().resolve("ssh").resolve("known_hosts-" + box);
    Door only = new Door(door.rental(), door.at(), new Door.Keys(List.of(mine.identity()), pins));
    assertThatThrownBy(() -> SSH.exec(only, "true", PATIENCE))
        .isInstanceOfSatisfying(
            TunnelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY_REFUSED));

    DoorView shown = doors.view(box, Optional.of(mine)).orElseThrow();
    DoorView again = doors.view(box, Optional.of(mine)).orElseThrow();
    assertThat(again).isEqualTo(shown);
    assertThat(market.keys().of(box)).filteredOn(k -> k.sameAs(mine.publicKey())).hasSize(1);
    assertThat(SSH.exec(only, "echo in", PATIENCE).out()).isEqualTo("in\n");
    assertThat(shown.ssh().url()).isEqualTo("ssh://root@127.0.0.1:" + door.at().port());
    assertThat(shown.ports()).isEqualTo(view.ports());
    assertThat(shown.burn()).isEqualTo(view.row().sight().burn());
    assertThat(doors.view(new InstanceId(987_654_321), Optional.of(mine))).isEmpty();
  }

  private UserKey key(String name) throws Exception {
    Path file = dir.resolve(name);
    List<String> make =
        List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me@here", "-f", "" + file);
    assertThat(new ProcessBuilder(make).start().waitFor()).isZero();
    return UserKey.named(file);
  }

  @Test
  void the_usual_key_is_the_first_whole_one_and_a_cut_one_is_told() throws Exception {
    Path home = Files.createDirectories(dir.resolve("home"));
    assertThat(UserKey.usual(home)).isEmpty();
    Path ssh = Files.createDirectories(home.resolve(".ssh"));
    String whole = key("k").publicKey();
    Files.writeString(ssh.resolve("id_ecdsa"), "private");
    Files.writeString(ssh.resolve("id_ecdsa.pub"), whole.substring(0, whole.lastIndexOf(' ')));
    Files.writeString(ssh.resolve("id_ed25519"), "private");
    Files.writeString(ssh.resolve("id_ed25519.pub"), whole.substring("ssh-ed25519 ".length()));

    UserKey usual = UserKey.usual(home).orElseThrow();
    assertThat(usual.identity()).isEqualTo(ssh.resolve("id_ecdsa"));
    assertThat(usual.publicKey()).endsWith(" salvor");
    assertThatThrownBy(() -> UserKey.named(ssh.resolve("id_ed25519.pub")))
        .isInstanceOf(TunnelException.class)
        .hasMessageContaining("id_ed25519.pub is no whole public key")
        .hasMessageContaining("--ssh-key");
    assertThatThrownBy(() -> UserKey.named(home.resolve("none")))
        .hasMessageContaining("cannot be read");
  }
}
