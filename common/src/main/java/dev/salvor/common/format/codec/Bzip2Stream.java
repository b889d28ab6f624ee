package dev.salvor.common.format.codec;

import dev.salvor.common.format.DamagedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Unpacks bzip2, one block at a time; every block's CRC is compared.
public final class Bzip2Stream extends InputStream {
  private static final long BLOCK = 0x314159265359L;
  private static final long END = 0x177245385090L;
  private static final int BLOCK_BYTES = 100_000;
  private static final int GROUP = 50;
  private static final int MAX_CODE_BITS = 20;
  private static final int[] CRC = crcTable();

  private final InputStream in;
  private long bits;
  private int bitCount;
  private final int[] chain;
  private int place;
  private int left;
  private int lastByte = -1;
  private int run;
  private int repeat;
  private int crc;
  private int wantedCrc;
  private boolean ended;

  public Bzip2Stream(InputStream in) throws IOException {
    this.in = in;
    if (bits(8) != 'B' || bits(8) != 'Z' || bits(8) != 'h') {
      throw new DamagedException("Not bzip2");
    }
    int level = bits(8) - '0';
    if (level < 1 || level > 9) {
      throw new DamagedException("bzip2 of level " + level);
    }
    this.chain = new int[level * BLOCK_BYTES];
  }

