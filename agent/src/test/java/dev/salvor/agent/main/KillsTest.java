package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Job;
import dev.salvor.proto.v1.Order;
import dev.salvor.proto.v1.Proceed;
import dev.salvor.proto.v1.Quiesce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of the agent, the job, the shim, at random moments under a real trainer, with a line
/// that is cut and acknowledgements that do not come. The controller starts the job again each time
/// it hears that it ended. 5 kills; 100 with `-Pfull`, or as many as `salvor.kills` says.
final class KillsTest {
  private static final int KILLS =
      Integer.getInteger("salvor.kills", Boolean.getBoolean("salvor.full") ? 100 : 5);

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /// A whole safetensors file a step: written under a temporary name, renamed, then noted.
  private static final String TRAINER =
      """
      #!/bin/bash
      d=$1
      exec 8>>"$d/training.lock"
      flock -n 8 || { echo "start $SALVOR_START beside another" >>"$d/doubled"; exit 99; }
      echo "$SALVOR_START $$ ${SALVOR_RESUME:-nothing}" >>"$d/starts"
      step=$(ls "$d/ckpt" | sed -n 's/^step-\\([0-9]*\\)\\.safetensors$/\\1/p' | sort -n | tail -1)
      step=${step:-0}
      header='{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}  '
      while [ ! -e "$d/enough" ]; do
        step=$((step + 1))
        t=$d/ckpt/.step-$step.safetensors.tmp
        { printf '\\x38\\0\\0\\0\\0\\0\\0\\0'; printf '%-56s%08d' "$header" "$step"; } >"$t"
        mv "$t" "$d/ckpt/step-$step.safetensors" && echo "$step" >>"$d/ledger"
        echo "step $step loss=0.5"
        sleep 0.3
      done
      """;

  @TempDir Path dir;

  private final long seed = Long.getLong("salvor.seed", System.nanoTime() & 0xffffff);
  private final Random dice = new Random(seed);
  private final Set<Long> answered = new HashSet<>();
  private final Map<String, Integer> victims = new HashMap<>();
  private AgentRig rig;
  private int proceeds;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(dir.resolve("ckpt"));
    Files.writeString(dir.resolve("trainer.sh"), TRAINER);
    rig = new AgentRig(dir, Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    rig.close();
  }

  @Test
  void killed_at_random_the_job_is_never_doubled_and_no_checkpoint_is_forgotten() throws Exception {
    rig.controller().onFrame(this::startAgain);
    rig.controller().orderAtHello(proceed());
    await("the first checkpoint", () -> Files.exists(dir.resolve("ledger")));

    for (int i = 0; i < KILLS; i++) {
      pause(dice.nextInt(2_500));
      disturbLine();
      kill();
      assertThat(trainers()).as("trainers that run at once").hasSizeLessThanOrEqualTo(1);
    }
    finish();

    assertThat(dir.resolve("doubled")).doesNotExist();
    assertStartsWereOrdered();
    assertSpoolCameInOrder();
    assertEveryCheckpointWasTold();
    System.out.printf(
        "KillsTest: seed %d, %d kills %s, %d starts, %d checkpoints, %d events, %d streams%n",
        seed,
        KILLS,
        victims,
        lines("starts").size(),
        lines("ledger").size(),
        firstOfEach().size(),
        rig.controller().streams());
  }

  private void kill() throws Exception {
    int which = dice.nextInt(5);
    boolean agent = which <= 1 || which == 4;
    boolean job = which >= 2;
    victims.merge(agent && job ? "both" : agent ? "agent" : "job", 1, Integer::sum);
    if (job) {
      killJob();
    }
    if (agent) {
      if (job) {
        pause(dice.nextInt(300));
      }
      rig.killAgent();
    }
  }

  /// Its leader, its trainer, everything of it, or everything and the shim.
  private void killJob() {
    List<ProcessHandle> all =
        rig.ofTheJob().stream().filter(p -> !isShim(p)).collect(Collectors.toList());
    int which = dice.nextInt(4);
    List<ProcessHandle> hit =
        switch (which) {
          case 0 -> all.stream().filter(p -> command(p).contains("shim.sh inner")).toList();
          case 1 -> trainers();
          case 2 -> all;
          default -> rig.ofTheJob();
        };
    hit.forEach(ProcessHandle::destroyForcibly);
  }

  private void disturbLine() {
    switch (dice.nextInt(4)) {
      case 0 -> rig.controller().hangUp();
      case 1 -> rig.controller().acknowledge(false);
      default -> rig.controller().acknowledge(true);
    }
  }

