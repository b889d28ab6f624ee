package dev.salvor.controller.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.RentalRef;
import org.junit.jupiter.api.Test;

/// Names in certificates say exactly one thing.
final class IdentityTest {

  @Test
  void what_is_written_is_read_back() {
    var identity = new Identity("port1", new RunId("tide-7"), new RentalRef(2, 3));
    assertThat(identity.uri()).isEqualTo("salvor://port1/tide-7/2/3");
    assertThat(Identity.parse(identity.uri())).contains(identity);
  }

  @Test
  void nothing_else_is_an_identity() {
    for (String uri :
        new String[] {
          "",
          "salvor://port1/tide-7/2",
          "salvor://port1/tide-7/2/3/",
          "salvor://port1/tide-7/2/3/4",
          "salvor://port1/tide-7/0/3",
          "salvor://port1/tide-7/02/3",
          "salvor://port1/tide-7/-2/3",
          "salvor://port1/tide-7/99999999999/3",
          "salvor://HOME/tide-7/2/3",
          "salvor:///tide-7/2/3",
          "salvor://port1/../2/3",
          "salvor://port1/tide-7/2/3\n",
          "spiffe://port1/tide-7/2/3",
          "salvor://port1/" + "x".repeat(41) + "/2/3"
        }) {
      assertThat(Identity.parse(uri)).as(uri).isEmpty();
    }
  }

  @Test
  void a_fleet_has_a_plain_name() {
    assertThatThrownBy(() -> new Identity("a/b", new RunId("r"), new RentalRef(1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
