package dev.salvor.controller.sandbox.market;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One rented instance: which GPUs of which machine it is for, what was agreed, what it runs, and
/// where it is now.
record Instance(
    long id,
    String key,
    long machine,
    Slot slot,
    String label,
    Terms terms,
    Program program,
    Life life,
    List<SshKey> keys) {
  Instance {
    keys = List.copyOf(keys);
  }

  /// What was agreed: an hour's price for the GPUs (the bid, where it is one), the disk, and until
  /// when.
  record Terms(
      boolean bid, double price, double diskGb, double storageCost, long startMs, long endMs) {
    /// What the disk costs an hour, running or not.
    double storagePerHour() {
      return diskGb * storageCost / (30 * 24);
    }
  }

  /// What it runs.
  record Program(
      String image,
      String runtype,
      String onstart,
      List<String> args,
      Map<String, String> env,
      List<Volume.Mount> mounts) {
    Program {
      args = List.copyOf(args);
      env = Map.copyOf(env);
      mounts = List.copyOf(mounts);
    }

    Program with(List<Volume.Mount> next) {
      return new Program(image, runtype, onstart, args, env, next);
    }

    boolean isArgs() {
      return runtype.equals("args");
    }
  }

  /// Where it is: wanted running or not, the stage and since when, when the next stage is due, and
  /// why it stands.
  record Life(
      boolean wanted,
      Stage stage,
      Cause cause,
      long sinceMs,
      long dueMs,
      int sshPort,
      String message) {
    Life at(Stage next, long nowMs, long nextDueMs, String text) {
      return new Life(wanted, next, Cause.NONE, nowMs, nextDueMs, sshPort, text);
    }

    Life down(Cause why, long nowMs, String text) {
      return new Life(wanted, Stage.EXITED, why, nowMs, 0, 0, text);
    }

    /// Stopped still by its status, but on the way up.
    boolean startsSoon() {
      return stage == Stage.EXITED && cause == Cause.NONE && wanted;
    }

    Life wanting(boolean running) {
      return new Life(running, stage, cause, sinceMs, dueMs, sshPort, message);
    }

    Life because(Cause why, long nextDueMs) {
      return new Life(wanted, stage, why, sinceMs, nextDueMs, sshPort, message);
    }

    Life onPort(int port) {
      return new Life(wanted, stage, cause, sinceMs, dueMs, port, message);
    }
  }

  Instance with(Life next) {
    return new Instance(id, key, machine, slot, label, terms, program, next, keys);
  }

  Instance with(Terms next) {
    return new Instance(id, key, machine, slot, label, next, program, life, keys);
  }

  Instance with(Program next) {
    return new Instance(id, key, machine, slot, label, terms, next, life, keys);
  }

  Instance labelled(String next) {
    return new Instance(id, key, machine, slot, next, terms, program, life, keys);
  }

  Instance withKeys(List<SshKey> next) {
    return new Instance(id, key, machine, slot, label, terms, program, life, next);
  }

  Instance withKey(SshKey more) {
    var all = new ArrayList<>(keys);
    all.add(more);
    return withKeys(all);
  }
}
