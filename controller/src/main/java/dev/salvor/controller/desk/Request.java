package dev.salvor.controller.desk;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.salvor.controller.core.RunSpec;
import java.util.Map;

/// What can be asked at the desk: {"verb": …, arguments}. An empty run means the newest unfinished
/// one, else the newest.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "verb")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Request.Ping.class, name = "ping"),
  @JsonSubTypes.Type(value = Request.Ps.class, name = "ps"),
  @JsonSubTypes.Type(value = Request.Status.class, name = "status"),
  @JsonSubTypes.Type(value = Request.Summary.class, name = "summary"),
  @JsonSubTypes.Type(value = Request.Watch.class, name = "watch"),
  @JsonSubTypes.Type(value = Request.Logs.class, name = "logs"),
  @JsonSubTypes.Type(value = Request.Output.class, name = "output"),
  @JsonSubTypes.Type(value = Request.Timeline.class, name = "timeline"),
  @JsonSubTypes.Type(value = Request.Explain.class, name = "explain"),
  @JsonSubTypes.Type(value = Request.Start.class, name = "start"),
  @JsonSubTypes.Type(value = Request.Adopt.class, name = "adopt"),
  @JsonSubTypes.Type(value = Request.AskCheckpoint.class, name = "checkpoint"),
  @JsonSubTypes.Type(value = Request.Drill.class, name = "drill"),
  @JsonSubTypes.Type(value = Request.Approve.class, name = "approve"),
  @JsonSubTypes.Type(value = Request.Budget.class, name = "budget"),
  @JsonSubTypes.Type(value = Request.Destroy.class, name = "destroy"),
  @JsonSubTypes.Type(value = Request.WindDown.class, name = "wind-down"),
  @JsonSubTypes.Type(value = Request.Halt.class, name = "halt"),
  @JsonSubTypes.Type(value = Request.Acknowledge.class, name = "ack"),
  @JsonSubTypes.Type(value = Request.Door.class, name = "door"),
  @JsonSubTypes.Type(value = Request.Machines.class, name = "machines"),
  @JsonSubTypes.Type(value = Request.Close.class, name = "close"),
})
public sealed interface Request {

  /// Are you there?
  record Ping() implements Request {}

  record Ps() implements Request {}

  record Status(String run) implements Request {}

  record Summary(String run) implements Request {}

  /// The status again and again, until the run is over.
  record Watch(String run, int everyMs) implements Request {}

  /// The job's last lines, and with `follow` those that come.
  record Logs(String run, int tail, boolean follow) implements Request {}

  /// Every line that the job prints, until the run is over.
  record Output(String run) implements Request {}

  record Timeline(String run) implements Request {}

  record Explain(String run) implements Request {}

  /// Carry this run; goes on with an unfinished one of the same name.
  ///
  /// @param secrets the user's, by name; the spec names them too
  record Start(RunSpec spec, Map<String, String> secrets) implements Request {
    public Start {
      secrets = Map.copyOf(secrets);
    }

    public Start(RunSpec spec) {
      this(spec, Map.of());
    }

    @Override
    public String toString() {
      return "Start[" + spec.run() + ", secrets=***]";
    }
  }

  /// Look after a box that somebody rented by hand.
  ///
  /// @param spec what the run is to be; its market and disk are the box's own where it rents
  ///   nothing
  record Adopt(long instance, RunSpec spec, Map<String, String> secrets) implements Request {
    public Adopt {
      secrets = Map.copyOf(secrets);
    }

    @Override
    public String toString() {
      return "Adopt[%d, %s, secrets=***]".formatted(instance, spec.run());
    }
  }

  /// Ask the job for a checkpoint now.
  record AskCheckpoint(String run, String by) implements Request {}

  /// Stop the box and start it again.
  record Drill(String run, String by) implements Request {}

  /// Say yes to destroying.
  ///
  /// @param seconds how long the yes holds; 0 for as long as the run does
  record Approve(String run, String by, long seconds) implements Request {
    public Approve {
      if (seconds < 0) {
        throw new IllegalArgumentException("A yes holds for some time: " + seconds + " s");
      }
    }
  }

  /// What a run may cost from now on.
  record Budget(String run, long micros, String by) implements Request {}

  /// Asks for a permit for one rental.
  ///
  /// @param target a run, or an instance's number
  /// @param windDown end the job and bring everything home first
  /// @param abandon what the user typed to give its cargo up; empty if nothing
  record Destroy(String target, boolean windDown, String abandon, String by) implements Request {}

  record WindDown(String run, String by) implements Request {}

  record Halt(String run, String by) implements Request {}

  record Acknowledge(String run, long number, String by) implements Request {}

  /// The way into a box.
  ///
  /// @param target a run, or any instance's number
  /// @param key the private key that the user named; empty for his usual one
  record Door(String target, String key) implements Request {}

  /// Which machines failed our runs.
  record Machines() implements Request {}

  /// End, if nothing is left to look after.
  ///
  /// @param anyway also with rentals left: whoever says so has closed their market
  record Close(boolean anyway) implements Request {}
}