  private static int[] crcTable() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int value = i << 24;
      for (int k = 0; k < 8; k++) {
        value = value < 0 ? value << 1 ^ 0x04c11db7 : value << 1;
      }
      table[i] = value;
    }
    return table;
  }

  @Override
  public int read() throws IOException {
    while (repeat == 0 && left == 0) {
      if (ended || !block()) {
        return -1;
      }
    }
    int value = repeat > 0 ? repeated() : decoded();
    if (value < 0) {
      return read();
    }
    crc = crc << 8 ^ CRC[(crc >>> 24 ^ value) & 0xff];
    if (repeat == 0 && left == 0 && ~crc != wantedCrc) {
      throw new DamagedException("The CRC of a bzip2 block does not match");
    }
    return value;
  }

  /// Unlike its parent's, lets no damage pass in silence.
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n = 0;
    while (n < length) {
      int value = read();
      if (value < 0) {
        return n == 0 ? -1 : n;
      }
      into[offset + n++] = (byte) value;
    }
    return n;
  }

  private int repeated() {
    repeat--;
    return lastByte;
  }

  /// The next byte of the block; -1 where it was a count of repetitions, and that was zero.
  private int decoded() throws IOException {
    int entry = chain[place];
    place = entry >>> 8;
    left--;
    int value = entry & 0xff;
    if (run == 4) {
      run = 0;
      if (value == 0) {
        if (left == 0 && ~crc != wantedCrc) {
          throw new DamagedException("The CRC of a bzip2 block does not match");
        }
        return -1;
      }
      repeat = value - 1;
      return lastByte;
    }
    run = value == lastByte ? run + 1 : 1;
    lastByte = value;
    return value;
  }

  private boolean block() throws IOException {
    long magic = (long) bits(24) << 24 | bits(24);
    if (magic == END) {
      bits(16);
      bits(16);
      ended = true;
      return false;
    }
    if (magic != BLOCK) {
      throw new DamagedException("Not a bzip2 block");
    }
    wantedCrc = bits(16) << 16 | bits(16);
    crc = -1;
    run = 0;
    lastByte = -1;
    if (bits(1) != 0) {
      throw new DamagedException("A randomised bzip2 block");
    }
    int origin = bits(24);
    int[] counts = new int[256];
    int length = symbols(counts);
    if (origin >= length) {
      throw new DamagedException("A bzip2 block that begins outside itself");
    }
    invert(counts, length);
    place = chain[origin] >>> 8;
    left = length;
    return true;
  }

  /// Links each byte to the one that follows it in the text (inverse Burrows-Wheeler).
  private void invert(int[] counts, int length) {
    int total = 0;
    for (int i = 0; i < 256; i++) {
      int count = counts[i];
      counts[i] = total;
      total += count;
    }
    for (int i = 0; i < length; i++) {
      int value = chain[i] & 0xff;
      chain[counts[value]++] |= i << 8;
    }
  }

  private int symbols(int[] counts) throws IOException {
    byte[] front = new byte[256];
    int used = alphabet(front);
    int tables = bits(3);
    int selectors = bits(15);
    if (tables < 2 || tables > 6 || selectors < 1) {
      throw new DamagedException("A bzip2 block with " + tables + " tables");
    }
    byte[] selector = selectors(tables, selectors);
    Huffman[] codes = new Huffman[tables];
    for (int i = 0; i < tables; i++) {
      codes[i] = huffman(used + 2);
    }
    int length = 0;
    int runBit = 1;
    int runLength = 0;
    for (int i = 0; ; i++) {
      if (i / GROUP >= selectors) {
        throw new DamagedException("A bzip2 block with too few selectors");
      }
      int symbol = codes[selector[i / GROUP]].next();
      if (symbol <= 1) {
        runLength += runBit << symbol;
        runBit <<= 1;
        if (runLength > chain.length) {
          throw new DamagedException("A bzip2 run that is too long");
        }
        continue;
      }
      length = fill(length, runLength, front[0], counts);
      runLength = 0;
      runBit = 1;
      if (symbol == used + 1) {
        return length;
      }
      byte value = front[symbol - 1];
      System.arraycopy(front, 0, front, 1, symbol - 1);
      front[0] = value;
      length = fill(length, 1, value, counts);
    }
  }

  private int fill(int length, int times, byte value, int[] counts) throws IOException {
    if (times > chain.length - length) {
      throw new DamagedException("A bzip2 block that is too long");
    }
    for (int i = 0; i < times; i++) {
      chain[length + i] = value & 0xff;
    }
    counts[value & 0xff] += times;
    return length + times;
  }

  private int alphabet(byte[] front) throws IOException {
    int ranges = bits(16);
    int used = 0;
    for (int i = 0; i < 16; i++) {
      int range = (ranges & 0x8000 >>> i) != 0 ? bits(16) : 0;
      for (int k = 0; k < 16; k++) {
        if ((range & 0x8000 >>> k) != 0) {
          front[used++] = (byte) (16 * i + k);
        }
      }
    }
    if (used == 0) {
      throw new DamagedException("A bzip2 block without symbols");
    }
    return used;
  }

  private byte[] selectors(int tables, int count) throws IOException {
    byte[] order = {0, 1, 2, 3, 4, 5};
    byte[] selector = new byte[count];
    for (int i = 0; i < count; i++) {
      int index = 0;
      while (bits(1) == 1) {
        if (++index >= tables) {
          throw new DamagedException("A bzip2 selector of no table");
        }
      }
      byte value = order[index];
      System.arraycopy(order, 0, order, 1, index);
      order[0] = value;
      selector[i] = value;
    }
    return selector;
  }

  private Huffman huffman(int symbols) throws IOException {
    int[] lengths = new int[symbols];
    int length = bits(5);
    for (int i = 0; i < symbols; i++) {
      while (bits(1) == 1) {
        length += bits(1) == 0 ? 1 : -1;
        if (length < 1 || length > MAX_CODE_BITS) {
          throw new DamagedException("A bzip2 code of " + length + " bits");
        }
      }
      lengths[i] = length;
    }
    return new Huffman(lengths);
  }

  private int bits(int count) throws IOException {
    while (bitCount < count) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("bzip2 ends in the middle");
      }
      bits = bits << 8 | next;
      bitCount += 8;
    }
    bitCount -= count;
    return (int) (bits >>> bitCount & (1L << count) - 1);
  }

  /// A canonical Huffman code.
  private final class Huffman {
    private final int[] firstCode = new int[MAX_CODE_BITS + 2];
    private final int[] firstIndex = new int[MAX_CODE_BITS + 2];
    private final int[] counts = new int[MAX_CODE_BITS + 2];
    private final int[] symbols;

    Huffman(int[] lengths) throws IOException {
      for (int length : lengths) {
        if (length < 1 || length > MAX_CODE_BITS) {
          throw new DamagedException("A bzip2 code of " + length + " bits");
        }
        counts[length]++;
      }
      symbols = new int[lengths.length];
      int index = 0;
      int code = 0;
      for (int length = 1; length <= MAX_CODE_BITS; length++) {
        firstCode[length] = code;
        firstIndex[length] = index;
        for (int i = 0; i < lengths.length; i++) {
          if (lengths[i] == length) {
            symbols[index++] = i;
          }
        }
        code = (code + counts[length]) << 1;
      }
    }

    int next() throws IOException {
      int code = 0;
      for (int length = 1; length <= MAX_CODE_BITS; length++) {
        code = code << 1 | bits(1);
        int offset = code - firstCode[length];
        if (offset >= 0 && offset < counts[length]) {
          return symbols[firstIndex[length] + offset];
        }
      }
      throw new DamagedException("A bzip2 code of no symbol");
    }
  }
}
