package dev.salvor.controller.provider;

import java.util.Optional;

/// What few rentals need of the many things that a creation can say.
///
/// @param shape how the image is started
/// @param login for an image that is not public
/// @param volume a volume to put into the box
/// @param user whom the image's programs run as; empty for its own
/// @param template the platform's hash of a template; empty for none
/// @param begin false leaves the rental stopped
public record Extras(
    Shape shape,
    Optional<ImageLogin> login,
    Optional<VolumeLink> volume,
    String user,
    String template,
    boolean begin) {
  public static final Extras NONE =
      new Extras(Shape.USUAL, Optional.empty(), Optional.empty(), "", "", true);

  /// A volume of the offer's own machine at a path in the box: one that exists (`volume` over 0) or
  /// a new one of `gb` under a name.
  public record VolumeLink(String path, long volume, String name, int gb) {
    public VolumeLink {
      if (!path.startsWith("/") || path.equals("/")) {
        throw new IllegalArgumentException("A volume is mounted at a path, not at " + path);
      }
    }
  }

  public Extras shaped(Shape next) {
    return new Extras(next, login, volume, user, template, begin);
  }

  public Extras with(ImageLogin next) {
    return new Extras(shape, Optional.of(next), volume, user, template, begin);
  }

  public Extras with(VolumeLink next) {
    return new Extras(shape, login, Optional.of(next), user, template, begin);
  }
}
