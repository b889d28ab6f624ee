package dev.salvor.controller.intake;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.StreamRecorder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/// What came back on one stream. gRPC marks its recorder as deprecated and names nothing to take
/// its place.
@SuppressWarnings("deprecation")
final class Replies<T> implements StreamObserver<T> {
  private final StreamRecorder<T> recorder = StreamRecorder.create();
  private final AtomicBoolean ended = new AtomicBoolean();

  @Override
  public void onNext(T value) {
    recorder.onNext(value);
  }

  @Override
  public void onError(Throwable t) {
    recorder.onError(t);
    ended.set(true);
  }

  @Override
  public void onCompleted() {
    recorder.onCompleted();
    ended.set(true);
  }

  List<T> all() {
    return List.copyOf(recorder.getValues());
  }

  Optional<Status> end() {
    return ended.get()
        ? Optional.of(failure().map(Status::fromThrowable).orElse(Status.OK))
        : Optional.empty();
  }

  Status.Code awaitEnd() {
    TestIntake.await("the stream ends", ended::get);
    return end().orElseThrow().getCode();
  }

  String reason() {
    return failure()
        .flatMap(t -> Optional.ofNullable(Status.trailersFromThrowable(t)))
        .flatMap((Metadata trailers) -> Optional.ofNullable(trailers.get(CallerGate.REASON)))
        .orElse("");
  }

  T await(String what, Predicate<T> wanted) {
    TestIntake.await(what + " comes", () -> all().stream().anyMatch(wanted));
    return all().stream().filter(wanted).findFirst().orElseThrow();
  }

  private Optional<Throwable> failure() {
    return Optional.ofNullable(recorder.getError());
  }
}
