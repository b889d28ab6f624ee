package dev.salvor.controller.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.TargetPlace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/// How ids, amounts and times are stored: a number or a string each. Money is in millionths of a
/// dollar, times are ISO 8601.
final class Scalars extends SimpleModule {
  private static final long serialVersionUID = 1;

  /// The only thing in a fact that may be absent is a moment; absent is stored as "".
  @SuppressWarnings("unchecked")
  private static final Class<Optional<Instant>> MOMENT =
      (Class<Optional<Instant>>) (Class<?>) Optional.class;

  Scalars() {
    text(Instant.class, Instant::toString, Instant::parse);
    text(Duration.class, Duration::toString, Duration::parse);
    text(MOMENT, m -> m.map(Instant::toString).orElse(""), Scalars::moment);
    text(TargetPlace.class, TargetPlace::toString, TargetPlace::parse);
    text(RunId.class, RunId::value, RunId::new);
    text(Sha256.class, Sha256::hex, Sha256::new);
    number(InstanceId.class, InstanceId::value, InstanceId::new);
    number(MachineId.class, MachineId::value, MachineId::new);
    number(Usd.class, Usd::micros, Usd::new);
    number(UsdPerHour.class, UsdPerHour::micros, UsdPerHour::new);
  }

  private static Optional<Instant> moment(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
  }

  private <T> void text(Class<T> type, Function<T, String> write, Function<String, T> read) {
    add(
        type,
        (value, to) -> to.writeString(write.apply(value)),
        from -> {
          if (!from.hasToken(JsonToken.VALUE_STRING)) {
            throw new IllegalArgumentException("Text expected");
          }
          return read.apply(from.getText());
        });
  }

  private <T> void number(Class<T> type, ToLongFunction<T> write, LongFunction<T> read) {
    add(
        type,
        (value, to) -> to.writeNumber(write.applyAsLong(value)),
        from -> {
          if (!from.hasToken(JsonToken.VALUE_NUMBER_INT)) {
            throw new IllegalArgumentException("A whole number expected");
          }
          return read.apply(from.getLongValue());
        });
  }

  private <T> void add(Class<T> type, Write<T> write, Read<T> read) {
    addSerializer(type, new Writer<>(type, write));
    addDeserializer(type, new Reader<>(type, read));
  }

  /// Puts one value.
  private interface Write<T> {
    void to(T value, JsonGenerator generator) throws IOException;
  }

  /// Takes one value.
  private interface Read<T> {
    T from(JsonParser parser) throws IOException;
  }

  /// A writer of one type.
  private static final class Writer<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1;
    private final transient Write<T> write;

    Writer(Class<T> type, Write<T> write) {
      super(type);
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      write.to(value, generator);
    }
  }

  /// A reader of one type, which says what it could not read.
  private static final class Reader<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1;
    private final transient Read<T> read;

    Reader(Class<T> type, Read<T> read) {
      super(type);
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      try {
        return read.from(parser);
      } catch (RuntimeException e) {
        throw context.weirdStringException(parser.getText(), handledType(), e.getMessage());
      }
    }
  }
}
