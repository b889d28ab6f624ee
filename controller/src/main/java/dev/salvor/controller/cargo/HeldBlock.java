package dev.salvor.controller.cargo;

/// A block that staging holds, by its file's place in the manifest and its place in the file.
///
/// @param print of what was kept
public record HeldBlock(int file, long index, long print) {}
