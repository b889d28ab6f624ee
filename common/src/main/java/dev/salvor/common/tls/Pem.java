package dev.salvor.common.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Keys and certificate chains as PEM text and as DER.
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final int LINE_CHARS = 64;

  private Pem() {}

  public static String write(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /// In the order given: leaf first.
  public static String write(List<X509Certificate> chain) throws CertificateException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : chain) {
      text.append(block("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
  }

  /// Reads an unencrypted PKCS#8 EC key.
  public static PrivateKey readKey(String pem) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find() || !block.group(1).equals("PRIVATE KEY")) {
      throw new GeneralSecurityException("Not a PEM private key (PKCS#8)");
    }
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes(block)));
  }

  /// Reads every certificate in the text, in order; at least one.
  public static List<X509Certificate> readChain(String pem) throws CertificateException {
    List<byte[]> ders = new ArrayList<>();
    Matcher block = BLOCK.matcher(pem);
    while (block.find()) {
      ders.add(bytes(block));
    }
    return readChainDer(ders);
  }

  /// Reads DER certificates, in order; at least one.
  public static List<X509Certificate> readChainDer(List<byte[]> ders) throws CertificateException {
    if (ders.isEmpty()) {
      throw new CertificateException("No certificate in it");
    }
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    for (byte[] der : ders) {
      chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    return List.copyOf(chain);
  }

  private static String block(String kind, byte[] der) {
    byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
    String body = Base64.getMimeEncoder(LINE_CHARS, newline).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, body, kind);
  }

  private static byte[] bytes(Matcher block) {
    return Base64.getMimeDecoder().decode(block.group(2));
  }
}
