package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.LogPolicy;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.proto.v1.AskCheckpoint;
import dev.salvor.proto.v1.CarryOut;
import dev.salvor.proto.v1.Fenced;
import dev.salvor.proto.v1.Gate;
import dev.salvor.proto.v1.Job;
import dev.salvor.proto.v1.Order;
import dev.salvor.proto.v1.Proceed;
import dev.salvor.proto.v1.Prune;
import dev.salvor.proto.v1.Quiesce;
import dev.salvor.proto.v1.StopJob;

/// The core's orders as frames.
final class OrderWriter {
  private OrderWriter() {}

  static Order order(long effect, AgentOrder order, Berths.Papers papers) {
    Order.Builder wire = Order.newBuilder().setId(Long.toString(effect));
    switch (order) {
      case AgentOrder.Proceed _ -> wire.setProceed(Proceed.newBuilder().setJob(job(papers)));
      case AgentOrder.ProceedFrom from ->
          wire.setProceed(
              Proceed.newBuilder()
                  .setJob(job(papers))
                  .setRestore(true)
                  .setRestoreUnit(UnitWire.write(from.unit()))
                  .addAllRestoreAlso(from.also().stream().map(UnitWire::write).toList()));
      case AgentOrder.Quiesce _ -> wire.setQuiesce(Quiesce.getDefaultInstance());
      case AgentOrder.StopJob stop ->
          wire.setStopJob(
              StopJob.newBuilder().setGraceMs(Math.toIntExact(stop.grace().toMillis())));
      case AgentOrder.StopHung stop ->
          wire.setStopJob(
              StopJob.newBuilder()
                  .setGraceMs(Math.toIntExact(stop.grace().toMillis()))
                  .setHung(true));
      case AgentOrder.AskCheckpoint _ -> wire.setAskCheckpoint(AskCheckpoint.getDefaultInstance());
      case AgentOrder.Fence fence -> wire.setFenced(Fenced.newBuilder().setWhy(fence.why()));
    }
    return wire.build();
  }

  static Order carryOut(long effect, Unit unit) {
    return Order.newBuilder()
        .setId(Long.toString(effect))
        .setCarryOut(CarryOut.newBuilder().setUnit(UnitWire.write(unit.id())))
        .build();
  }

  static Order prune(long effect, PrunePermit.Terms terms) {
    return Order.newBuilder()
        .setId(Long.toString(effect))
        .setPrune(
            Prune.newBuilder()
                .setUnit(UnitWire.write(terms.unit()))
                .addAllStays(terms.stays().stream().map(UnitWire::write).toList()))
        .build();
  }

  private static Gate.Builder gate(Berths.Gate gate) {
    return Gate.newBuilder()
        .setCommand(gate.command())
        .setGpus(gate.gpus())
        .setGpu(gate.gpu())
        .setCuda(gate.cuda())
        .setDiskBytes(gate.diskBytes())
        .setNeededBytes(gate.neededBytes());
  }

  private static Job job(Berths.Papers papers) {
    RunSpec.Job job = papers.job();
    RunSpec.Care care = job.care();
    Job.Builder wire = Job.newBuilder();
    papers.gate().ifPresent(gate -> wire.setGate(gate(gate)));
    papers.secrets().forEach((name, secret) -> wire.putSecrets(name, secret.reveal()));
    return wire.setCommand(job.command())
        .setWorkdir(job.workdir())
        .putAllEnv(job.env())
        .addAllCheckpointRoots(job.checkpointRoots())
        .addAllResultRoots(job.resultRoots())
        .addAllTasks(care.tasks())
        .addAllTasksDone(papers.tasksDone().stream().sorted().toList())
        .setTasksGoOn(care.goOn())
        .addAllEnvFirst(care.envFirst())
        .addAllEnvResume(care.envResume())
        .setListens(care.listens())
        .addAllScratch(care.scratch())
        .addAllOnLog(care.onLog().stream().map(LogPolicy::match).toList())
        .setCheckpointIntervalS(Math.toIntExact(care.checkpointEvery().toSeconds()))
        .build();
  }
}
