package dev.salvor.controller.verify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// The controller's Ed25519 key for receipts: made once, kept 0600, its public half beside it.
public final class ReceiptKey {
  private static final String ALGORITHM = "Ed25519";
  private static final String PRIVATE_FILE = "receipt-key.pem";
  private static final String PUBLIC_FILE = "receipt-key.pub.pem";
  private static final String PRIVATE_LABEL = "PRIVATE KEY";
  private static final String PUBLIC_LABEL = "PUBLIC KEY";

  private final PrivateKey signing;
  private final PublicKey checking;

  private ReceiptKey(PrivateKey signing, PublicKey checking) {
    this.signing = signing;
    this.checking = checking;
  }

  /// Reads the key of a state directory, or makes one. A private key without its public half, or
  /// either unreadable, is an error: a new key would orphan every receipt.
  public static ReceiptKey of(Path state) throws IOException {
    Path privateFile = state.resolve(PRIVATE_FILE);
    Path publicFile = state.resolve(PUBLIC_FILE);
    try {
      if (Files.exists(privateFile)) {
        KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
        PrivateKey signing =
            factory.generatePrivate(new PKCS8EncodedKeySpec(pem(privateFile, PRIVATE_LABEL)));
        return new ReceiptKey(signing, readPublic(publicFile));
      }
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      Files.createDirectories(state);
      // The public half first: a private key that exists is then always a whole pair.
      write(publicFile, PUBLIC_LABEL, pair.getPublic().getEncoded(), "rw-r--r--");
      write(privateFile, PRIVATE_LABEL, pair.getPrivate().getEncoded(), "rw-------");
      return new ReceiptKey(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IOException("Cannot use the receipt key in " + state + ": " + e.getMessage(), e);
    }
  }

  public static PublicKey readPublic(Path file) throws IOException {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(pem(file, PUBLIC_LABEL)));
    } catch (GeneralSecurityException e) {
      throw new IOException("Not an Ed25519 public key: " + file, e);
    }
  }

  public PublicKey publicKey() {
    return checking;
  }

  byte[] sign(byte[] content) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(signing);
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 signs anything", e);
    }
  }

  static boolean isSigned(byte[] content, byte[] by, PublicKey key) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(content);
      return signature.verify(by);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] pem(Path file, String label) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    String body =
        text.replace("-----BEGIN " + label + "-----", "")
            .replace("-----END " + label + "-----", "")
            .replaceAll("\\s", "");
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new IOException("Not a PEM file of a " + label + ": " + file, e);
    }
  }

  private static void write(Path file, String label, byte[] der, String mode) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String text = "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    Path temp = file.resolveSibling("." + file.getFileName() + ".tmp");
    Files.deleteIfExists(temp);
    Files.createFile(
        temp, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    Files.writeString(temp, text, StandardCharsets.US_ASCII, StandardOpenOption.SYNC);
    Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
