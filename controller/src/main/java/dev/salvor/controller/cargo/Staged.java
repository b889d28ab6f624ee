package dev.salvor.controller.cargo;

import java.nio.file.Path;

/// The bytes of a unit before they are on a target.
///
/// @param data the directory with the unit's files and nothing else
/// @param hashed every file was hashed as it was written here, and is what the manifest names
public record Staged(Path data, boolean hashed) {}