  /// As the controller does that has a restart left: one order for each end, and for each start
  /// that was killed before it was on record.
  private void startAgain(AgentFrame frame) {
    boolean died = frame.hasJobEnded() && !frame.getJobEnded().getCause().equals("done");
    if ((died || frame.hasOrderFailed()) && answered.add(frame.getSeq())) {
      rig.controller().orderAtHello(proceed());
      rig.controller().order(proceed(proceeds));
    }
  }

  private void finish() throws Exception {
    rig.controller().acknowledge(true);
    Files.createFile(dir.resolve("enough"));
    await(
        "a job that ends well",
        () -> rig.controller().first(f -> f.getJobEnded().getCause().equals("done")).isPresent());
    Order quiesce = Order.newBuilder().setId("q").setQuiesce(Quiesce.getDefaultInstance()).build();
    rig.controller().orderAtHello(quiesce);
    rig.controller().order(quiesce);
    await("quiet", () -> rig.controller().first(AgentFrame::hasQuiesced).isPresent());
  }

  private void assertStartsWereOrdered() throws IOException {
    List<Integer> ran =
        lines("starts").stream().map(l -> Integer.parseInt(l.split(" ", 2)[0])).toList();
    assertThat(ran).as("each start ran once, in order").isSorted().doesNotHaveDuplicates();
    List<Integer> told =
        firstOfEach().stream()
            .filter(AgentFrame::hasJobStarted)
            .map(f -> f.getJobStarted().getStart())
            .toList();
    // A start may be killed before its trainer wrote its first line.
    assertThat(told).as("starts told").isSorted().doesNotHaveDuplicates().containsAll(ran);
    List<Integer> ended =
        firstOfEach().stream()
            .filter(AgentFrame::hasJobEnded)
            .map(f -> f.getJobEnded().getStart())
            .toList();
    assertThat(ended).as("each start ended once").isEqualTo(told);
    assertThat(told).hasSizeLessThanOrEqualTo(proceeds);
  }

  /// Each number once or again with the same content, none left out, none before its time.
  private void assertSpoolCameInOrder() {
    Map<Long, AgentFrame> first = new HashMap<>();
    List<Long> order = new ArrayList<>();
    for (AgentFrame event : rig.controller().events()) {
      AgentFrame before = first.putIfAbsent(event.getSeq(), event);
      if (before == null) {
        order.add(event.getSeq());
      } else {
        assertThat(event).as("event %d again", event.getSeq()).isEqualTo(before);
      }
    }
    assertThat(order).isEqualTo(LongStream.rangeClosed(1, order.size()).boxed().toList());
  }

  private void assertEveryCheckpointWasTold() throws IOException {
    List<Long> told =
        firstOfEach().stream()
            .filter(AgentFrame::hasUnitSeen)
            .filter(f -> f.getUnitSeen().getManifest().getRoot().endsWith("/ckpt"))
            .map(f -> f.getUnitSeen().getStep())
            .toList();
    assertThat(told).as("checkpoints told").doesNotHaveDuplicates();
    assertThat(told).containsAll(lines("ledger").stream().map(Long::parseLong).toList());
  }

  private List<AgentFrame> firstOfEach() {
    Set<Long> seen = new HashSet<>();
    return rig.controller().events().stream().filter(e -> seen.add(e.getSeq())).toList();
  }

  private List<ProcessHandle> trainers() {
    return rig.ofTheJob().stream()
        .filter(p -> command(p).contains("/trainer.sh " + dir))
        .filter(p -> !command(p).contains("-c "))
        .filter(p -> p.parent().map(q -> !isTrainer(q)).orElse(true))
        .toList();
  }

  private boolean isTrainer(ProcessHandle process) {
    return command(process).contains("bash " + dir.resolve("trainer.sh"));
  }

  private static boolean isShim(ProcessHandle process) {
    return command(process).contains("shim.sh outer");
  }

  private static String command(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }

  private List<String> lines(String file) throws IOException {
    return Files.readAllLines(dir.resolve(file));
  }

  private Order proceed() {
    return proceed(++proceeds);
  }

  private Order proceed(int number) {
    Job.Builder job =
        Job.newBuilder()
            .setCommand("bash %s %s".formatted(dir.resolve("trainer.sh"), dir))
            .setWorkdir(dir.resolve("work").toString())
            .addCheckpointRoots(dir.resolve("ckpt").toString());
    return Order.newBuilder()
        .setId("p" + number)
        .setProceed(Proceed.newBuilder().setJob(job))
        .build();
  }

  private static void pause(int ms) {
    long end = System.nanoTime() + Duration.ofMillis(ms).toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private void await(String what, BooleanSupplier condition) {
    try {
      Await.until(what, PATIENCE, condition);
    } catch (AssertionError e) {
      throw new AssertionError(
          "seed %d: %s; the agent said:%n%s".formatted(seed, e.getMessage(), rig.said()), e);
    }
  }
}
