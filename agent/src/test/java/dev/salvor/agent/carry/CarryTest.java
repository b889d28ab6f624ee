package dev.salvor.agent.carry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.link.TestCa;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.Pem;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.wire.UnitWire;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CarryTest {
  private static final String ROOT = "/work/ckpt/step-7";
  private static final int LARGE = CopyOut.BLOCK_BYTES * 2 + 12_345;

  @TempDir Path temp;
  private final TestCa ca = new TestCa();
  private final FakeCargo cargo = new FakeCargo();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<Server> servers = new ArrayList<>();
  private Path box = Path.of("unset");
  private Path home = Path.of("unset");

  @BeforeEach
  void start() throws Exception {
    box = Files.createDirectories(temp.resolve("box"));
    home = Files.createDirectories(temp.resolve("home/identity")).resolveSibling(".").normalize();
    identity(ca);
    Files.writeString(home.resolve("endpoints"), "127.0.0.1:" + serve(ca).getPort() + "\n");
    byte[] large = new byte[LARGE];
    new Random(7).nextBytes(large);
    Path unit = Files.createDirectories(onDisk().resolve("sub"));
    Files.write(unit.resolveSibling("model.bin"), large);
    Files.writeString(unit.resolve("small"), "small");
    Files.createFile(unit.resolve("empty"));
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Server server : servers) {
      server.shutdownNow().awaitTermination();
    }
  }

  private void identity(TestCa from) throws Exception {
    Credentials self = from.server("box", Instant.now().minusSeconds(60));
    Files.writeString(home.resolve("identity/key.pem"), Pem.write(self.key()));
    Files.writeString(home.resolve("identity/chain.pem"), Pem.write(self.chain()));
    Files.writeString(home.resolve("identity/ca-pin"), from.pin() + "\n");
  }

  private Server serve(TestCa as) throws IOException {
    Credentials self = as.server();
    X509Certificate[] chain = self.chain().toArray(new X509Certificate[0]);
    var tls =
        GrpcSslContexts.configure(SslContextBuilder.forServer(self.key(), chain))
            .trustManager(as.certificate())
            .clientAuth(ClientAuth.REQUIRE)
            .build();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(tls)
            .maxInboundMessageSize(17 << 20)
            .addService(cargo)
            .build()
            .start();
    servers.add(server);
    return server;
  }

  private Path onDisk() {
    return box.resolve(ROOT.substring(1));
  }

  private Unit unit(String root, List<String> paths) throws IOException {
    List<FileEntry> files = new ArrayList<>();
    for (String path : paths) {
      byte[] bytes = Files.readAllBytes(box.resolve(root.substring(1)).resolve(path));
      files.add(new FileEntry(path, bytes.length, Sha256.of(bytes)));
    }
    Manifest manifest = new Manifest(root, files);
    return new Unit(
        new UnitId(1, 1, 1, manifest.digest()),
        UnitKind.CHECKPOINT,
        "pytorch",
        7,
        Completeness.COMMITTED,
        manifest,
        Instant.EPOCH);
  }

  private Unit unit() throws IOException {
    return unit(ROOT, List.of("model.bin", "sub/small", "sub/empty"));
  }

  private int carry(String option, byte[] input) throws Exception {
    Path file = Files.write(temp.resolve("input.pb"), input);
    said.reset();
    return Carry.run(
        List.of("--home", home.toString(), option, file.toString()),
        Map.of("SALVOR_ROOT", box.toString()),
        1,
        new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  private int send(Unit unit) throws Exception {
    return carry("--unit", UnitWire.write(unit).toByteArray());
  }

  private int restore(UnitId id) throws Exception {
    return carry("--restore", UnitWire.write(id).toByteArray());
  }

  private String lastLine() {
    return said.toString(StandardCharsets.UTF_8).lines().reduce("", (before, line) -> line);
  }

  @Test
  void a_unit_goes_out_block_by_block_and_ends_with_a_receipt() throws Exception {
    assertThat(send(unit())).isEqualTo(Carry.DONE);
    assertThat(lastLine()).isEqualTo(ROOT);
    assertThat(cargo.blocks.keySet())
        .containsExactly(
            FakeCargo.place(0, 0),
            FakeCargo.place(0, 1),
            FakeCargo.place(0, 2),
            FakeCargo.place(2, 0));
    assertThat(home.resolve("carry/sending")).isEmptyFile();
  }

  @Test
  void a_copy_broken_off_goes_on_at_the_block() throws Exception {
    cargo.breakOffAfter = 2;
    assertThat(send(unit())).isEqualTo(Carry.DONE);
    assertThat(cargo.calls).hasValue(2);
    assertThat(cargo.received.get()).isLessThanOrEqualTo(6);
    assertThat(send(unit())).isEqualTo(Carry.DONE);
    assertThat(cargo.received.get()).isLessThanOrEqualTo(6);
  }

  @Test
  void no_receipt_is_a_failure_in_the_controllers_words() throws Exception {
    cargo.refusal = "a pickle imports os.system";
    assertThat(send(unit())).isEqualTo(Carry.FAILED);
    assertThat(lastLine()).contains("no receipt").contains("a pickle imports os.system");
  }

  @Test
  void files_that_changed_since_they_were_found_are_not_sent_as_that_unit() throws Exception {
    Unit unit = unit();
    byte[] large = Files.readAllBytes(onDisk().resolve("model.bin"));
    large[LARGE - 1] ^= 1;
    Files.write(onDisk().resolve("model.bin"), large);
    assertThat(send(unit)).isEqualTo(Carry.FAILED);
    assertThat(lastLine()).contains("other bytes");
    Files.writeString(onDisk().resolve("model.bin"), "short");
    assertThat(send(unit)).isEqualTo(Carry.FAILED);
    Files.delete(onDisk().resolve("model.bin"));
    assertThat(send(unit)).isEqualTo(Carry.FAILED);
    assertThat(lastLine()).contains("went away");
  }

  @Test
  void what_the_trainer_rotated_away_is_sent_from_its_pin() throws Exception {
    Unit unit = unit();
    Path pin = PinPlace.in(box.resolve("work")).resolve(unit.id().toString());
    Files.createDirectories(pin.getParent());
    Files.move(onDisk(), pin);
    assertThat(send(unit)).isEqualTo(Carry.DONE);
    assertThat(pin).doesNotExist();
  }

  @Test
  void a_controller_of_another_authority_is_not_trusted() throws Exception {
    TestCa other = new TestCa();
    Files.writeString(home.resolve("endpoints"), "127.0.0.1:" + serve(other).getPort());
    assertThat(send(unit())).isEqualTo(Carry.UNREACHABLE);
    assertThat(cargo.calls).hasValue(0);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("pinned");
  }

  @Test
  void a_unit_comes_back_where_it_was_and_what_lay_there_is_kept_aside() throws Exception {
    Unit unit = unit();
    assertThat(send(unit)).isEqualTo(Carry.DONE);
    byte[] large = Files.readAllBytes(onDisk().resolve("model.bin"));
    Files.writeString(onDisk().resolve("model.bin"), "another run's");
    assertThat(restore(unit.id())).isEqualTo(Carry.DONE);
    assertThat(lastLine()).isEqualTo(ROOT);
    assertThat(onDisk().resolve("model.bin")).hasBinaryContent(large);
    assertThat(onDisk().resolve("sub/small")).hasContent("small");
    assertThat(onDisk().resolve("sub/empty")).isEmptyFile();
    assertThat(onDisk().resolveSibling(".step-7.salvor-aside-1").resolve("model.bin"))
        .hasContent("another run's");
    assertThat(Files.readString(home.resolve("catalog/restored")))
        .contains(unit.id().manifestDigest().hex());
    assertThat(restore(unit.id())).isEqualTo(Carry.DONE);
    assertThat(onDisk().resolveSibling(".step-7.salvor-aside-2")).doesNotExist();
  }

  @Test
  void a_single_file_comes_back_among_its_neighbours() throws Exception {
    Path neighbour = Files.writeString(onDisk().resolve("neighbour.pt"), "stays");
    Unit unit = unit(ROOT, List.of("model.bin"));
    assertThat(send(unit)).isEqualTo(Carry.DONE);
    byte[] large = Files.readAllBytes(onDisk().resolve("model.bin"));
    Files.delete(onDisk().resolve("model.bin"));
    assertThat(restore(unit.id())).isEqualTo(Carry.DONE);
    assertThat(onDisk().resolve("model.bin")).hasBinaryContent(large);
    assertThat(neighbour).hasContent("stays");
  }

  @Test
  void bytes_that_do_not_hash_to_the_manifest_are_never_put_in_place() throws Exception {
    Unit unit = unit();
    assertThat(send(unit)).isEqualTo(Carry.DONE);
    Files.delete(onDisk().resolve("model.bin"));
    cargo.flipBits = true;
    assertThat(restore(unit.id())).isNotEqualTo(Carry.DONE);
    assertThat(onDisk().resolve("model.bin")).doesNotExist();
    assertThat(onDisk().resolve("sub/small")).exists();
  }

  @Test
  void what_does_not_open_is_never_put_in_place() throws Exception {
    Path model = onDisk().resolve("model.safetensors");
    Files.write(model, new byte[] {90, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
    Unit unit = unit(ROOT, List.of("model.safetensors"));
    assertThat(send(unit)).isEqualTo(Carry.DONE);
    Files.delete(model);

    assertThat(restore(unit.id())).isNotEqualTo(Carry.DONE);

    assertThat(model).doesNotExist();
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("is not whole on this disk");
  }

  @Test
  void wrong_arguments_are_told() throws Exception {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    assertThat(Carry.run(List.of("--home", "x"), Map.of(), 1, out)).isEqualTo(Carry.USAGE);
  }
}
