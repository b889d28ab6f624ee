package dev.salvor.controller.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.AllIn;
import dev.salvor.controller.core.GrantedPermit;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RunSpec.Market;
import dev.salvor.controller.core.Sight.Status;
import dev.salvor.controller.core.Sight.Wanted;
import dev.salvor.controller.core.Use;
import dev.salvor.controller.provider.Provider.CreateRequest;
import dev.salvor.controller.provider.Provider.Creation;
import dev.salvor.controller.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every provider must do, whatever marketplace answers. A subclass brings a market with at
/// least two verified offers of one GPU under $5 an hour, and nothing rented.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class ProviderContract {
  protected static final int DISK_GB = 10;
  private static final UsdPerHour CAP = UsdPerHour.of(5);
  private static final InstanceId NOBODYS = new InstanceId(987_654_321);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  protected abstract Provider provider();

  /// The same market, asked with a key that it does not know.
  protected abstract Provider strangersProvider();

  /// An onstart text that a box of this market can run and that ends at once.
  protected String onstart() {
    return "#!/bin/bash\ntrue\n";
  }

  /// Skips where this machine lacks what the market's copies need.
  protected void needToCopy() {}

  @Test
  void offers_come_cheapest_first_and_fit_what_was_asked() throws ProviderException {
    List<Offer> offers = provider().search(market("num_gpus=1 reliability>0.5", false));
    assertThat(offers).hasSizeGreaterThan(1);
    assertThat(offers)
        .isSortedAccordingTo(
            Comparator.comparing(o -> AllIn.of(o, o.price(), false, Use.USUAL).hour()));
    assertThat(offers)
        .allSatisfy(offer -> {
          assertThat(offer.gpus()).isEqualTo(1);
          assertThat(offer.reliability()).isGreaterThan(0.5);
          assertThat(offer.price()).isLessThanOrEqualTo(CAP);
          assertThat(offer.price()).isGreaterThan(UsdPerHour.ZERO);
          assertThat(offer.storage()).isGreaterThan(UsdPerHour.ZERO);
        });
  }

  @Test
  void bids_are_for_offers_that_name_one() throws ProviderException {
    List<Offer> offers = provider().search(market("num_gpus=1", true));
    assertThat(offers)
        .isNotEmpty()
        .isSortedAccordingTo(
            Comparator.comparing(o -> AllIn.of(o, o.minBid(), true, Use.USUAL).hour()));
    assertThat(offers.getFirst().minBid()).isGreaterThan(UsdPerHour.ZERO);
  }

  @Test
  void a_query_that_nothing_fits_finds_nothing() throws ProviderException {
    assertThat(provider().search(market("num_gpus>=64", true))).isEmpty();
  }

  @Test
  void a_query_that_does_not_read_is_refused() {
    assertThatThrownBy(() -> provider().search(market("num_gpus~1", true)))
        .isInstanceOfSatisfying(ProviderException.class, kind(Kind.REFUSED));
  }

  @Test
  void a_rental_is_listed_until_it_is_destroyed() throws ProviderException {
    InstanceId box = rent("salvor:contract:a:1:1");
    Row row = await(box, _ -> true);
    assertThat(row.label()).isEqualTo("salvor:contract:a:1:1");
    assertThat(row.gpus()).isEqualTo(1);
    assertThat(row.sight().bid()).isTrue();
    assertThat(row.storage()).isGreaterThan(UsdPerHour.ZERO);
    provider().destroy(GrantedPermit.forInstance(box));
    awaitAbsence(box);
    provider().destroy(GrantedPermit.forInstance(box));
  }

  @Test
  void a_stopped_rental_stays_listed_costs_its_disk_and_comes_back_when_raised()
      throws ProviderException {
    InstanceId box = rent("salvor:contract:b:1:1");
    Row running = await(box, row -> row.sight().is(Status.RUNNING));
    provider().stop(box);
    provider().stop(box);
    Row stopped = await(box, row -> row.sight().is(Status.STOPPED));
    assertThat(stopped.sight().wanted()).isEqualTo(Wanted.STOPPED);
    assertThat(stopped.sight().burn()).isLessThan(running.sight().burn());
    assertThat(stopped.sight().burn()).isGreaterThan(UsdPerHour.ZERO);
    assertThat(provider().raise(box, running.sight().burn().times(2))).isTrue();
    await(box, row -> row.sight().is(Status.RUNNING));
    end(box);
  }

  @Test
  void an_offer_that_is_gone_is_refused() throws ProviderException {
    assertThat(provider().create(request(987_654_321L, "salvor:contract:c:1:1", CAP)))
        .isInstanceOf(Creation.Refused.class);
  }

  @Test
  void a_rental_that_never_was_is_not_found_but_counts_as_destroyed() throws ProviderException {
    assertThatThrownBy(() -> provider().stop(NOBODYS))
        .isInstanceOfSatisfying(ProviderException.class, kind(Kind.NOT_FOUND));
    provider().destroy(GrantedPermit.forInstance(NOBODYS));
  }

  @Test
  void an_unknown_key_is_an_authentication_error_everywhere() {
    Provider stranger = strangersProvider();
    assertThatThrownBy(stranger::list)
        .isInstanceOfSatisfying(ProviderException.class, kind(Kind.AUTH));
    assertThatThrownBy(stranger::credit)
        .isInstanceOfSatisfying(ProviderException.class, kind(Kind.AUTH));
    assertThatThrownBy(() -> stranger.stop(NOBODYS))
        .isInstanceOfSatisfying(ProviderException.class, kind(Kind.AUTH));
    assertThatThrownBy(() -> stranger.destroy(GrantedPermit.forInstance(NOBODYS)))
        .isInstanceOfSatisfying(ProviderException.class, kind(Kind.AUTH));
    assertThatThrownBy(() -> stranger.create(request(1, "salvor:contract:d:1:1", CAP)))
        .isInstanceOfSatisfying(ProviderException.class, kind(Kind.AUTH));
  }

  @Test
  void a_paused_rental_can_be_copied_from() throws ProviderException {
    needToCopy();
    InstanceId box = rent("salvor:contract:e:1:1");
    await(box, row -> row.sight().is(Status.RUNNING));
    provider().stop(box);
    await(box, row -> row.sight().is(Status.STOPPED));
    var source = provider().copyFrom(box, "/work/");
    assertThat(source.module()).isEqualTo("C." + box + "//work/");
    assertThat(source.port()).isBetween(1, 65_535);
    end(box);
  }

  @Test
  void a_key_may_be_given_twice_and_credit_is_told() throws ProviderException {
    String key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC0nT3stK3yF0rTh3C0ntr4ctOfPr0v1d3rs000x a@b";
    provider().useSshKey(key);
    provider().useSshKey(key);
    assertThat(provider().credit()).isGreaterThan(Usd.ZERO);
  }

  protected final InstanceId rent(String label) throws ProviderException {
    for (Offer offer : provider().search(market("num_gpus=1", true))) {
      Creation creation = provider().create(request(offer.id(), label, offer.minBid().times(1.5)));
      if (creation instanceof Creation.Created(InstanceId box)) {
        return box;
      }
    }
    return fail("No offer could be rented");
  }

  protected final Row await(InstanceId box, Predicate<Row> wanted) throws ProviderException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Optional<Row> seen = Optional.empty();
    while (System.nanoTime() - end < 0) {
      seen = find(box);
      if (seen.filter(wanted).isPresent()) {
        return seen.get();
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return fail("Waited for instance " + box + " in vain, last seen: " + seen);
  }

  protected final void end(InstanceId box) throws ProviderException {
    provider().destroy(GrantedPermit.forInstance(box));
    awaitAbsence(box);
  }

  private void awaitAbsence(InstanceId box) throws ProviderException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (find(box).isPresent()) {
      assertThat(System.nanoTime() - end).as("still listed: " + box).isNegative();
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private Optional<Row> find(InstanceId box) throws ProviderException {
    return provider().list().stream().filter(row -> row.instance().equals(box)).findFirst();
  }

  private CreateRequest request(long offer, String label, UsdPerHour price) {
    return new CreateRequest(
        offer, label, "salvor/test", DISK_GB, price, true, onstart(), Map.of("SALVOR_RUN", "a"));
  }

  private static Market market(String query, boolean interruptible) {
    return new Market("salvor/test", query, DISK_GB, interruptible, CAP);
  }

  private static java.util.function.Consumer<ProviderException> kind(Kind kind) {
    return e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
  }
}
