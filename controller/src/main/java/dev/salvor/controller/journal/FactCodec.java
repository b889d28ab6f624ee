package dev.salvor.controller.journal;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Verdict;

/// Facts to and from the text that the journal keeps. What was stored once must be readable by
/// every later build: names and shapes here are a format, held by a golden file.
public final class FactCodec {
  private final ObjectMapper json = mapper();

  /// One line of JSON, the same for equal facts.
  public String write(Fact fact) {
    try {
      return json.writerFor(Fact.class).writeValueAsString(fact);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A fact without a stored form: " + fact.getClass(), e);
    }
  }

  /// Strict: an unknown name, a missing part or one too many is refused, never guessed.
  ///
  /// @throws IllegalArgumentException the text is no fact that this build knows
  public Fact read(String text) {
    try {
      JsonNode stored = json.readTree(text);
      if (stored.isMissingNode()) {
        throw new IllegalArgumentException("Not a stored fact: nothing");
      }
      return json.treeToValue(Older.raise(stored), Fact.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a stored fact: " + e.getOriginalMessage(), e);
    }
  }

  private static ObjectMapper mapper() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .addModule(new Scalars())
            // A Map has no order of its own; equal facts are stored as equal text.
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            // Records carry methods that look like getters ("isDone()"): only components count.
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
    for (Class<?> family : FAMILIES) {
      builder.addMixIn(family, Tagged.class);
    }
    builder.registerSubtypes(NAMES);
    return builder.build();
  }

  private static final Class<?>[] FAMILIES = {
    Fact.class, Effect.class, Outcome.class, AgentOrder.class, Verdict.class
  };

  /// The stored name of every alternative. Never rename one, never use one again for another.
  private static final NamedType[] NAMES = {
    new NamedType(Fact.RunRequested.class, "run-requested"),
    new NamedType(Fact.Approved.class, "approved"),
    new NamedType(Fact.Abandoned.class, "abandoned"),
    new NamedType(Fact.WindDownAsked.class, "wind-down-asked"),
    new NamedType(Fact.HaltAsked.class, "halt-asked"),
    new NamedType(Fact.NoticeAcknowledged.class, "notice-acknowledged"),
    new NamedType(Fact.RentalFound.class, "rental-found"),
    new NamedType(Fact.RentalAbsent.class, "rental-absent"),
    new NamedType(Fact.ProviderSaw.class, "provider-saw"),
    new NamedType(Fact.VerdictReached.class, "verdict-reached"),
    new NamedType(Fact.AgentJoined.class, "agent-joined"),
    new NamedType(Fact.JobStarted.class, "job-started"),
    new NamedType(Fact.JobEnded.class, "job-ended"),
    new NamedType(Fact.TaskDone.class, "task-done"),
    new NamedType(Fact.JobStalled.class, "job-stalled"),
    new NamedType(Fact.JobMoving.class, "job-moving"),
    new NamedType(Fact.LogMatched.class, "log-matched"),
    new NamedType(Fact.LogAnswered.class, "log-answered"),
    new NamedType(Fact.CheckpointAsked.class, "checkpoint-asked"),
    new NamedType(Fact.UnitSeen.class, "unit-seen"),
    new NamedType(Fact.Quiesced.class, "quiesced"),
    new NamedType(Fact.Restored.class, "restored"),
    new NamedType(Fact.OrderFailed.class, "order-failed"),
    new NamedType(Fact.Decided.class, "decided"),
    new NamedType(Fact.Intended.class, "intended"),
    new NamedType(Fact.Settled.class, "settled"),
    new NamedType(Fact.ArmChosen.class, "arm-chosen"),
    new NamedType(Fact.Announced.class, "announced"),
    new NamedType(Fact.RunEnded.class, "run-ended"),
    new NamedType(Fact.SelfStopped.class, "self-stopped"),
    new NamedType(Fact.ControllerBack.class, "controller-back"),
    new NamedType(Fact.CargoGivenUp.class, "cargo-given-up"),
    new NamedType(Fact.BoxAbandoned.class, "box-abandoned"),
    new NamedType(Fact.OrphanFound.class, "orphan-found"),
    new NamedType(Fact.VolumeFound.class, "volume-found"),
    new NamedType(Fact.VolumeGone.class, "volume-gone"),
    new NamedType(Fact.CreditSeen.class, "credit-seen"),
    new NamedType(Fact.FleetSpent.class, "fleet-spent"),
    new NamedType(Fact.Charged.class, "charged"),
    new NamedType(Fact.GoalSeen.class, "goal-seen"),
    new NamedType(Fact.DrillAsked.class, "drill-asked"),
    new NamedType(Fact.DrillMoved.class, "drill-moved"),
    new NamedType(Fact.BudgetChanged.class, "budget-changed"),
    new NamedType(Fact.BoxAdopted.class, "box-adopted"),
    new NamedType(Fact.GateRefused.class, "gate-refused"),
    new NamedType(Fact.RoomShort.class, "room-short"),
    new NamedType(Fact.Pruned.class, "pruned"),
    new NamedType(Effect.Search.class, "search"),
    new NamedType(Effect.Create.class, "create"),
    new NamedType(Effect.Stop.class, "stop"),
    new NamedType(Effect.Raise.class, "raise"),
    new NamedType(Effect.Destroy.class, "destroy"),
    new NamedType(Effect.Tell.class, "tell"),
    new NamedType(Effect.CopyOut.class, "copy-out"),
    new NamedType(Effect.Rescue.class, "rescue"),
    new NamedType(Effect.Prepare.class, "prepare"),
    new NamedType(Effect.Withdraw.class, "withdraw"),
    new NamedType(Effect.Prune.class, "prune"),
    new NamedType(Effect.ReadLog.class, "read-log"),
    new NamedType(Outcome.Done.class, "done"),
    new NamedType(Outcome.Offers.class, "offers"),
    new NamedType(Outcome.Created.class, "created"),
    new NamedType(Outcome.Refused.class, "refused"),
    new NamedType(Outcome.Unclear.class, "unclear"),
    new NamedType(Outcome.Landed.class, "landed"),
    new NamedType(Outcome.Rescued.class, "rescued"),
    new NamedType(Outcome.Said.class, "said"),
    new NamedType(Outcome.Failed.class, "failed"),
    new NamedType(AgentOrder.Proceed.class, "proceed"),
    new NamedType(AgentOrder.ProceedFrom.class, "proceed-from"),
    new NamedType(AgentOrder.Quiesce.class, "quiesce"),
    new NamedType(AgentOrder.StopJob.class, "stop-job"),
    new NamedType(AgentOrder.StopHung.class, "stop-hung"),
    new NamedType(AgentOrder.AskCheckpoint.class, "ask-checkpoint"),
    new NamedType(AgentOrder.Fence.class, "fence"),
    new NamedType(Verdict.Unknown.class, "unknown"),
    new NamedType(Verdict.Coming.class, "coming"),
    new NamedType(Verdict.Alive.class, "alive"),
    new NamedType(Verdict.Suspect.class, "suspect"),
    new NamedType(Verdict.Lost.class, "lost"),
  };

  /// Each alternative is stored with its name in "is".
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.PROPERTY, property = "is")
  private interface Tagged {}
}
