package dev.salvor.controller.launch.spec;

import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.TargetPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where copies are kept, and which of them stay.
final class TargetsSection {
  /// Each costs its own upload.
  private static final int MOST = 3;

  private static final Pattern REMOTE = Pattern.compile("[A-Za-z0-9_-]+:.*");
  private static final long MOST_NEWEST = 10_000;
  private static final long MOST_STEPS = 1_000_000_000;

  private TargetsSection() {}

  static List<TargetPlace> targets(Page page) {
    Optional<Field> field = page.get("targets");
    List<TargetPlace> places = new ArrayList<>();
    for (Field item : items(field)) {
      (item.isMapping() ? bucket(item) : item.text().flatMap(text -> place(page, item, text)))
          .ifPresent(places::add);
    }
    if (places.size() > MOST) {
      field.orElseThrow().wrong("takes %d places at most".formatted(MOST));
    }
    if (places.stream().distinct().count() < places.size()) {
      field.orElseThrow().wrong("names one place twice");
    }
    return List.copyOf(places);
  }

  private static List<Field> items(Optional<Field> field) {
    return field.map(f -> f.isList() ? f.items() : List.of(f)).orElse(List.of());
  }

  private static Optional<TargetPlace> place(Page page, Field field, String text) {
    boolean known = text.startsWith("s3://");
    if (text.startsWith("cloud:")) {
      return field.wrong(
          "cannot be \"%s\": what the platform copies to a cloud by itself is not verified by us; name the bucket as s3://BUCKET/PREFIX"
              .formatted(text));
    }
    if (!known && REMOTE.matcher(text).matches()) {
      return field.wrong(
          "cannot be \"%s\": it takes a directory here or s3://BUCKET/PREFIX".formatted(text));
    }
    return parsed(field, known ? text : page.local(text).toString());
  }

  private static Optional<TargetPlace> bucket(Field field) {
    Block keys = field.block(RunKeys.TARGET);
    Optional<String> s3 = keys.get("s3").flatMap(Field::text);
    if (s3.isEmpty() || !s3.get().startsWith("s3://")) {
      return field.wrong("with keys takes s3: s3://BUCKET/PREFIX, and endpoint and region");
    }
    List<String> more =
        Stream.of("endpoint", "region")
            .flatMap(
                key -> keys.get(key).flatMap(Field::text).map(value -> key + "=" + value).stream())
            .toList();
    return parsed(field, s3.get() + (more.isEmpty() ? "" : "?" + String.join("&", more)));
  }

  private static Optional<TargetPlace> parsed(Field field, String text) {
    try {
      return Optional.of(TargetPlace.parse(text));
    } catch (IllegalArgumentException e) {
      return field.wrong("cannot be \"%s\": %s".formatted(text, e.getMessage()));
    }
  }

  static Retention retention(Page page) {
    Optional<Field> field = page.get("retention");
    if (field.isEmpty()) {
      return Retention.ALL;
    }
    Block keys = field.get().block(RunKeys.RETENTION);
    boolean boxOnly = keys.has("on_box") && !keys.has("newest") && !keys.has("every");
    if (field.get().isMapping() && !keys.has("newest") && !boxOnly) {
      field
          .get()
          .wrong(
              "takes newest: how many checkpoints of each series stay, 1 or more; or on_box alone,"
                  + " for a box whose disk is short");
    }
    Optional<Long> newest = keys.get("newest").flatMap(f -> f.whole(1, MOST_NEWEST));
    Optional<Long> onBox = keys.get("on_box").flatMap(f -> f.whole(1, MOST_NEWEST));
    String best = keys.get("best").flatMap(Field::text).orElse("");
    long every = keys.get("every").flatMap(f -> f.whole(1, MOST_STEPS)).orElse(0L);
    boolean understood = newest.isPresent() || (boxOnly && onBox.isPresent());
    return understood
        ? new Retention(newest.orElse(0L).intValue(), best, every, onBox.orElse(0L).intValue())
        : Retention.ALL;
  }
}
