package dev.salvor.controller.provider;

import dev.salvor.controller.core.Offer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What is for rent, for people who choose themselves.
public interface OfferBook {

  /// Reads a query and an order, both as the platform's own client takes them, and asks.
  Found find(Question question) throws ProviderException;

  /// Every field of the query language with its unit.
  List<Field> fields();

  /// What is looked for.
  ///
  /// @param order such as "dph,num_gpus-"; empty for the cheapest first
  /// @param interruptible ask for the price of bids
  /// @param limit most offers to answer
  /// @param image whose CUDA the hosts' drivers must speak, if its name tells it; empty for none
  record Question(
      String query, String order, int diskGb, boolean interruptible, int limit, String image) {
    /// For no image in particular.
    public Question(String query, String order, int diskGb, boolean interruptible, int limit) {
      this(query, order, diskGb, interruptible, limit, "");
    }
  }

  /// What was found, or why nothing was.
  ///
  /// @param tightest where nothing was found: the filter that costs most
  record Found(List<Listing> listings, Optional<Tight> tightest) {
    public Found {
      listings = List.copyOf(listings);
    }
  }

  /// An offer with what one chooses by. What the platform does not say is empty or 0.
  ///
  /// @param raw the platform's own JSON of it
  record Listing(
      Offer offer, Health health, Graphics graphics, Network network, double days, String raw) {}

  /// How far it can be relied on.
  ///
  /// @param verification verified, unverified or deverified
  record Health(String verification, boolean datacenter, String driver) {}

  /// Its GPUs.
  ///
  /// @param ramGb of one GPU
  /// @param computeCap as 890 for 8.9
  record Graphics(double ramGb, int computeCap, double cuda, double speed) {}

  /// Rates in Mb/s.
  record Network(double down, double up, int ports) {}

  /// A filter whose removal alone leaves most.
  ///
  /// @param leaves how many offers fit without it
  /// @param nearest the value closest to the one asked for that leaves some; empty for a word
  record Tight(String filter, int leaves, OptionalDouble nearest, String value) {}

  /// One field of the query language.
  record Field(String name, String unit) {}
}
