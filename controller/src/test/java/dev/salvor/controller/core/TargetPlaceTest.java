package dev.salvor.controller.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.controller.core.TargetPlace.Bucket;
import dev.salvor.controller.core.TargetPlace.Directory;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetPlaceTest {
  private static final String STORE = "http://127.0.0.1:9000";

  @Test
  void a_place_reads_as_it_is_written() {
    for (String text :
        List.of(
            "/data/salvor",
            "/",
            "s3://models",
            "s3://models/a/b",
            "s3://models?region=eu-west-1",
            "s3://models/a?endpoint=" + STORE,
            "s3://models/a?endpoint=" + STORE + "&region=eu-west-1")) {
      assertThat(TargetPlace.parse(text)).hasToString(text);
    }
  }

  @Test
  void its_parts_are_found_and_slashes_that_say_nothing_are_left_out() {
    assertThat(TargetPlace.parse("/data")).isEqualTo(new Directory("/data"));
    assertThat(TargetPlace.parse("s3://models//a/b//?endpoint=" + STORE + "/"))
        .isEqualTo(new Bucket("models", "a/b", STORE, ""));
    assertThat(TargetPlace.parse("s3://models?region=eu&endpoint="))
        .isEqualTo(new Bucket("models", "", "", "eu"));
  }

  @Test
  void what_lies_above_a_place_ends_at_its_root() {
    assertThat(new Directory("/a/b").above()).isEqualTo(new Directory("/a"));
    assertThat(new Directory("/a").above()).isEqualTo(new Directory("/"));
    assertThat(new Directory("/").above()).isEqualTo(new Directory("/"));
    Bucket bucket = new Bucket("models", "", STORE, "eu");
    assertThat(bucket.below("a")).isEqualTo(new Bucket("models", "a", STORE, "eu"));
    assertThat(bucket.below("a").below("b").above()).isEqualTo(bucket.below("a"));
    assertThat(bucket.below("a").above()).isEqualTo(bucket);
    assertThat(bucket.above()).isEqualTo(bucket);
  }

  @Test
  void what_no_store_would_take_is_refused_with_the_reason() {
    refused("data/salvor", "A directory is absolute: data/salvor");
    refused("s3://Models", "no name of a bucket");
    refused("s3://m", "no name of a bucket");
    refused("s3://models/a b", "cannot begin a key");
    refused("s3://models/a/../b", "cannot begin a key");
    refused("s3://models/..", "cannot begin a key");
    refused("s3://models?endpoint=127.0.0.1", "no endpoint");
    refused("s3://models?endpoint=" + STORE + "/path", "no endpoint");
    refused("s3://models?region=EU West", "no region");
    refused("s3://models?acl=public", "\"acl=public\" is neither endpoint= nor region=");
    refused("s3://models?region", "\"region\" is neither endpoint= nor region=");
  }

  private static void refused(String text, String why) {
    assertThatThrownBy(() -> TargetPlace.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
