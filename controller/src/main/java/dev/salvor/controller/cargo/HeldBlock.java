package dev.salvor.controller.cargo;

import dev.salvor.common.unit.Sha256;

/// A block that staging holds, by its file's place in the manifest and its place in the file.
public record HeldBlock(int file, long index, Sha256 digest) {}
