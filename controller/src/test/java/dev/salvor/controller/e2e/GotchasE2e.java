package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The platform's traps, each sprung on a run that trains: it must come out with everything home.
class GotchasE2e {
  private static final long FIRST = 7001;
  private static final long SECOND = 7002;

  @BeforeEach
  void tools() {
    List.of("unshare", "rsync", "ssh", "ssh-keygen").forEach(Needs::tool);
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
  }

  /// Its GPU is let to somebody else while it is paused: a start is taken, and nothing comes of it.
  @Test
  void vast03_box_that_is_stuck_in_scheduling_is_left_for_another_machine() throws Exception {
    try (Place place = Place.open()) {
      Cli demo = place.start("demo", "--job", ShellJob.saving(8), "--outbid-at", "never");
      Sabotage.arm(
          place,
          """
          {"kind":"outbid","factor":1.01,"rival_stays_s":6,\
          "trigger":{"path_regex":"step[-_](\\\\d+)","reaches":3}}\
          """);
      demo.until("the box is paused", () -> went(place, FIRST, "exited"));
      Sabotage.arm(
          place, "{\"kind\":\"stuck_scheduling\",\"instance\":7001,\"times\":9,\"for_s\":600}");

      assertAllIsHome(place, demo);
      assertThat(place.market().rented()).containsOnlyKeys(1, 2);
    }
  }

  /// The host is unplugged and never comes back; what it holds cannot be reached any more.
  @Test
  void vast07_host_that_vanishes_costs_only_what_was_not_yet_home() throws Exception {
    try (Place place = Place.open()) {
      Cli demo =
          place.start("demo", "--keep", "--job", ShellJob.saving(20), "--outbid-at", "never");
      demo.until("the box runs", () -> place.market().ran());
      demo.until("a checkpoint is home", () -> frontier(place) >= 1);
      Sabotage.arm(
          place,
          "{\"kind\":\"host_offline\",\"instance\":7001,\"trigger\":{\"after_running_s\":0.1}}");

      demo.until("another machine trains", () -> place.market().rented().containsKey(2));
      demo.until("the last step is home", () -> frontier(place) == 20);

      String story = place.run("explain").out();
      assertThat(story).contains("offline", "resume from g1-");
      assertThat(place.market().of("destroy"))
          .as("what nobody can look at is not erased")
          .noneMatch(entry -> entry.instance() == FIRST);
    }
  }

  /// The image is pulled and pulled.
  @Test
  void vast13_box_that_never_comes_up_is_given_up_in_time() throws Exception {
    try (Place place = Place.open()) {
      Cli demo =
          place.startWith(
              Map.of("SALVOR_LOADING", "8s"),
              "demo",
              "--job",
              ShellJob.saving(3),
              "--outbid-at",
              "never");
      Sabotage.arm(place, "{\"kind\":\"stuck_loading\",\"times\":1,\"for_s\":600}");

      assertAllIsHome(place, demo);
      assertThat(place.market().rented()).containsOnlyKeys(1, 2);
      assertThat(machine(place, FIRST)).as("another machine").isNotEqualTo(machine(place, SECOND));
    }
  }

  /// The host's driver is older than its offer says: too old for the CUDA in the image.
  @Test
  void vast05_box_whose_driver_is_too_old_is_refused_before_its_job_and_another_taken()
      throws Exception {
    try (Place place = Place.open();
        Bazaar bazaar = Bazaar.open(place, false, "old_driver,times=1")) {
      Files.writeString(
          bazaar.project().resolve("run.yaml"),
          """
          name: demo
          image: pytorch/pytorch:2.4.0-cuda12.4-cudnn9-devel
          query: verified=any rented=any num_gpus=1
          max_price: 5
          gate: test -w .
          job: |
            %s
          finish: {then: destroy, approval: yes}
          """
              .formatted(ShellJob.saving(2).replace("\n", "\n  ")));

      Cli.Ended ended = bazaar.type("run", "run.yaml").ended();

      assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
      Cli.Ended explain = bazaar.type("explain", "demo").ended();
      assertThat(explain.out())
          .contains("image CUDA 12.4 needs driver >= 550.54.14, host has 525.60.13")
          .contains("cuda_max_good>=12.4");
      new Ending(place).receiptsVerify();
    }
  }

  /// Many small files, right before the checkpoints get their names: the box's disk has bytes left
  /// and no inodes, before anything was seen.
  @Test
  void vast10_box_whose_inodes_run_out_before_its_bytes_is_told_with_who_has_them()
      throws Exception {
    String job =
        ShellJob.saving(2).replace("/workspace/ckpt", "/workspace/later")
            + "mkdir -p /tmp/shards; n=0; while : 2>/dev/null >/tmp/shards/$n; do"
            + " n=$((n+1)); done\n"
            + "mv /workspace/later /workspace/ckpt\n"
            + "until [ -e /workspace/enough ]; do sleep 1; done; rm -r /tmp/shards\n";
    try (Place place = Place.open();
        SmallDisk disk =
            SmallDisk.ofInodes(place.state().resolve("market").resolve("boxes"), 400, 4000)) {
      Cli demo =
          place.startIn(disk.entered(), "demo", "--job", job, "--outbid-at", "never", "--keep");
      demo.until("what is complete is home", () -> frontier(place) == 2);
      demo.until("it is told", () -> place.run("status").out().contains("runs out of inodes"));
      demo.until("who has them", () -> notes(place).contains("/tmp/shards"));

      JsonNode room = disk(place);
      assertThat(room.at("/inodes/free").asLong()).isLessThan(100);
      assertThat(room.at("/bytes/free").asLong()).isGreaterThan(100_000_000);
    }
  }

  private static String notes(Place place) throws Exception {
    return place.run("status", "--output", "json").json().at("/vitals/notes").toString();
  }

  private static JsonNode disk(Place place) throws Exception {
    JsonNode disks = place.run("status", "--output", "json").json().at("/vitals/disks");
    return disks
        .valueStream()
        .filter(disk -> disk.path("place").asText().equals("/workspace"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no /workspace in " + disks));
  }

  private static void assertAllIsHome(Place place, Cli demo) throws Exception {
    Cli.Ended ended = demo.ended();
    assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
    new Ending(place).receiptsVerify();
    place.assertNothingLeft();
  }

  private static long frontier(Place place) throws Exception {
    Cli.Ended status = place.run("status", "--output", "json");
    return status.code() == 0 ? status.json().at("/cargo/frontierStep").asLong() : -1;
  }

  private static boolean went(Place place, long instance, String to) throws Exception {
    return place.market().of("status").stream()
        .filter(entry -> entry.instance() == instance)
        .anyMatch(entry -> entry.detail().path("to").asText().equals(to));
  }

  private static long machine(Place place, long instance) throws Exception {
    return place.market().of("create").stream()
        .filter(entry -> entry.instance() == instance)
        .findFirst()
        .orElseThrow()
        .detail()
        .path("machine")
        .asLong();
  }
}
