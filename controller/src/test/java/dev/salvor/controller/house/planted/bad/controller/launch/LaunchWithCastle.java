package dev.salvor.controller.house.planted.bad.controller.launch;

import org.bouncycastle.cert.X509CertificateHolder;

/// Planted: breaks a rule of imports.
record LaunchWithCastle(X509CertificateHolder certificate) {}
