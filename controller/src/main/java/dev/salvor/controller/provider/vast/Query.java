package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.telemetry.cuda.CudaRelease;
import dev.salvor.controller.provider.vast.Condition.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a user asks of an offer.
///
/// @param typed the conditions, in order
/// @param any fields whose default condition the user took away
/// @param problems what is wrong with the text, each with its column; empty if nothing is
record Query(List<Condition> typed, Set<String> any, List<String> problems) {
  /// What the platform's own client asks for unless told otherwise.
  private static final List<Condition> DEFAULTS =
      List.of(
          new Condition("verified", Op.EQ, BooleanNode.TRUE),
          new Condition("external", Op.EQ, BooleanNode.FALSE),
          new Condition("rentable", Op.EQ, BooleanNode.TRUE));

  /// The newest CUDA that the host's driver speaks.
  private static final String CUDA = "cuda_max_good";

  private static final String CAPABILITY = "compute_cap";

  Query {
    typed = List.copyOf(typed);
    any = Set.copyOf(any);
    problems = List.copyOf(problems);
  }

  static Query parse(String text) {
    return QueryParser.parse(text);
  }

  /// With what the image needs of the host's driver and of its GPUs, unless the user said what they
  /// shall be.
  Query forImage(String image) {
    Optional<CudaRelease> cuda = CudaRelease.ofImage(image);
    if (cuda.isEmpty()) {
      return this;
    }
    List<Condition> more = new ArrayList<>(typed);
    if (!said(CUDA, Set.of(Op.values()))) {
      more.add(new Condition(CUDA, Op.GTE, DoubleNode.valueOf(cuda.get().number())));
    }
    if (!said(CAPABILITY, Set.of(Op.EQ, Op.IN))) {
      cuda.get().oldest().ifPresent(cap -> more.add(capability(Op.GTE, cap)));
      cuda.get().newerFrom().ifPresent(cap -> more.add(capability(Op.LT, cap)));
    }
    return new Query(more, any, problems);
  }

  private static Condition capability(Op op, int value) {
    return new Condition(CAPABILITY, op, LongNode.valueOf(value));
  }

  private boolean said(String field, Set<Op> ops) {
    return any.contains(field)
        || typed.stream().anyMatch(c -> c.field().equals(field) && ops.contains(c.op()));
  }

  /// The filter object to send. Of two conditions with the same field and operator the later one is
  /// sent; both are checked in `fits`.
  ObjectNode filters() {
    ObjectNode filters = JsonNodeFactory.instance.objectNode();
    Stream.concat(defaults(), typed.stream())
        .forEach(c -> filters.withObject("/" + c.field()).set(c.op().wire(), c.value()));
    return filters;
  }

  boolean fits(JsonNode offer) {
    return defaults().allMatch(c -> c.mayHold(offer))
        && typed.stream().allMatch(c -> c.holds(offer));
  }

  /// Every condition that counts, those that nobody typed first.
  List<Condition> all() {
    return Stream.concat(defaults(), typed.stream()).toList();
  }

  private Stream<Condition> defaults() {
    return DEFAULTS.stream()
        .filter(c -> !any.contains(c.field()))
        .filter(c -> typed.stream().noneMatch(t -> t.field().equals(c.field())));
  }
}
