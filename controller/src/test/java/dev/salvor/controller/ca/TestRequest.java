package dev.salvor.controller.ca;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A box's key and what it would ask with.
public record TestRequest(KeyPair pair) {

  public static TestRequest ofNewKey() {
    return ofNewKey("secp256r1");
  }

  static TestRequest ofNewKey(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return new TestRequest(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public PrivateKey key() {
    return pair.getPrivate();
  }

  /// PKCS#10 in DER.
  public byte[] der() {
    return signedBy(pair.getPrivate());
  }

  /// The request, signed by a key that may be another.
  byte[] signedBy(PrivateKey key) {
    try {
      var builder = builder();
      return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)).getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// It asks for a name that is not its own.
  private JcaPKCS10CertificationRequestBuilder builder() throws IOException {
    var extensions = new ExtensionsGenerator();
    var other =
        new GeneralName(GeneralName.uniformResourceIdentifier, "salvor://port1/other-run/9/9");
    extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(other));
    var builder =
        new JcaPKCS10CertificationRequestBuilder(
            new X500Name("CN=salvor-controller"), pair.getPublic());
    builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
    return builder;
  }
}
