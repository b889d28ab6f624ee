package dev.salvor.controller.cargo;

import java.nio.ByteBuffer;

/// A block of a receipted unit on its way back to a box; the buffer is read-only.
public record StoredBlock(int file, long index, ByteBuffer data) {}
