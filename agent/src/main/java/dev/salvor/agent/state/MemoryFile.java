package dev.salvor.agent.state;

import dev.salvor.agent.core.Assignment;
import dev.salvor.agent.core.BootNotes;
import dev.salvor.agent.core.CarryOrder;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.core.Lease;
import dev.salvor.agent.core.Memory;
import dev.salvor.agent.core.StartFrom;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// The core's memory as a file of properties: HOME/memory.
public final class MemoryFile {
  private static final String NAME = "memory";
  private static final String VERSION = "1";

  private final HomeDir home;

  public MemoryFile(HomeDir home) {
    this.home = home;
  }

  public void save(Memory memory) throws IOException {
    StringWriter text = new StringWriter();
    write(memory).store(text, null);
    home.write(NAME, text.toString());
  }

  /// Empty where no agent ran on this disk. A file of another version is an IOException: guessing
  /// could start a second job.
  public Optional<Memory> load() throws IOException {
    Optional<String> text = home.read(NAME);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Properties file = new Properties();
    file.load(new StringReader(text.get()));
    String version = file.getProperty("version", "none");
    if (!version.equals(VERSION)) {
      throw new IOException(
          "Cannot read %s: it is of version %s, this agent reads %s."
              .formatted(home.path(NAME), version, VERSION));
    }
    try {
      return Optional.of(read(new Keys(file)));
    } catch (IllegalArgumentException e) {
      throw new IOException("Cannot read %s: %s".formatted(home.path(NAME), e.getMessage()), e);
    }
  }

  private static Properties write(Memory memory) {
    Properties file = new Properties();
    file.setProperty("version", VERSION);
    file.setProperty("everStarted", Boolean.toString(memory.everStarted()));
    file.setProperty("fenced", Boolean.toString(memory.fenced()));
    writeLease(file, memory.lease());
    writeNotes(file, memory.notes());
    writeList(file, "orders", memory.ordersDone());
    writeList(
        file,
        "carries",
        memory.carries().stream().map(c -> write(c.unit()) + " " + c.orderId()).toList());
    JobText.write(file, memory.job());
    FaultText.write(file, memory.faults());
    if (memory.assignment() instanceof Assignment.Given given) {
      writeGiven(file, given);
    }
    return file;
  }

  private static void writeLease(Properties file, Lease lease) {
    file.setProperty("lease.untilMs", Long.toString(lease.untilMs()));
    file.setProperty("lease.leftMs", Long.toString(lease.leftMs()));
    file.setProperty("lease.graceMs", Long.toString(lease.graceMs()));
    file.setProperty("lease.startsAlone", Boolean.toString(lease.startsAlone()));
    file.setProperty("lease.idleSinceMs", Long.toString(lease.idleSinceMs()));
  }

  private static Lease readLease(Keys file) {
    return new Lease(
        Long.parseLong(file.get("lease.untilMs")),
        Long.parseLong(file.get("lease.leftMs")),
        Long.parseLong(file.get("lease.graceMs")),
        file.is("lease.startsAlone"),
        Long.parseLong(file.get("lease.idleSinceMs")));
  }

  private static void writeNotes(Properties file, BootNotes notes) {
    file.setProperty("boot", Integer.toString(notes.boot()));
    file.setProperty("boot.proceeded", Boolean.toString(notes.proceeded()));
    file.setProperty("boot.startReported", Boolean.toString(notes.startReported()));
    file.setProperty("boot.endReported", Boolean.toString(notes.endReported()));
    file.setProperty("boot.held", Boolean.toString(notes.held()));
    file.setProperty("boot.quiesceAsked", Boolean.toString(notes.quiesceAsked()));
    file.setProperty("boot.position", Long.toString(notes.position()));
  }

  private static void writeGiven(Properties file, Assignment.Given given) {
    JobSpec job = given.job();
    file.setProperty("given", given.orderId());
    file.setProperty("job.command", job.command());
    file.setProperty("job.workdir", job.workdir());
    writeList(file, "job.checkpointRoots", job.checkpointRoots());
    writeList(file, "job.resultRoots", job.resultRoots());
    job.env().forEach((name, value) -> file.setProperty("job.env." + name, value));
    JobText.write(file, job.care());
    if (given.from() instanceof StartFrom.Unit unit) {
      file.setProperty("from", write(unit.id()));
      writeList(file, "from.also", unit.also().stream().map(MemoryFile::write).toList());
    }
  }

  static void writeList(Properties file, String key, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      file.setProperty(key + "." + i, values.get(i));
    }
  }

  private static Memory read(Keys file) {
    BootNotes notes =
        new BootNotes(
            Integer.parseInt(file.get("boot")),
            file.is("boot.proceeded"),
            file.is("boot.startReported"),
            file.is("boot.endReported"),
            file.is("boot.held"),
            file.is("boot.quiesceAsked"),
            Long.parseLong(file.get("boot.position")));
    return new Memory(
        file.has("given") ? readGiven(file) : new Assignment.Open(),
        notes,
        file.is("everStarted"),
        file.is("fenced"),
        file.list("orders"),
        file.list("carries").stream().map(MemoryFile::readCarry).toList(),
        readLease(file),
        JobText.readNotes(file),
        FaultText.read(file));
  }

  private static Assignment readGiven(Keys file) {
    JobSpec job =
        new JobSpec(
            file.get("job.command"),
            file.get("job.workdir"),
            file.below("job.env."),
            file.list("job.checkpointRoots"),
            file.list("job.resultRoots"),
            JobText.readCare(file));
    StartFrom from =
        file.has("from")
            ? new StartFrom.Unit(
                readUnit(file.get("from")),
                file.list("from.also").stream().map(MemoryFile::readUnit).toList())
            : new StartFrom.Disk();
    return new Assignment.Given(file.get("given"), job, from);
  }

  private static String write(UnitId id) {
    return "%d:%d:%d:%s"
        .formatted(id.generation(), id.boot(), id.captureSeq(), id.manifestDigest().hex());
  }

  private static UnitId readUnit(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("not a unit id: " + text);
    }
    return new UnitId(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Long.parseLong(parts[2]),
        new Sha256(parts[3]));
  }

  private static CarryOrder readCarry(String text) {
    int space = text.indexOf(' ');
    if (space < 0) {
      throw new IllegalArgumentException("not a carry order: " + text);
    }
    return new CarryOrder(text.substring(space + 1), readUnit(text.substring(0, space)));
  }

  /// Reads keys that must be there.
  record Keys(Properties file) {
    boolean has(String key) {
      return file.getProperty(key) != null;
    }

    String get(String key) {
      String value = file.getProperty(key);
      if (value == null) {
        throw new IllegalArgumentException("it has no " + key);
      }
      return value;
    }

    /// Of a key that older agents did not write.
    String get(String key, String absent) {
      return file.getProperty(key, absent);
    }

    boolean is(String key) {
      return Boolean.parseBoolean(get(key));
    }

    List<String> list(String key) {
      List<String> values = new ArrayList<>();
      for (int i = 0; has(key + "." + i); i++) {
        values.add(get(key + "." + i));
      }
      return values;
    }

    Map<String, String> below(String prefix) {
      Map<String, String> values = new LinkedHashMap<>();
      for (String key : file.stringPropertyNames()) {
        if (key.startsWith(prefix)) {
          values.put(key.substring(prefix.length()), get(key));
        }
      }
      return values;
    }
  }
}
