package dev.salvor.controller.tunnel;

import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;

/// Keys where there is no ssh-keygen: in the same files, which a system's ssh reads as well.
final class MinaKey {
  private static final String COMMENT = "salvor";

  private MinaKey() {}

  static void make(Path identity) throws TunnelException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair key = generator.generateKeyPair();
      Path open = identity.resolveSibling(identity.getFileName() + ".pub");
      try (OutputStream out = Files.newOutputStream(open)) {
        OpenSSHKeyPairResourceWriter.INSTANCE.writePublicKey(key, COMMENT, out);
      }
      // Last: a private half stands for a whole key.
      Path fresh = identity.resolveSibling(identity.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      var owner = PosixFilePermissions.fromString("rw-------");
      Files.createFile(fresh, PosixFilePermissions.asFileAttribute(owner));
      try (OutputStream out = Files.newOutputStream(fresh)) {
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, COMMENT, null, out);
      }
      Files.move(fresh, identity);
    } catch (IOException | GeneralSecurityException e) {
      throw new TunnelException(
          Kind.LOCAL, "Cannot make the ssh key %s: %s".formatted(identity, e), e);
    }
  }

  /// Those that can be read without a passphrase.
  static List<KeyPair> read(List<Path> identities) {
    List<KeyPair> keys = new ArrayList<>();
    for (Path identity : identities) {
      try (var in = Files.newInputStream(identity)) {
        Iterable<KeyPair> found =
            SecurityUtils.loadKeyPairIdentities(
                null, NamedResource.ofName(identity.toString()), in, (_, _, _) -> null);
        if (found != null) {
          found.forEach(keys::add);
        }
      } catch (IOException | GeneralSecurityException _) {
        // The next one may open the door; that none does is said there.
      }
    }
    return keys;
  }
}
