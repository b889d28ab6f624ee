package dev.salvor.controller.main;

import dev.salvor.controller.cargo.CargoException;
import dev.salvor.controller.cargo.DirectoryTarget;
import dev.salvor.controller.cargo.S3Keys;
import dev.salvor.controller.cargo.S3Target;
import dev.salvor.controller.cargo.Target;
import dev.salvor.controller.cargo.TargetByRun;
import dev.salvor.controller.core.TargetPlace;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/// Every kind of target that there is.
///
/// @param env where keys of stores may be
record TargetKinds(Map<String, String> env, Path home, InstantSource clock)
    implements TargetByRun.Kinds {
  static TargetKinds ofThisMachine() {
    return new TargetKinds(
        System.getenv(), Path.of(System.getProperty("user.home")), InstantSource.system());
  }

  @Override
  public Target open(TargetPlace place) throws CargoException {
    return switch (place) {
      case TargetPlace.Directory(String path) -> new DirectoryTarget(Path.of(path));
      case TargetPlace.Bucket bucket -> S3Target.of(bucket, keys(bucket), clock);
    };
  }

  private S3Keys keys(TargetPlace.Bucket bucket) throws CargoException {
    return S3Keys.find(env, home)
        .orElseThrow(() ->
            CargoException.refused(
                "Cannot reach %s: there is no key for it. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, where the controller is started."
                    .formatted(bucket)));
  }
}
