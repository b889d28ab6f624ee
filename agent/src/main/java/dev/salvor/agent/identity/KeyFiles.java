package dev.salvor.agent.identity;

import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.Issued;
import dev.salvor.common.tls.Pem;
import dev.salvor.common.tls.SpkiPin;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/// The box's identity on disk: `identity/key.pem` (PKCS#8), `identity/chain.pem` (leaf first),
/// `identity/ca-pin` (hex, one a line), the key it enrolled with, `identity/join-key.pem`, and how
/// often it came with it, `identity/join-seq`.
final class KeyFiles {
  static final String KEY = "identity/key.pem";
  static final String CHAIN = "identity/chain.pem";
  static final String CA_PIN = "identity/ca-pin";
  static final String JOIN_KEY = "identity/join-key.pem";
  static final String JOIN_PUBLIC = "identity/join-key.pub";
  static final String JOIN_SEQ = "identity/join-seq";

  private static final byte[] PROBE = {1, 2, 3};

  private final IdentityStore store;

  KeyFiles(IdentityStore store) {
    this.store = store;
  }

  /// Empty before the first enrolment, and where a crash left a key beside another key's
  /// certificate.
  Optional<Credentials> credentials() throws IOException, GeneralSecurityException {
    Optional<String> key = store.read(KEY);
    Optional<String> chain = store.read(CHAIN);
    if (key.isEmpty() || chain.isEmpty()) {
      return Optional.empty();
    }
    Credentials found = new Credentials(Pem.readKey(key.get()), Pem.readChain(chain.get()));
    return match(found.key(), found.leaf().getPublicKey()) ? Optional.of(found) : Optional.empty();
  }

  /// A crash on the way leaves the older number, which is accepted once more.
  void save(PrivateKey key, Issued issued) throws IOException, GeneralSecurityException {
    store.write(KEY, Pem.write(key));
    store.write(CHAIN, Pem.write(issued.chain()));
    store.write(JOIN_SEQ, issued.joinSeq() + "\n");
  }

  /// 0 before the first certificate.
  long joinSeq() throws IOException {
    try {
      return Long.parseLong(store.read(JOIN_SEQ).orElse("0").strip());
    } catch (NumberFormatException e) {
      throw new IOException(JOIN_SEQ + " is no number: " + e.getMessage(), e);
    }
  }

  void savePins(Set<SpkiPin> pins) throws IOException {
    StringBuilder text = new StringBuilder();
    pins.forEach(pin -> text.append(pin).append('\n'));
    store.write(CA_PIN, text.toString());
  }

  /// The key that this box enrols with, always the same: made once, and on disk before it is used.
  KeyPair joinKey() throws IOException, GeneralSecurityException {
    Optional<String> privateKey = store.read(JOIN_KEY);
    Optional<String> publicKey = store.read(JOIN_PUBLIC);
    if (privateKey.isPresent() && publicKey.isPresent()) {
      return new KeyPair(readPublic(publicKey.get()), Pem.readKey(privateKey.get()));
    }
    KeyPair made = newKey();
    // The number belongs to the key.
    store.write(JOIN_SEQ, "0\n");
    store.write(
        JOIN_PUBLIC, Base64.getEncoder().encodeToString(made.getPublic().getEncoded()) + "\n");
    store.write(JOIN_KEY, Pem.write(made.getPrivate()));
    return made;
  }

  static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static boolean match(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
    Signature sign = Signature.getInstance("SHA256withECDSA");
    sign.initSign(key);
    sign.update(PROBE);
    byte[] signed = sign.sign();
    Signature check = Signature.getInstance("SHA256withECDSA");
    check.initVerify(certified);
    check.update(PROBE);
    return check.verify(signed);
  }

  private static PublicKey readPublic(String base64) throws GeneralSecurityException {
    byte[] der = Base64.getMimeDecoder().decode(base64);
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
  }
}
