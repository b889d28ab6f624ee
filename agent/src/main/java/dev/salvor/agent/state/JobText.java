package dev.salvor.agent.state;

import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobNotes;
import dev.salvor.agent.state.MemoryFile.Keys;
import dev.salvor.common.unit.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/// How a job is looked after, and what is remembered of it, in the memory's file. The user's
/// secrets lie here, and nowhere else on the box: the file is its owner's alone.
final class JobText {
  private JobText() {}

  static void write(Properties file, JobNotes notes) {
    file.setProperty("boot.start", Integer.toString(notes.start()));
    file.setProperty("boot.stalled", Boolean.toString(notes.stalled()));
    file.setProperty("newest", notes.newest());
    MemoryFile.writeList(file, "tasksTold", notes.tasksTold());
  }

  static JobNotes readNotes(Keys file) {
    return new JobNotes(
        Integer.parseInt(file.get("boot.start", "1")),
        file.get("newest", ""),
        Boolean.parseBoolean(file.get("boot.stalled", "false")),
        file.list("tasksTold"));
  }

  static void write(Properties file, JobCare care) {
    MemoryFile.writeList(file, "job.envFirst", care.tasks().envFirst());
    MemoryFile.writeList(file, "job.envResume", care.tasks().envResume());
    MemoryFile.writeList(file, "job.tasks", care.tasks().list());
    MemoryFile.writeList(file, "job.tasksDone", care.tasks().done());
    file.setProperty("job.tasksGoOn", Boolean.toString(care.tasks().goOn()));
    MemoryFile.writeList(file, "job.scratch", care.scratch());
    MemoryFile.writeList(file, "job.onLog", care.onLog());
    file.setProperty("job.listens", care.listens().write());
    file.setProperty("job.intervalS", Integer.toString(care.intervalS()));
    Gate gate = care.gate();
    file.setProperty("job.gate", Boolean.toString(gate.asked()));
    file.setProperty("job.gate.command", gate.command());
    file.setProperty("job.gate.timeoutMs", Long.toString(gate.timeout().toMillis()));
    file.setProperty("job.gate.gpus", Integer.toString(gate.promise().gpus()));
    file.setProperty("job.gate.gpu", gate.promise().gpu());
    file.setProperty("job.gate.cuda", gate.promise().cuda());
    file.setProperty("job.gate.diskBytes", Long.toString(gate.promise().diskBytes()));
    file.setProperty("job.gate.neededBytes", Long.toString(gate.promise().neededBytes()));
    care.secrets()
        .forEach((name, secret) -> file.setProperty("job.secret." + name, secret.reveal()));
  }

  static JobCare readCare(Keys file) {
    Map<String, Secret> secrets =
        file.below("job.secret.").entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> new Secret(e.getValue())));
    return new JobCare(
        new JobCare.Tasks(
            file.list("job.envFirst"),
            file.list("job.envResume"),
            file.list("job.tasks"),
            file.list("job.tasksDone"),
            Boolean.parseBoolean(file.get("job.tasksGoOn", "false"))),
        JobCare.Listens.read(file.get("job.listens", "")),
        secrets,
        file.list("job.scratch"),
        Integer.parseInt(file.get("job.intervalS", "0")),
        readGate(file),
        file.list("job.onLog"));
  }

  private static Gate readGate(Keys file) {
    return new Gate(
        Boolean.parseBoolean(file.get("job.gate", "false")),
        file.get("job.gate.command", ""),
        Duration.ofMillis(
            Long.parseLong(
                file.get("job.gate.timeoutMs", Long.toString(Gate.NONE.timeout().toMillis())))),
        new Gate.Promise(
            Integer.parseInt(file.get("job.gate.gpus", "0")),
            file.get("job.gate.gpu", ""),
            file.get("job.gate.cuda", ""),
            Long.parseLong(file.get("job.gate.diskBytes", "0")),
            Long.parseLong(file.get("job.gate.neededBytes", "0"))));
  }
}
