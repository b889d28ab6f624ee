package dev.salvor.common.telemetry.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file system in its place.
///
/// @param source a device, a share, or what it is called
/// @param place where it is mounted
/// @param type "ext4", "overlay", "tmpfs"; "" where that is not told
/// @param options divided by commas
public record Mount(String source, String place, String type, String options) {
  /// As /proc/self/mountinfo writes it: "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3
  /// /dev/root rw".
  private static final Pattern INFO =
      Pattern.compile(
          "[0-9]{1,10} +[0-9]{1,10} +[0-9]{1,7}:[0-9]{1,9} +(\\S+) +(\\S+) +(\\S+)(?: +\\S+){0,16}?"
              + " +- +(\\S+)(?: +(\\S+))?(?: +(\\S+))?\\s*");

  /// As /proc/mounts writes it, and fstab, which may end early.
  private static final Pattern PROC =
      Pattern.compile(
          "(\\S+)\\s+(/\\S*|none|swap)\\s+([A-Za-z0-9._-]{2,40})\\s+(\\S+)\\s+[0-9]\\s+[0-9]\\s*");

  private static final Pattern FSTAB =
      Pattern.compile(
          "([^#\\s]\\S*)\\s+(/\\S*|none|swap)\\s+([A-Za-z0-9._-]{2,40})\\s+((?:rw|ro|defaults|sw|no)\\S*)"
              + "(?:\\s+[0-9])?\\s*");

  /// As findmnt draws it, with or without its tree.
  private static final Pattern FOUND =
      Pattern.compile(
          "[^/A-Za-z0-9]{0,40}(/\\S*)\\s+(\\S+)\\s+([A-Za-z0-9._-]{2,40})\\s+(r[wo](?:,\\S*)?)");

  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  private static final Pattern SIZE = Pattern.compile("(?:^|,)size=([0-9]{1,15})([kKmMgG%]?)");

  private static final Pattern REMOTE_FUSE =
      Pattern.compile(
          "fuse\\.(?:sshfs|s3fs|rclone|gcsfuse|juicefs|glusterfs|goofys|mount-s3|blobfuse2?)");

  /// A box has some tens; a Kubernetes host hundreds.
  static final int MOST = 4_096;

  /// Every line that is a mount; others are passed over.
  public static List<Mount> all(List<String> lines) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : lines) {
      if (mounts.size() < MOST) {
        of(line).ifPresent(mounts::add);
      }
    }
    return mounts;
  }

  public static Optional<Mount> of(String line) {
    Matcher info = INFO.matcher(line);
    if (info.matches()) {
      String source = info.group(5) == null ? "" : info.group(5);
      return Optional.of(
          new Mount(plain(source), plain(info.group(2)), info.group(4), info.group(3)));
    }
    Optional<Mount> printed = printed(line);
    if (printed.isPresent()) {
      return printed;
    }
    return matched(PROC.matcher(line), 1, 2)
        .or(() -> matched(FSTAB.matcher(line), 1, 2))
        .or(() -> matched(FOUND.matcher(line), 2, 1));
  }

  private static Optional<Mount> matched(Matcher form, int source, int place) {
    return form.matches()
        ? Optional.of(
            new Mount(
                plain(form.group(source)), plain(form.group(place)), form.group(3), form.group(4)))
        : Optional.empty();
  }

  /// As mount(8) prints it: "/dev/sda1 on /a b type ext4 (rw)", on a Mac without the type, with -l
  /// and a label behind.
  private static Optional<Mount> printed(String line) {
    int on = line.indexOf(" on /");
    int open = line.lastIndexOf(" (");
    int close = line.lastIndexOf(')');
    boolean ends = close == line.length() - 1 || line.endsWith("]");
    if (on <= 0 || open < on + 5 || close < open || !ends) {
      return Optional.empty();
    }
    String place = line.substring(on + 4, open);
    int type = place.lastIndexOf(" type ");
    String name = type < 0 ? "" : place.substring(type + 6);
    return Optional.of(
        new Mount(
            line.substring(0, on),
            type < 0 ? place : place.substring(0, type),
            name,
            line.substring(open + 2, close)));
  }

  /// Of the container itself: gone with it.
  public boolean isOverlay() {
    return type.equals("overlay") || type.equals("aufs") || type.equals("fuse-overlayfs");
  }

  /// In memory: what is written there counts against the memory limit and is gone at a stop.
  public boolean isMemory() {
    return type.equals("tmpfs") || type.equals("ramfs");
  }

  public boolean isReadOnly() {
    return options.equals("ro") || options.startsWith("ro,") || options.contains(",ro,");
  }

  /// On another machine.
  public boolean isRemote() {
    return type.startsWith("nfs")
        || type.equals("cifs")
        || type.equals("ceph")
        || type.equals("lustre")
        || type.equals("9p")
        || REMOTE_FUSE.matcher(type).matches();
  }

  /// Something that a job writes its data to, and no view of the kernel's own.
  public boolean isStorage() {
    return source.startsWith("/") || isOverlay() || isMemory() || isRemote() || type.equals("zfs");
  }

  /// Bytes that one in memory may hold; empty where it does not say.
  public OptionalLong size() {
    Matcher size = SIZE.matcher(options);
    if (!isMemory() || !size.find() || size.group(2).equals("%")) {
      return OptionalLong.empty();
    }
    long unit =
        switch (size.group(2)) {
          case "k", "K" -> 1L << 10;
          case "m", "M" -> 1L << 20;
          case "g", "G" -> 1L << 30;
          default -> 1;
        };
    long number = Long.parseLong(size.group(1));
    return number < Long.MAX_VALUE / unit ? OptionalLong.of(number * unit) : OptionalLong.empty();
  }

  /// The kernel writes blanks as \040.
  private static String plain(String text) {
    return text.indexOf('\\') < 0
        ? text
        : OCTAL
            .matcher(text)
            .replaceAll(found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 8))));
  }
}
