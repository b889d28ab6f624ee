package dev.salvor.controller.provider;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.RunSpec;
import java.util.List;
import java.util.Map;

/// A marketplace that rents GPUs. Calls block until answered or until their deadline; none is
/// repeated unless repeating it is harmless. A failure that is no answer is a ProviderException.
public interface Provider {

  /// What is for rent now and fits, cheapest first; every filter is checked again on our side.
  List<Offer> search(RunSpec.Market market) throws ProviderException;

  /// Rents. Never retried: an answer that was lost is `Unclear`, and the label tells later what
  /// became of it.
  Creation create(CreateRequest request) throws ProviderException;

  /// Every rental of the account, all pages, from one moment as far as the platform gives it.
  List<Row> list() throws ProviderException;

  /// Pauses. Harmless to repeat; the disk goes on billing.
  void stop(InstanceId instance) throws ProviderException;

  /// Sets the bid of an interruptible rental and asks that it run. True when the platform says it
  /// will run now, false when it queued the wish.
  boolean raise(InstanceId instance, UsdPerHour bid) throws ProviderException;

  /// Asks that a stopped rental run again, at the price that it has. True when the platform says it
  /// will run now, false when it queued the wish.
  boolean start(InstanceId instance) throws ProviderException;

  /// Erases. A rental that is gone already counts as erased; an authentication error never does.
  void destroy(Permit permit) throws ProviderException;

  /// The last lines of what its container printed.
  ///
  /// @param daemon of what the host's daemon says of the container instead
  String log(InstanceId instance, int lines, boolean daemon) throws ProviderException;

  /// Where to fetch a rental's files from, paused ones too, by the platform's own copy call.
  CopySource copyFrom(InstanceId instance, String path) throws ProviderException;

  /// Makes sure that this public key opens the account's copies and new rentals; harmless to
  /// repeat.
  void useSshKey(String publicKey) throws ProviderException;

  /// Spendable credit.
  Usd credit() throws ProviderException;

  /// What to rent, and how.
  ///
  /// @param price the bid an hour, or what the offer costs on demand
  /// @param interruptible whether the price is a bid
  record CreateRequest(
      long offer,
      String label,
      String image,
      int diskGb,
      UsdPerHour price,
      boolean interruptible,
      String onstart,
      Map<String, String> env,
      Extras extras) {
    public CreateRequest {
      env = Map.copyOf(env);
    }

    /// As a run is usually sent out: ssh straight to the box, from a public image.
    public CreateRequest(
        long offer,
        String label,
        String image,
        int diskGb,
        UsdPerHour price,
        boolean interruptible,
        String onstart,
        Map<String, String> env) {
      this(offer, label, image, diskGb, price, interruptible, onstart, env, Extras.NONE);
    }

    public CreateRequest with(Extras next) {
      return new CreateRequest(
          offer, label, image, diskGb, price, interruptible, onstart, env, next);
    }

    /// Without the environment, which holds the box's join token.
    @Override
    public String toString() {
      return "CreateRequest[offer=%d, label=%s, image=%s, disk=%d GB, price=%s]"
          .formatted(offer, label, image, diskGb, price);
    }
  }

  /// How renting went.
  sealed interface Creation {
    record Created(InstanceId instance) implements Creation {}

    /// No rental came of it.
    record Refused(String why) implements Creation {}

    /// The platform refused but left a rental behind, paused, which bills its disk.
    record Stranded(InstanceId instance, String why) implements Creation {}

    /// No answer, or one that does not say.
    record Unclear(String why) implements Creation {}
  }

  /// An rsync daemon module reached through ssh.
  ///
  /// @param module "C.7001/" followed by the path asked for, as rsync wants it after "::"
  record CopySource(String user, String host, int port, String module) {}
}
