package dev.salvor.controller.view;

import java.util.List;

/// Offers as a person compares them.
///
/// @param last why some come last that cost less, one line each
/// @param first why the first is first; empty if there is none
/// @param nothing where there is none: what stands in the way, and what would not
/// @param raw the platform's own JSON
public record OffersView(
    List<Line> offers, String first, List<String> last, String nothing, String raw) {
  public OffersView {
    offers = List.copyOf(offers);
    last = List.copyOf(last);
  }

  /// One offer.
  ///
  /// @param held what is held against its machine; empty if nothing
  public record Line(
      long id,
      long machine,
      String gpu,
      int gpus,
      Money money,
      Machine health,
      Line.Network network,
      double days,
      String place,
      String held) {

    /// What it costs, in US dollars an hour; all-in is GPU, disk, expected traffic both ways and
    /// the boot, spread over the hours asked for.
    public record Money(double allIn, double price, double disk, double traffic, double boot) {}

    /// What it is.
    public record Machine(
        double ramGb, double reliability, String verification, double cuda, int computeCap) {}

    /// How it is connected; Mb/s.
    public record Network(double down, double up, int ports) {}
  }
}
