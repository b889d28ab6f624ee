package dev.salvor.controller.journal;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.core.TargetPlace;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One specimen or more of every alternative of a sealed family, each part of it included, made
/// from the types alone so that a new alternative cannot be forgotten.
final class Specimens {
  private static final Map<Class<?>, Object> PLAIN =
      Map.of(
          String.class,
          "text with \"quotes\" and ünïcode",
          int.class,
          3,
          long.class,
          9_007_199_254_740_993L,
          boolean.class,
          true,
          double.class,
          0.987654321,
          Instant.class,
          Instant.parse("2026-11-21T10:00:00.123456789Z"),
          Duration.class,
          Duration.ofMillis(90_500),
          RunId.class,
          new RunId("tide-7"),
          Sha256.class,
          Sha256.of("digest".getBytes(StandardCharsets.UTF_8)),
          Unit.class,
          unit());

  private Specimens() {}

  static <T> List<T> ofFamily(Class<T> family) {
    List<T> specimens = new ArrayList<>();
    for (Object specimen : of(family)) {
      specimens.add(family.cast(specimen));
    }
    return specimens;
  }

  /// Every alternative once; a record with sealed parts once for each alternative of each part.
  private static List<?> of(Type type) {
    if (type instanceof ParameterizedType generic) {
      return List.of(collection(generic));
    }
    Class<?> of = (Class<?>) type;
    if (PLAIN.containsKey(of)) {
      return List.of(PLAIN.get(of));
    }
    if (of == TargetPlace.class) {
      return List.of(
          TargetPlace.parse("/srv/kept"),
          TargetPlace.parse("s3://tide/ckpt?endpoint=https://s3.example.org&region=eu"));
    }
    if (of.isEnum()) {
      return Arrays.asList(of.getEnumConstants());
    }
    if (of.isSealed()) {
      return Arrays.stream(of.getPermittedSubclasses()).flatMap(each -> of(each).stream()).toList();
    }
    if (of.isRecord()) {
      return records(of);
    }
    throw new IllegalArgumentException("No specimen of " + of + ": add one to PLAIN");
  }

  private static Object collection(ParameterizedType type) {
    List<?> parts = of(type.getActualTypeArguments()[0]);
    if (type.getRawType() == List.class) {
      return List.copyOf(parts);
    }
    if (type.getRawType() == Optional.class) {
      return Optional.of(parts.getFirst());
    }
    if (type.getRawType() == Map.class) {
      return Map.of("B", parts.getFirst(), "A", "first by name");
    }
    throw new IllegalArgumentException("No specimen of " + type);
  }

  private static List<?> records(Class<?> of) {
    RecordComponent[] components = of.getRecordComponents();
    List<List<?>> parts =
        Arrays.stream(components).<List<?>>map(each -> of(each.getGenericType())).toList();
    int count = parts.stream().mapToInt(List::size).max().orElse(1);
    List<Object> specimens = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = i;
      Object[] values = parts.stream().map(each -> each.get(index % each.size())).toArray();
      specimens.add(create(of, components, values));
    }
    return specimens;
  }

  private static Object create(Class<?> of, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = of.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("No specimen of " + of + ": add one to PLAIN", e);
    }
  }

  private static Unit unit() {
    Sha256 content = Sha256.of(new byte[] {1, 2, 3});
    Manifest manifest =
        new Manifest(
            "/workspace/ckpt/step-40",
            List.of(
                new FileEntry("model.safetensors", 3, content),
                new FileEntry("optim/état.pt", 4096, content)));
    return new Unit(
        new UnitId(2, 1, 7, manifest.digest()),
        UnitKind.CHECKPOINT,
        "safetensors",
        40,
        Completeness.COMMITTED,
        manifest,
        Instant.parse("2026-11-21T09:59:58.5Z"));
  }
}
