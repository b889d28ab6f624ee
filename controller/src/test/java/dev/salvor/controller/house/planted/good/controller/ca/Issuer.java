package dev.salvor.controller.house.planted.good.controller.ca;

import org.bouncycastle.cert.X509CertificateHolder;

/// Planted: keeps every rule.
record Issuer(X509CertificateHolder certificate) {}
