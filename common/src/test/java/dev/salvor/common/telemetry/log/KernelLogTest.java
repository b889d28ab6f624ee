package dev.salvor.common.telemetry.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.telemetry.Verdict;
import dev.salvor.common.telemetry.gpu.GpuConclusion.Grade;
import dev.salvor.common.telemetry.log.KernelEvent.OutOfMemory;
import dev.salvor.common.telemetry.log.KernelEvent.XidEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KernelLogTest {
  private static LogConclusion conclusion(String text) {
    return LogConclusion.of(KernelLog.events(text.lines().toList()));
  }

  @ParameterizedTest
  @CsvSource({
    "13,PARSE_OK,HEALTHY",
    "31,PARSE_OK,HEALTHY",
    "43,PARSE_OK,HEALTHY",
    "45,PARSE_OK,HEALTHY",
    "48,GPU_DEGRADED,DEGRADED",
    "63,GPU_DEGRADED,DEGRADED",
    "64,GPU_DEGRADED,LEAVE",
    "74,GPU_DEGRADED,DEGRADED",
    "79,GPU_UNUSABLE,DEAD",
    "94,GPU_DEGRADED,DEGRADED",
    "95,GPU_DEGRADED,LEAVE",
    "119,PARSE_OK,LEAVE",
    "151,GPU_UNUSABLE,DEAD",
    "999,PARSE_OK,HEALTHY"
  })
  void an_xid_has_a_verdict_and_a_grade(int xid, Verdict verdict, Grade grade) {
    LogConclusion found =
        conclusion(
            "[  12.5] NVRM: Xid (PCI:0000:9b:00): %d, pid=1, name=python, what".formatted(xid));
    assertThat(found.verdict()).isEqualTo(verdict);
    assertThat(found.grade()).isEqualTo(grade);
    assertThat(found.conclusion()).contains("Xid " + xid).contains("0000:9b:00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NVRM: Xid (PCI:0000:05:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the"
            + " bus.",
        "[1843.308145] NVRM: Xid (PCI:0000:05:00.0): 79, GPU has fallen off the bus.",
        "[Sun Feb 23 16:24:18 2025] NVRM: Xid (PCI:0000:05:00): 79, pid=7",
        "kern  :warn  : 2025-01-21T04:41:44,285060+00:00 NVRM: Xid (PCI:0000:05:00): 79, pid=7",
        "6,3973,227996636,-;NVRM: Xid (PCI:0000:05:00): 79, pid=7",
        "Okt 06 17:59:27 balrog kernel: NVRM: Xid (PCI:0000:05:00): 79, pid=1122, GPU has fallen",
        "2025-01-21T04:41:44.285060+00:00 host kernel: NVRM: Xid (PCI:0000:05:00): 79, pid=7",
        "NVRM: Xid (0000:05:00): 79, Ch 00000001"
      })
  void an_xid_is_found_behind_any_time(String line) {
    assertThat(KernelLog.isLike(List.of(line))).isTrue();
    assertThat(KernelLog.events(List.of(line)))
        .first()
        .isInstanceOfSatisfying(XidEvent.class, xid -> assertThat(xid.number()).isEqualTo(79));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NVRM: GPU 0000:01:00.0: GPU has fallen off the bus.",
        "NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x24:0x65:1417)",
        "NVRM: API mismatch: the client has the version 535.171.04, but\n"
            + "NVRM: this kernel module has the version 535.161.07.  Please",
        "NVRM: No NVIDIA GPU found."
      })
  void a_card_that_does_not_start_is_gone(String text) {
    assertThat(conclusion(text).verdict()).isEqualTo(Verdict.GPU_UNUSABLE);
    assertThat(conclusion(text).grade()).isEqualTo(Grade.DEAD);
  }

  @Test
  void a_kill_of_a_new_kernel_names_its_container() {
    String text =
        """
        [1.0] python invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
        [1.1] memory: usage 8388608kB, limit 8388608kB, failcnt 2109
        [1.2] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=docker-1.scope,mems_allowed=0,oom_memcg=/docker/1,task_memcg=/docker/1,task=python,pid=4711,uid=0
        [1.3] Memory cgroup out of memory: Killed process 4711 (python) total-vm:90kB, anon-rss:8000000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0
        [1.4] oom_reaper: reaped process 4711 (python), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB
        """;
    assertThat(KernelLog.events(text.lines().toList()))
        .containsExactly(new OutOfMemory("python", 4711, "/docker/1", 8_000_000L << 10, 8L << 30));
    assertThat(conclusion(text).verdict()).isEqualTo(Verdict.PARSE_OK);
    assertThat(conclusion(text).conclusion())
        .contains("/docker/1 reached its memory limit of 8.0 GiB");
  }

  @Test
  void a_host_without_memory_kills_for_nobodys_limit() {
    String text =
        """
        oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user.slice,task=java,pid=9,uid=0
        Out of memory: Killed process 9 (java) total-vm:90kB, anon-rss:80kB, file-rss:0kB
        Out of memory: Killed process 123, UID 48, (httpd).
        """;
    assertThat(KernelLog.events(text.lines().toList()))
        .containsExactly(
            new OutOfMemory("java", 9, "", 80L << 10, -1),
            new OutOfMemory("httpd", 123, "", -1, -1));
  }

  @Test
  void an_announced_kill_whose_end_was_lost_counts_once() {
    assertThat(
            KernelLog.events(
                List.of("Out of memory: Kill process 7 (a) score 9 or sacrifice child")))
        .hasSize(1);
    assertThat(
            KernelLog.events(
                List.of(
                    "Memory cgroup out of memory: Kill process 7 (a) score 9 or sacrifice child",
                    "Killed process 7 (a) total-vm:1kB, anon-rss:1kB, file-rss:1kB")))
        .containsExactly(new OutOfMemory("a", 7, "a container", 1024, -1));
  }

  @Test
  void words_of_any_kind_are_no_log() {
    assertThat(KernelLog.isLike(List.of("hello", "world [1] of 2"))).isFalse();
    assertThat(KernelLog.isLike(List.of("[    0.000000] Linux version 6.2.0"))).isTrue();
  }
}
