package dev.salvor.controller.house.planted.bad.controller.core;

import java.nio.file.Files;
import java.nio.file.Path;

/// Planted: breaks a rule of imports.
final class ReadsFile {
  boolean there(Path path) {
    return Files.exists(path);
  }
}
