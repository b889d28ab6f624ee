package dev.salvor.controller.view;

import dev.salvor.common.unit.UsdPerHour;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The way into one instance, whoever rented it.
///
/// @param run whose it is; empty for nobody's that we know
/// @param status in the platform's words
/// @param burn what it costs an hour as it is now
/// @param host where its ports are reached from outside; empty if only by the platform's proxy
/// @param ports inside, such as "8080/tcp", to the port outside
/// @param ssh how to go there; no words where it cannot be gone to
public record DoorView(
    long instance,
    String run,
    String status,
    UsdPerHour burn,
    String host,
    Map<String, Integer> ports,
    Way ssh) {
  public DoorView {
    ports = Map.copyOf(ports);
  }

  /// By ssh.
  ///
  /// @param url as ssh takes it
  /// @param direct straight at the machine; otherwise by the platform's proxy, which is slow
  /// @param words of the system's ssh up to the destination, ready to ask for a passphrase
  public record Way(String url, boolean direct, List<String> words, String destination) {
    /// There is none.
    public static final Way NONE = new Way("", false, List.of(), "");

    public Way {
      words = List.copyOf(words);
    }

    /// A whole command line, for a script: nobody is there to be asked.
    public List<String> unasked(List<String> options, String command) {
      List<String> all = new ArrayList<>(List.of(words.getFirst(), "-o", "BatchMode=yes"));
      all.addAll(rest(options, command));
      return all;
    }

    /// A whole command line, for a person.
    public List<String> asked(List<String> options, String command) {
      List<String> all = new ArrayList<>(List.of(words.getFirst()));
      all.addAll(rest(options, command));
      return all;
    }

    private List<String> rest(List<String> options, String command) {
      List<String> all = new ArrayList<>(words.subList(1, words.size()));
      all.addAll(options);
      all.addAll(List.of(destination, command));
      return all;
    }
  }

  public DoorView of(String whose) {
    return new DoorView(instance, whose, status, burn, host, ports, ssh);
  }
}
