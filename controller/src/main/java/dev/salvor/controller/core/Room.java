package dev.salvor.controller.core;

/// What a box's disk is short of, by the box's own word.
///
/// @param boot the one that said so; 0 while none did
/// @param place where the disk is mounted
/// @param lack "bytes" or "inodes"
public record Room(int boot, String place, String lack) {
  static final Room ENOUGH = new Room(0, "", "");
}
