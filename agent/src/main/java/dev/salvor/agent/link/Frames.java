package dev.salvor.agent.link;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.Gate;
import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.core.Order;
import dev.salvor.agent.core.StartFrom;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Beat;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.Goodbye;
import dev.salvor.proto.v1.Hello;
import dev.salvor.proto.v1.Job;
import dev.salvor.proto.v1.LogLines;
import dev.salvor.proto.v1.Proceed;
import dev.salvor.proto.v1.Progress;
import dev.salvor.proto.v1.Reading;
import dev.salvor.proto.v1.Readings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Frames that are not kept, to the wire; the controller's frames from it.
final class Frames {
  private Frames() {}

  static AgentFrame hello(Action.Hello hello, long atMs) {
    return AgentFrame.newBuilder()
        .setAtMs(atMs)
        .setHello(
            Hello.newBuilder()
                .setBoot(hello.self().boot())
                .setBootId(hello.self().bootId())
                .setAgentVersion(hello.self().version())
                .setJobRunning(hello.jobRunning())
                .setProceeded(hello.proceeded()))
        .build();
  }

  static AgentFrame beat(Action.Beat beat, long atMs) {
    Progress progress =
        Progress.newBuilder()
            .setStep(beat.progress().step())
            .setTotalSteps(beat.progress().totalSteps())
            .setHasLoss(beat.progress().loss().isPresent())
            .setLoss(beat.progress().loss().orElse(0))
            .setJobRunning(beat.jobRunning())
            .setLastLine(beat.progress().lastLine())
            .build();
    return AgentFrame.newBuilder()
        .setAtMs(atMs)
        .setBeat(Beat.newBuilder().setProgress(progress))
        .build();
  }

  static AgentFrame readings(List<dev.salvor.common.telemetry.Reading> readings, long atMs) {
    return AgentFrame.newBuilder()
        .setAtMs(atMs)
        .setReadings(
            Readings.newBuilder().addAllReadings(readings.stream().map(Frames::reading).toList()))
        .build();
  }

  static AgentFrame log(Action.SendLog log, long atMs) {
    return AgentFrame.newBuilder()
        .setAtMs(atMs)
        .setLogLines(
            LogLines.newBuilder()
                .setSource(log.source())
                .setFirst(log.first())
                .addAllLines(log.lines()))
        .build();
  }

  static AgentFrame goodbye(String reason, long atMs) {
    return AgentFrame.newBuilder()
        .setAtMs(atMs)
        .setGoodbye(Goodbye.newBuilder().setReason(reason))
        .build();
  }

  /// Throws IllegalArgumentException on a frame that this agent cannot read.
  static AgentEvent.FromLink read(ControllerFrame frame) {
    return switch (frame.getBodyCase()) {
      case WELCOME ->
          new AgentEvent.Welcomed(
              frame.getWelcome().getBeatTtlMs(), frame.getWelcome().getAckedSeq());
      case BEAT_ACK ->
          new AgentEvent.BeatHeard(
              frame.getBeatAck().getBeatTtlMs(),
              frame.getBeatAck().getLeaseUntilMs(),
              frame.getBeatAck().getControllerTimeMs(),
              frame.getBeatAck().getUnattendedMs(),
              !frame.getBeatAck().getNeverAlone());
      case EVENT_ACK -> new AgentEvent.Acknowledged(frame.getEventAck().getSeq());
      case ORDER -> new AgentEvent.Ordered(order(frame.getOrder()));
      case LOG_WANTED ->
          new AgentEvent.LogWanted(frame.getLogWanted().getTail(), frame.getLogWanted().getForMs());
      case BODY_NOT_SET -> throw new IllegalArgumentException("an empty frame");
    };
  }

  private static Order order(dev.salvor.proto.v1.Order order) {
    return new Order(
        order.getId(),
        switch (order.getWhatCase()) {
          case PROCEED -> proceed(order.getProceed());
          case CARRY_OUT -> new Order.CarryOut(UnitWire.read(order.getCarryOut().getUnit()));
          case PRUNE ->
              new Order.Prune(
                  UnitWire.read(order.getPrune().getUnit()),
                  order.getPrune().getStaysList().stream().map(UnitWire::read).toList());
          case QUIESCE -> new Order.Quiesce();
          case STOP_JOB ->
              new Order.StopJob(
                  Math.max(0, order.getStopJob().getGraceMs()), order.getStopJob().getHung());
          case ASK_CHECKPOINT -> new Order.AskCheckpoint();
          case FENCED -> new Order.Fenced(order.getFenced().getWhy());
          case WHAT_NOT_SET -> throw new IllegalArgumentException("an order of an unknown kind");
        });
  }

  private static Order.Proceed proceed(Proceed proceed) {
    Job job = proceed.getJob();
    JobSpec spec =
        new JobSpec(
            job.getCommand(),
            job.getWorkdir(),
            job.getEnvMap(),
            job.getCheckpointRootsList(),
            job.getResultRootsList(),
            care(job));
    return new Order.Proceed(
        spec,
        proceed.getRestore()
            ? new StartFrom.Unit(
                UnitWire.read(proceed.getRestoreUnit()),
                proceed.getRestoreAlsoList().stream().map(UnitWire::read).toList())
            : new StartFrom.Disk());
  }

  private static JobCare care(Job job) {
    Map<String, Secret> secrets =
        job.getSecretsMap().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> new Secret(e.getValue())));
    return new JobCare(
        new JobCare.Tasks(
            job.getEnvFirstList(),
            job.getEnvResumeList(),
            job.getTasksList(),
            job.getTasksDoneList(),
            job.getTasksGoOn()),
        JobCare.Listens.read(job.getListens()),
        secrets,
        job.getScratchList(),
        Math.max(0, job.getCheckpointIntervalS()),
        job.hasGate() ? gate(job.getGate()) : Gate.NONE,
        job.getOnLogList());
  }

  private static Gate gate(dev.salvor.proto.v1.Gate wire) {
    return new Gate(
        true,
        wire.getCommand(),
        wire.getTimeoutS() > 0 ? Duration.ofSeconds(wire.getTimeoutS()) : Gate.NONE.timeout(),
        new Gate.Promise(
            Math.max(0, wire.getGpus()),
            wire.getGpu(),
            wire.getCuda(),
            Math.max(0, wire.getDiskBytes()),
            Math.max(0, wire.getNeededBytes())));
  }

  private static Reading reading(dev.salvor.common.telemetry.Reading reading) {
    Reading.Builder wire = Reading.newBuilder().setProbe(reading.probe()).setName(reading.name());
    switch (reading) {
      case dev.salvor.common.telemetry.Reading.Amount amount ->
          wire.setNumber(amount.value()).setUnit(amount.unit());
      case dev.salvor.common.telemetry.Reading.Text text -> wire.setText(text.value());
      case dev.salvor.common.telemetry.Reading.Absent absent -> wire.setAbsent(absent.why());
    }
    return wire.build();
  }
}
