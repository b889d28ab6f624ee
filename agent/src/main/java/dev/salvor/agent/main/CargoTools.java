package dev.salvor.agent.main;

import dev.salvor.agent.cargo.CargoWorker;
import dev.salvor.agent.cargo.CarryCommand;
import dev.salvor.agent.cargo.Gently;
import dev.salvor.agent.cargo.RoomGauge;
import dev.salvor.agent.cargo.RoomKeeper;
import dev.salvor.agent.cargo.UnitFiles;
import dev.salvor.agent.checkpoint.ReadingProcess;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.probe.Statfs;
import dev.salvor.agent.state.HomeDir;
import dev.salvor.common.disk.Ballast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the cargo worker works with: the processes it starts, and its eyes on the disks.
final class CargoTools {
  private CargoTools() {}

  static CargoWorker.Tools of(Options options, HomeDir homeDir, int boot) {
    Path home = options.home();
    prepare(homeDir);
    Ballast ballast = homeDir.ballast();
    ReadingProcess reader = new ReadingProcess(reading());
    return new CargoWorker.Tools(
        new UnitFiles(home.resolve("carry"), new WireUnits(), ballast),
        Catalogs.source(options, ballast, boot, reader),
        new CarryCommand(java("-Xmx192m"), home, ballast, aotCache()),
        new WireUnits(),
        new RoomKeeper(options.root(), home, CargoTools::level, CargoTools::scratch));
  }

  /// Before the job can take the last inode: files find one in the ballast, directories do not.
  private static void prepare(HomeDir home) {
    for (String name : List.of("catalog", "carry")) {
      try {
        Path _ = home.directory(name);
      } catch (IOException e) {
        // The disk is full already: it is tried again when they are needed.
      }
    }
  }

  private static List<String> reading() {
    List<String> command = new ArrayList<>(Gently.words());
    command.addAll(java("-Xmx128m"));
    command.add("read");
    return command;
  }

  /// This very program in another process, with the full compiler.
  static List<String> java(String heap) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String jar = System.getProperty("java.class.path");
    return List.of(
        java.toString(),
        "-XX:+UseSerialGC",
        heap,
        "-XX:-UsePerfData",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        jar,
        Main.class.getName());
  }

  /// Where onstart puts the cache for this jar and this runtime; nothing may lie there yet.
  private static Optional<Path> aotCache() {
    return Optional.ofNullable(System.getenv("SALVOR_AOT")).filter(p -> !p.isEmpty()).map(Path::of);
  }

  private static RoomGauge.Level level(Path place) throws IOException {
    Statfs.Room room = Statfs.of(place);
    return new RoomGauge.Level(
        room.totalBytes(), room.freeBytes(), room.inodes(), room.freeInodes());
  }

  /// The job's own globs, absolute: "tmp/**" is one below its workdir.
  private static List<String> scratch(JobSpec job) {
    return job.care().scratch().stream()
        .map(glob ->
            glob.startsWith("/") ? glob : job.workdir().replaceFirst("/+$", "") + "/" + glob)
        .toList();
  }
}
