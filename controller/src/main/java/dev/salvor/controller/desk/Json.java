package dev.salvor.controller.desk;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.TargetPlace;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;

/// How views and requests look as JSON: keys as the records name them, times RFC 3339, money as
/// decimal strings in US dollars.
public final class Json {
  /// Deeper than any of our shapes, shallow enough that a hostile one costs nothing.
  private static final int MAX_DEPTH = 32;

  private static final int MICRO_DIGITS = 6;

  /// The only thing in a request or view that may be absent is a moment; absent is "".
  @SuppressWarnings("unchecked")
  private static final Class<Optional<Instant>> MOMENT =
      (Class<Optional<Instant>>) (Class<?>) Optional.class;

  private static final ObjectMapper MAPPER = mapper();

  private Json() {}

  /// One line.
  public static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A view that is no JSON: " + value.getClass(), e);
    }
  }

  /// Indented, for people and files.
  public static String pretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A view that is no JSON: " + value.getClass(), e);
    }
  }

  static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A view that is no JSON: " + value.getClass(), e);
    }
  }

  static JsonNode tree(byte[] json) throws IOException {
    return MAPPER.readTree(json);
  }

  /// Reads what a record of ours was written as; throws on anything else.
  public static <T> T read(String json, Class<T> type) throws IOException {
    return MAPPER.readValue(json, type);
  }

  static <T> T read(byte[] json, Class<T> type) throws IOException {
    return MAPPER.readValue(json, type);
  }

  static <T> T read(JsonNode json, Class<T> type) throws IOException {
    return MAPPER.treeToValue(json, type);
  }

  /// Six decimals, so that a millionth of a dollar an hour is still seen.
  private static String decimal(long micros) {
    return BigDecimal.valueOf(micros, MICRO_DIGITS).toPlainString();
  }

  private static long micros(String decimal) {
    return new BigDecimal(decimal)
        .movePointRight(MICRO_DIGITS)
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  private static Optional<Instant> moment(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
  }

  private static ObjectMapper mapper() {
    SimpleModule words = new SimpleModule();
    word(words, Instant.class, Instant::toString, Instant::parse);
    word(words, Duration.class, Duration::toString, Duration::parse);
    word(words, MOMENT, m -> m.map(Instant::toString).orElse(""), Json::moment);
    word(words, TargetPlace.class, TargetPlace::toString, TargetPlace::parse);
    word(words, RunId.class, RunId::value, RunId::new);
    word(words, Usd.class, usd -> decimal(usd.micros()), text -> new Usd(micros(text)));
    word(
        words,
        UsdPerHour.class,
        price -> decimal(price.micros()),
        text -> new UsdPerHour(micros(text)));
    word(
        words,
        InstanceId.class,
        InstanceId::toString,
        text -> new InstanceId(Long.parseLong(text)));
    ObjectMapper mapper =
        JsonMapper.builder()
            .addModule(words)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build());
    return mapper;
  }

  private static <T> void word(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
    module.addSerializer(type, new WordWriter<>(type, write));
    module.addDeserializer(type, new WordReader<>(type, read));
  }

  /// Writes a value of ours as one string.
  private static final class WordWriter<T> extends StdScalarSerializer<T> {
    private final transient Function<T, String> write;

    WordWriter(Class<T> type, Function<T, String> write) {
      super(type);
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(write.apply(value));
    }
  }

  /// Reads it back.
  private static final class WordReader<T> extends StdScalarDeserializer<T> {
    private final transient Function<String, T> read;

    WordReader(Class<T> type, Function<String, T> read) {
      super(type);
      this.read = read;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getValueAsString("");
      try {
        return read.apply(text);
      } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException e) {
        return (T) context.handleWeirdStringValue(handledType(), text, "%s", String.valueOf(e));
      }
    }
  }
}
