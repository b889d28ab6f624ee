package dev.salvor.controller.main;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunSpec.Box;
import dev.salvor.controller.launch.ArgsBox;
import dev.salvor.controller.launch.LaunchException;
import dev.salvor.controller.launch.Rendered;
import dev.salvor.controller.provider.Extras;
import dev.salvor.controller.provider.ImageLogin;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.Runtype;
import dev.salvor.controller.provider.Shape;
import java.util.List;
import java.util.Map;

/// What is rendered, in the form in which the box's kind of start takes it.
///
/// @param onstart the text for the platform; empty for an args box, which has it as its arguments
record Started(Shape shape, String onstart, Map<String, String> env) {
  static Started of(Box box, Rendered rendered, List<String> endpoints, String platform)
      throws LaunchException {
    Shape shape = shape(box.runtype());
    return switch (shape) {
      case Shape.Ssh _, Shape.Jupyter _ -> new Started(shape, rendered.onstart(), rendered.env());
      case Shape.Args _ -> {
        List<String> problems = ArgsBox.problems(box, endpoints, platform);
        if (!problems.isEmpty()) {
          throw new LaunchException(problems);
        }
        yield new Started(
            new Shape.Args(box.entrypoint(), ArgsBox.arguments(rendered.onstart()), ""),
            "",
            ArgsBox.env(rendered.env()));
      }
    };
  }

  /// The creation that it belongs to.
  ///
  /// @param bid the price is one
  Provider.CreateRequest request(
      RunSpec spec, Label label, long offer, UsdPerHour price, boolean bid) {
    RunSpec.Market market = spec.market();
    return new Provider.CreateRequest(
        offer, label.toString(), market.image(), market.diskGb(), price, bid, onstart, env);
  }

  /// The shape, a volume, and for an image that is not public its login, which the platform stores.
  static Extras extras(RunSpec spec, Shape shape, Map<String, String> env) {
    Extras extras = Extras.NONE.shaped(shape);
    RunSpec.Volume volume = spec.box().volume();
    if (volume.id() > 0) {
      extras = extras.with(new Extras.VolumeLink(volume.path(), volume.id(), "", 0));
    }
    return ImageLogin.of(spec.market().image(), env).map(extras::with).orElse(extras);
  }

  private static Shape shape(String runtype) throws LaunchException {
    if (runtype.isEmpty()) {
      return Shape.USUAL;
    }
    return Runtype.of(runtype)
        .map(Runtype::shape)
        .orElseThrow(() -> new LaunchException(List.of("\"%s\" is no runtype".formatted(runtype))));
  }
}
