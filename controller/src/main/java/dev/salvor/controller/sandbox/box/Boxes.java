package dev.salvor.controller.sandbox.box;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The boxes of one market on this machine; all it knows is on disk, so that a new one carries on
/// with what runs.
public final class Boxes {
  private final Path home;
  private final Enclosure enclosure;
  private final Kit kit;
  private final AtomicLong scratch = new AtomicLong();

  private Boxes(Path home, Enclosure enclosure, Kit kit) {
    this.home = home;
    this.enclosure = enclosure;
    this.kit = kit;
  }

  /// Opens the boxes under `stateDir`, each with the bundle in `/opt/salvor` if there is one;
  /// `market` is a name no other market on this machine has.
  public static Boxes open(Path stateDir, Optional<Path> bundle, String market, boolean namespaces)
      throws BoxException {
    var kit =
        new Kit(
            stateDir.resolve("lib"),
            Path.of(System.getProperty("java.home")),
            bundle.map(Path::toAbsolutePath),
            market);
    try {
      kit.install();
      Path home = Files.createDirectories(stateDir.resolve("boxes"));
      Files.createDirectories(stateDir.resolve("scratch"));
      return new Boxes(home, namespaces ? new Namespaces(kit) : new PlainProcesses(kit), kit);
    } catch (IOException e) {
      throw new BoxException("Cannot prepare " + stateDir, e);
    }
  }

  /// How boxes are kept together here: `namespaces` or `plain`.
  public String enclosure() {
    return enclosure.name();
  }

  public void start(BoxOrder order) throws BoxException {
    BoxDisk box = box(order.id());
    try {
      box.create();
      Files.deleteIfExists(box.file("ready"));
      Files.deleteIfExists(box.file("refused"));
      for (var program : order.programs().entrySet()) {
        Path file = box.disk().resolve("root").resolve(program.getKey());
        Files.createDirectories(file.getParent());
        Files.writeString(file, program.getValue());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      secret(box.file("volumes"), volumes(order.volumes()));
      secret(box.file("env"), joined(order.env()));
      secret(
          box.file("argv"), String.join("\0", order.argv()) + (order.argv().isEmpty() ? "" : "\0"));
      secret(box.file("onstart"), order.onstart());
      var builder =
          new ProcessBuilder(enclosure.spawn(box))
              .directory(home.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(box.log().toFile()));
      setEnvironment(builder, order.id());
      Process process = builder.start();
      ProcessId root =
          ProcessId.of(process.pid()).orElseThrow(() -> new IOException("it ended at once"));
      secret(box.file("pid"), root.text());
    } catch (IOException e) {
      throw new BoxException("Cannot start box " + order.id(), e);
    }
  }

  public BoxState state(long id) {
    BoxDisk box = box(id);
    if (box.root().filter(ProcessId::alive).isEmpty()) {
      return BoxState.DOWN;
    }
    return box.ready() ? BoxState.UP : BoxState.STARTING;
  }

  /// What the runtime said instead of starting the box; empty if it did not refuse.
  public String refusal(long id) {
    try {
      return Files.readString(box(id).file("refused")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  public void createVolume(long id) throws BoxException {
    try {
      Files.createDirectories(volume(id).disk());
    } catch (IOException e) {
      throw new BoxException("Cannot make volume " + id, e);
    }
  }

  public void deleteVolume(long id) throws BoxException {
    try {
      volume(id).delete();
    } catch (IOException e) {
      throw new BoxException("Cannot remove volume " + id, e);
    }
  }

  /// The command that runs one program on the disk of a box that is down; nothing where this
  /// machine cannot.
  public Optional<List<String>> onDisk(long id, List<String> argv) {
    Path root = home.resolveSibling("scratch").resolve("disk" + scratch.incrementAndGet() % 64);
    return enclosure.onDisk(root, box(id), argv);
  }

  private BoxDisk volume(long id) {
    return new BoxDisk(id, home.resolveSibling("volumes").resolve(Long.toString(id)));
  }

  private String volumes(Map<Long, String> volumes) {
    var lines = new StringBuilder();
    volumes.forEach(
        (id, path) -> lines.append(volume(id).disk()).append('\0').append(path).append('\0'));
    return lines.toString();
  }

  /// SIGKILL to everything in the box, with no notice. Nothing happens to a box that is down.
  public void kill(long id) throws BoxException {
    BoxDisk box = box(id);
    Optional<ProcessId> root = box.root();
    if (root.isPresent()) {
      enclosure.kill(box, root.get());
    }
    for (ProcessId stray : Processes.withVariable(kit.marker(id))) {
      enclosure.kill(box, stray);
    }
    try {
      Files.deleteIfExists(box.file("pid"));
      Files.deleteIfExists(box.file("ready"));
    } catch (IOException e) {
      throw new BoxException("Cannot clear box " + id, e);
    }
  }

  /// Kills the box and removes its disk and its log.
  public void destroy(long id) throws BoxException {
    kill(id);
    try {
      box(id).delete();
    } catch (IOException e) {
      throw new BoxException("Cannot remove the disk of box " + id, e);
    }
  }

  /// Boxes of which there is anything on this machine.
  public Set<Long> known() throws BoxException {
    try (Stream<Path> entries = Files.list(home)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("\\d{1,18}"))
          .map(Long::valueOf)
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new BoxException("Cannot list the boxes in " + home, e);
    }
  }

  /// The command that runs `inner` in the box, or nothing where it is not up.
  public Optional<List<String>> enter(long id, List<String> inner) {
    BoxDisk box = box(id);
    return state(id) == BoxState.UP
        ? box.root().map(root -> enclosure.enter(box, root, inner))
        : Optional.empty();
  }

  /// The command that serves these boxes' disks, running or not, as modules `C.<id>`.
  public List<String> serve(Collection<Long> ids) throws BoxException {
    var modules = new LinkedHashMap<String, BoxDisk>();
    for (long id : ids) {
      if (Files.isDirectory(box(id).disk())) {
        modules.put("C." + id, box(id));
      }
    }
    Path root = home.resolveSibling("scratch").resolve("rsync" + scratch.incrementAndGet() % 64);
    return enclosure.serve(root, modules);
  }

  /// The end of the container log, at most so many bytes of it.
  public String log(long id, int maxBytes) {
    try (var file = Files.newByteChannel(box(id).log())) {
      long from = Math.max(0, file.size() - maxBytes);
      var bytes = ByteBuffer.allocate((int) (file.size() - from));
      file.position(from);
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {}
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /// What lies on the box's disk.
  public DiskView disk(long id) {
    return new DiskView(box(id).disk());
  }

  private BoxDisk box(long id) {
    return new BoxDisk(id, home.resolve(Long.toString(id)));
  }

  private void setEnvironment(ProcessBuilder builder, long id) {
    String marker = kit.marker(id);
    Map<String, String> env = builder.environment();
    env.clear();
    env.put("PATH", Tools.PATH);
    env.put(marker.substring(0, marker.indexOf('=')), marker.substring(marker.indexOf('=') + 1));
  }

  private static String joined(Map<String, String> env) {
    var pairs = new ArrayList<String>();
    env.forEach((name, value) -> pairs.add(name + "=" + value.replace("\0", "") + "\0"));
    return String.join("", pairs);
  }

  private static void secret(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }
}
