package dev.salvor.controller.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.GrantedPermit;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RunSpec.Market;
import dev.salvor.controller.core.Sight.Status;
import dev.salvor.controller.provider.Instances.LogRequest;
import dev.salvor.controller.provider.OfferBook.Question;
import dev.salvor.controller.provider.Provider.CreateRequest;
import dev.salvor.controller.provider.Provider.Creation;
import dev.salvor.controller.provider.ProviderException.Kind;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What people may ask of a marketplace, beside what the loop needs: the same assertions for every
/// market that answers.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class MarketplaceContract {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final UsdPerHour CAP = UsdPerHour.of(5);
  private static final InstanceId NOBODYS = new InstanceId(987_654_321);
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC0nT3stK3yF0rTh3C0ntr4ctOfPr0v1d3rs001x a@b";

  protected abstract Marketplace market();

  /// The same market, asked with a key that it does not know.
  protected abstract Marketplace strangersMarket();

  @Test
  void a_rental_is_shown_with_its_image_disk_and_ssh_address() throws Exception {
    InstanceId box = rent("salvor:contract:view:1:1", true);
    awaitStatus(box, Status.RUNNING);
    InstanceView view = market().instances().show(box).orElseThrow();
    assertThat(view.row().instance()).isEqualTo(box);
    assertThat(view.row().label()).isEqualTo("salvor:contract:view:1:1");
    assertThat(view.image().name()).isEqualTo("salvor/test");
    assertThat(view.image().runtype()).contains("ssh");
    assertThat(view.disk().gb()).isEqualTo(10);
    assertThat(view.span().ends()).isPresent();
    assertThat(view.ports()).containsKey("22/tcp");
    assertThat(view.ssh()).hasValueSatisfying(ssh -> assertThat(ssh.direct()).isTrue());
    assertThat(view.raw()).contains("\"actual_status\"");
    assertThat(market().instances().listed().raw()).contains("salvor:contract:view:1:1");
    end(box);
    assertThat(market().instances().show(box)).isEmpty();
  }

  @Test
  void a_rental_is_stopped_started_labelled_and_bid_for() throws Exception {
    InstanceId box = rent("salvor:contract:hand:1:1", true);
    awaitStatus(box, Status.RUNNING);
    market().provider().stop(box);
    awaitStatus(box, Status.STOPPED);
    market().instances().label(box, "salvor:contract:hand:1:2");
    market().instances().bid(box, Optional.of(UsdPerHour.of(1.5)));
    market().instances().bid(box, Optional.empty());
    assertThat(market().instances().start(box)).isTrue();
    awaitStatus(box, Status.RUNNING);
    assertThat(market().instances().show(box).orElseThrow().row().label())
        .isEqualTo("salvor:contract:hand:1:2");
    end(box);
  }

  @Test
  void what_is_gone_is_told_from_a_key_that_is_not_known() throws Exception {
    assertThat(market().instances().show(NOBODYS)).isEmpty();
    fails(Kind.NOT_FOUND, () -> market().instances().start(NOBODYS));
    fails(Kind.NOT_FOUND, () -> market().instances().label(NOBODYS, "x"));
    fails(Kind.NOT_FOUND, () -> market().instances().logs(NOBODYS, LogRequest.USUAL));
    fails(Kind.AUTH, () -> strangersMarket().instances().show(NOBODYS));
    fails(Kind.AUTH, () -> strangersMarket().instances().start(NOBODYS));
    fails(Kind.AUTH, () -> strangersMarket().keys().list());
    fails(Kind.AUTH, () -> strangersMarket().volumes().list());
    fails(Kind.AUTH, () -> strangersMarket().account().user());
  }

  @Test
  void a_log_is_fetched_from_where_the_platform_says() throws Exception {
    InstanceId box = rent("salvor:contract:log:1:1", true);
    awaitStatus(box, Status.RUNNING);
    awaitLog(box, "hello from the box");
    String some = market().instances().logs(box, new LogRequest(5, "nothing has this", false));
    assertThat(some).doesNotContain("hello");
    assertThat(market().instances().logs(box, new LogRequest(5, "", true))).isNotBlank();
    end(box);
  }

  @Test
  void keys_of_the_account_and_of_a_rental_come_and_go() throws Exception {
    InstanceId box = rent("salvor:contract:keys:1:1", false);
    market().keys().use(KEY);
    market().keys().use(KEY);
    List<SshKeys.Key> mine = market().keys().list().stream().filter(k -> k.sameAs(KEY)).toList();
    assertThat(mine).hasSize(1);
    market().keys().attach(box, KEY);
    market().keys().attach(box, KEY);
    List<SshKeys.Key> there = market().keys().of(box).stream().filter(k -> k.sameAs(KEY)).toList();
    assertThat(there).hasSize(1);
    market().keys().detach(box, there.getFirst().id());
    assertThat(market().keys().of(box)).noneMatch(k -> k.sameAs(KEY));
    market().keys().remove(mine.getFirst().id());
    market().keys().remove(mine.getFirst().id());
    assertThat(market().keys().list()).noneMatch(k -> k.sameAs(KEY));
    end(box);
  }

  @Test
  void a_copy_has_an_address_for_either_way() throws Exception {
    InstanceId box = rent("salvor:contract:copy:1:1", false);
    assertThat(market().copies().from(box, "/work/").module()).isEqualTo("C." + box + "//work/");
    assertThat(market().copies().to(box, "/app").module()).isEqualTo("C." + box + "//app");
    assertThatThrownBy(() -> market().copies().to(box, "/root/"))
        .isInstanceOf(IllegalArgumentException.class);
    end(box);
  }

  @Test
  void a_volume_is_made_listed_and_deleted_by_permit() throws Exception {
    Volumes volumes = market().volumes();
    Volumes.Room room = volumes.search(20).getFirst();
    assertThat(room.freeGb()).isGreaterThanOrEqualTo(20);
    long id = volumes.create(room.offer(), 20, "cache");
    assertThat(volumes.list())
        .anySatisfy(volume -> {
          assertThat(volume.id()).isEqualTo(id);
          assertThat(volume.machine()).isEqualTo(room.machine());
          assertThat(volume.gb()).isEqualTo(20);
          assertThat(volume.instances()).isZero();
          assertThat(volume.price()).isGreaterThan(UsdPerHour.ZERO);
        });
    assertThat(volumes.listed().raw()).contains("cache");
    volumes.delete(GrantedPermit.forInstance(NOBODYS), id);
    volumes.delete(GrantedPermit.forInstance(NOBODYS), id);
    assertThat(volumes.list()).noneMatch(volume -> volume.id() == id);
    fails(Kind.REFUSED, () -> volumes.create(room.offer(), 20, "no blanks"));
  }

  @Test
  void the_account_tells_its_credit_and_its_charges() throws Exception {
    Account.User user = market().account().user();
    assertThat(user.credit()).isGreaterThan(Usd.ZERO).isLessThan(Usd.of(1000));
    assertThat(market().account().user().raw()).contains("credit").doesNotContain("api_key", "sid");
    InstanceId box = rent("salvor:contract:bill:1:1", true);
    awaitStatus(box, Status.RUNNING);
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    assertThat(market().account().charges(today.minusDays(1), today.plusDays(1)))
        .isNotEmpty()
        .anySatisfy(charge -> assertThat(charge.amount()).isGreaterThan(Usd.ZERO))
        .allSatisfy(charge -> assertThat(charge.amount()).isGreaterThanOrEqualTo(Usd.ZERO));
    end(box);
  }

  @Test
  void offers_are_ordered_as_asked_and_an_empty_answer_says_what_is_in_the_way() throws Exception {
    OfferBook book = market().offers();
    var found =
        book.find(new Question("num_gpus=1 verified=any", "reliability-,dph", 10, false, 50));
    assertThat(found.listings())
        .hasSizeGreaterThan(1)
        .isSortedAccordingTo(
            (a, b) -> Double.compare(b.offer().reliability(), a.offer().reliability()));
    var none = book.find(new Question("num_gpus=1 gpu_ram>=900", "", 10, false, 50));
    assertThat(none.listings()).isEmpty();
    OfferBook.Tight tight = none.tightest().orElseThrow();
    assertThat(tight.filter()).isEqualTo("gpu_ram>=900");
    assertThat(tight.leaves()).isPositive();
    assertThat(tight.nearest().orElse(0)).isBetween(10.0, 200.0);
    fails(Kind.REFUSED, () -> book.find(new Question("", "hight", 10, false, 50)));
    assertThat(book.fields()).extracting(OfferBook.Field::name).contains("gpu_ram", "dph");
  }

  private InstanceId rent(String label, boolean running) throws ProviderException {
    Extras extras = new Extras(Shape.USUAL, Optional.empty(), Optional.empty(), "", "", running);
    Market wanted = new Market("salvor/test", "num_gpus=1", 10, true, CAP);
    for (Offer offer : market().provider().search(wanted)) {
      CreateRequest request =
          new CreateRequest(
                  offer.id(),
                  label,
                  "salvor/test",
                  10,
                  offer.minBid().times(1.5),
                  true,
                  "echo hello from the box\n",
                  Map.of("A", "b"))
              .with(extras);
      if (market().provider().create(request) instanceof Creation.Created(InstanceId box)) {
        return box;
      }
    }
    return fail("No offer could be rented");
  }

  private void awaitStatus(InstanceId box, Status status) throws ProviderException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Optional<InstanceView> seen = market().instances().show(box);
    while (seen.filter(view -> view.row().sight().is(status)).isEmpty()) {
      assertThat(System.nanoTime() - end).as("never %s: %s", status, seen).isNegative();
      LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
      seen = market().instances().show(box);
    }
  }

  private void awaitLog(InstanceId box, String text) throws ProviderException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String log = market().instances().logs(box, LogRequest.USUAL);
    while (!log.contains(text)) {
      assertThat(System.nanoTime() - end).as("never in the log: %s: %s", text, log).isNegative();
      log = market().instances().logs(box, LogRequest.USUAL);
    }
  }

  private void end(InstanceId box) throws ProviderException {
    market().provider().destroy(GrantedPermit.forInstance(box));
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (market().instances().show(box).isPresent()) {
      assertThat(System.nanoTime() - end).as("still there: %s", box).isNegative();
    }
  }

  private interface Asking {
    void ask() throws ProviderException;
  }

  private static void fails(Kind kind, Asking asking) {
    assertThatThrownBy(asking::ask)
        .isInstanceOfSatisfying(
            ProviderException.class, e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
  }
}
