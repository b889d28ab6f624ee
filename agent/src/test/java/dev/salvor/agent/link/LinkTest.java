package dev.salvor.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.core.Order;
import dev.salvor.agent.core.Progress;
import dev.salvor.agent.core.Report;
import dev.salvor.agent.core.Self;
import dev.salvor.agent.core.StartFrom;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.IssueException;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Job;
import dev.salvor.proto.v1.Proceed;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The link on one thread: in-process transport, direct executors.
final class LinkTest {
  private static final String NAME = "link-test";
  private static final Action.Hello HELLO =
      new Action.Hello(new Self(2, "b", "v", false), true, false);

  private final TestCa ca = new TestCa();
  private final FakeController controller = new FakeController(ca);
  private final List<AgentEvent> heard = new ArrayList<>();
  private final TreeMap<Long, byte[]> spool = new TreeMap<>();
  private final List<Endpoint> dialled = new ArrayList<>();
  private Server server;
  private GrpcLink link;
  private Optional<IssueException> refusal = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    var builder = InProcessServerBuilder.forName(NAME).directExecutor();
    controller.services().forEach(builder::addService);
    server = builder.build().start();
    link = link(List.of(new Endpoint("a", 1), new Endpoint("b", 2)));
  }

  @AfterEach
  void stop() {
    link.act(new Action.HangUp("test ends"));
    server.shutdownNow();
  }

  @Test
  void hello_goes_first_and_the_welcome_comes_back() {
    dial(0);

    assertThat(controller.frames().getFirst().getHello().getBoot()).isEqualTo(2);
    assertThat(controller.frames().getFirst().getHello().getJobRunning()).isTrue();
    assertThat(heard).containsExactly(new AgentEvent.Welcomed(400, 0));
  }

  @Test
  void reports_go_out_in_order_from_where_the_core_says_and_on() throws IOException {
    for (long seq = 1; seq <= 3; seq++) {
      spool(seq);
    }
    dial(0);
    assertThat(controller.events()).isEmpty();

    link.act(new Action.SendAfter(1));
    spool(4);
    link.act(new Action.Wake());

    assertThat(controller.events().stream().map(AgentFrame::getSeq)).containsExactly(2L, 3L, 4L);
    assertThat(heard).contains(new AgentEvent.Acknowledged(4));
  }

  @Test
  void beats_and_readings_are_sent_and_carry_what_they_say() {
    dial(0);
    Progress progress = new Progress(3, 9, OptionalDouble.of(0.5), "step 3");
    link.act(new Action.Beat(progress, true));
    link.act(
        new Action.SendReadings(
            List.of(
                new Reading.Amount("disk", "free /", 7, "bytes"),
                new Reading.Absent("gpu", "gpu", "none"))));

    var beat = controller.first(AgentFrame::hasBeat).orElseThrow().getBeat().getProgress();
    assertThat(beat.getStep()).isEqualTo(3);
    assertThat(beat.getHasLoss()).isTrue();
    var readings = controller.first(AgentFrame::hasReadings).orElseThrow().getReadings();
    assertThat(readings.getReadings(0).getNumber()).isEqualTo(7);
    assertThat(readings.getReadings(1).getAbsent()).isEqualTo("none");
    assertThat(heard).contains(new AgentEvent.BeatHeard(400, 0, 0, 0, true));
  }

  @Test
  void orders_are_read() {
    dial(0);
    Job job = Job.newBuilder().setCommand("x").setWorkdir("/w").putEnv("A", "b").build();
    controller.order(
        dev.salvor.proto.v1.Order.newBuilder()
            .setId("p")
            .setProceed(Proceed.newBuilder().setJob(job))
            .build());

    JobSpec spec = new JobSpec("x", "/w", Map.of("A", "b"), List.of(), List.of());
    assertThat(heard)
        .contains(
            new AgentEvent.Ordered(new Order("p", new Order.Proceed(spec, new StartFrom.Disk()))));
  }

  @Test
  void order_that_cannot_be_read_ends_the_stream_and_nothing_else() {
    dial(0);
    controller.order(dev.salvor.proto.v1.Order.newBuilder().setId("x").build());

    assertThat(heard.getLast()).isInstanceOf(AgentEvent.LinkLost.class);
    assertThat(((AgentEvent.LinkLost) heard.getLast()).why()).contains("unknown kind");
  }

  @Test
  void lost_stream_is_told_once_and_a_new_dial_starts_over() {
    dial(0);
    controller.hangUp();
    dial(1);

    assertThat(heard.stream().filter(AgentEvent.LinkLost.class::isInstance)).hasSize(1);
    assertThat(controller.streams()).isEqualTo(2);
    assertThat(dialled).containsExactly(new Endpoint("a", 1), new Endpoint("b", 2));
  }

  @Test
  void token_spent_by_another_key_is_a_refusal_and_anything_else_is_a_loss() {
    refusal = Optional.of(new IssueException(IssueException.Kind.TOKEN_USED, "used"));
    dial(0);
    refusal = Optional.of(new IssueException(IssueException.Kind.NOT_YET, "later"));
    dial(0);

    assertThat(heard)
        .containsExactly(new AgentEvent.LinkRefused("used"), new AgentEvent.LinkLost("later"));
  }

  @Test
  void certificate_that_the_other_end_would_not_have_is_told_from_another_ca() {
    var refused = new SSLHandshakeException("Received fatal alert: certificate_expired");
    var impostor = new SSLHandshakeException("not trusted");
    impostor.initCause(new CertificateException("no CA with a pinned key"));

    assertThat(Words.handshakeRefused(Status.UNAVAILABLE.withCause(refused).asException()))
        .isTrue();
    assertThat(Words.handshakeRefused(Status.UNAVAILABLE.withCause(impostor).asException()))
        .isFalse();
    assertThat(
            Words.handshakeRefused(
                Status.UNAVAILABLE.withCause(new IOException("refused")).asException()))
        .isFalse();
  }

  @Test
  void without_an_endpoint_the_dial_fails_in_words() {
    link = link(List.of());
    dial(0);

    assertThat(((AgentEvent.LinkLost) heard.getFirst()).why()).contains("no endpoint");
  }

  @Test
  void goodbye_is_the_last_word() {
    dial(0);
    link.act(new Action.Goodbye("told to end"));
    link.act(new Action.Beat(Progress.NONE, false));

    assertThat(controller.frames().getLast().getGoodbye().getReason()).isEqualTo("told to end");
  }

  @Test
  void reports_come_back_from_the_spool_as_they_went_in() throws IOException {
    List<Report> reports =
        List.of(
            new Report.JobStarted(1, 5, true),
            new Report.LogMatched(1, 2, 3, "NCCL error"),
            new Report.RoomShort(2, "/workspace", "inodes"),
            new Report.Quiesced(1, 3, true),
            new Report.GateRefused(
                2, new Gate.Refusal("cuda", "too old", "cuda_max_good>=12.8"), true),
            new Report.OrderFailed("o", "why"));
    for (Report report : reports) {
      assertThat(FrameCodec.read(FrameCodec.write(1, 2, report))).isEqualTo(report);
    }
  }

  private void dial(int attempt) {
    link.dial(new Action.Dial(HELLO, attempt), heard::add);
  }

  private void spool(long seq) {
    spool.put(seq, FrameCodec.write(seq, 0, new Report.OrderFailed("o" + seq, "why")));
  }

  private GrpcLink link(List<Endpoint> endpoints) {
    Channels channels =
        (endpoint, as) -> {
          dialled.add(endpoint);
          return InProcessChannelBuilder.forName(NAME).directExecutor().build();
        };
    EnrolmentFacts facts = new EnrolmentFacts("t", "demo", 1, "", 2);
    Credentials credentials = ca.server();
    return new GrpcLink(
        new GrpcLink.Wiring(channels, () -> endpoints, facts, Clock.systemUTC()),
        issuer -> {
          if (refusal.isPresent()) {
            throw refusal.get();
          }
          return credentials;
        },
        after -> Optional.ofNullable(spool.higherEntry(after)).map(Map.Entry::getValue),
        Runnable::run);
  }
}
