package dev.salvor.controller.intake;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What came back on one stream.
final class Replies<T> implements StreamObserver<T> {
  private final List<T> all = new ArrayList<>();
  private Optional<Status> end = Optional.empty();
  private Optional<String> reason = Optional.empty();

  @Override
  public synchronized void onNext(T value) {
    all.add(value);
  }

  @Override
  public synchronized void onError(Throwable t) {
    Metadata trailers = Status.trailersFromThrowable(t);
    if (trailers != null) {
      reason = Optional.ofNullable(trailers.get(CallerGate.REASON));
    }
    end = Optional.of(Status.fromThrowable(t));
  }

  @Override
  public synchronized void onCompleted() {
    end = Optional.of(Status.OK);
  }

  synchronized List<T> all() {
    return List.copyOf(all);
  }

  synchronized Optional<Status> end() {
    return end;
  }

  Status.Code awaitEnd() {
    TestIntake.await("the stream ends", () -> end().isPresent());
    return end().orElseThrow().getCode();
  }

  synchronized String reason() {
    return reason.orElse("");
  }

  T await(String what, Predicate<T> wanted) {
    TestIntake.await(what + " comes", () -> all().stream().anyMatch(wanted));
    return all().stream().filter(wanted).findFirst().orElseThrow();
  }
}
