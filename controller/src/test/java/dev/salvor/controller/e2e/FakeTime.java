package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A wall clock that processes can be given, and that can be set forward while they run. The clock
/// that counts from the boot goes on as it was: so it does on a machine that sleeps.
final class FakeTime {
  private static final String SOURCE =
      """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <fcntl.h>
      #include <stdint.h>
      #include <stdlib.h>
      #include <sys/mman.h>
      #include <sys/time.h>
      #include <time.h>
      #include <unistd.h>

      static volatile int64_t *ahead;
      static int (*next)(clockid_t, struct timespec *);

      __attribute__((constructor)) static void begin(void) {
        next = dlsym(RTLD_NEXT, "clock_gettime");
        const char *file = getenv("FAKE_TIME");
        int fd = file ? open(file, O_RDONLY) : -1;
        if (fd >= 0) {
          void *map = mmap(0, sizeof *ahead, PROT_READ, MAP_SHARED, fd, 0);
          ahead = map == MAP_FAILED ? 0 : map;
          close(fd);
        }
      }

      int clock_gettime(clockid_t clock, struct timespec *at) {
        if (!next) begin();
        int failed = next(clock, at);
        if (!failed && ahead && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
          at->tv_sec += *ahead;
        return failed;
      }

      int gettimeofday(struct timeval *at, void *zone) {
        struct timespec now;
        int failed = clock_gettime(CLOCK_REALTIME, &now);
        at->tv_sec = now.tv_sec;
        at->tv_usec = now.tv_nsec / 1000;
        return failed;
      }

      time_t time(time_t *at) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        if (at) *at = now.tv_sec;
        return now.tv_sec;
      }
      """;

  private final Path library;
  private final Path ahead;

  private FakeTime(Path library, Path ahead) {
    this.library = library;
    this.ahead = ahead;
  }

  /// Compiles it with gcc.
  static FakeTime make(Path directory) throws IOException, InterruptedException {
    Path source = Files.writeString(directory.resolve("faketime.c"), SOURCE);
    Path library = directory.resolve("faketime.so");
    Process gcc =
        new ProcessBuilder(
                "gcc",
                "-shared",
                "-fPIC",
                "-w",
                "-o",
                library.toString(),
                source.toString(),
                "-ldl")
            .inheritIO()
            .start();
    assertThat(gcc.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(gcc.exitValue()).isZero();
    return new FakeTime(library, Files.write(directory.resolve("ahead"), new byte[Long.BYTES]));
  }

  /// Words before a command that is to have this clock.
  List<String> words() {
    return List.of("env", "LD_PRELOAD=" + library, "FAKE_TIME=" + ahead);
  }

  /// Sets the clock so much ahead of the true one, for all at once.
  void set(Duration time) throws IOException {
    ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    seconds.putLong(time.toSeconds()).flip();
    try (FileChannel file = FileChannel.open(ahead, StandardOpenOption.WRITE)) {
      int _ = file.write(seconds, 0);
    }
  }
}
