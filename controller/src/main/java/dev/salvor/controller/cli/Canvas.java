package dev.salvor.controller.cli;

/// What a display may draw on.
///
/// @param width columns
/// @param height rows
/// @param colour whether it may use colours
/// @param blocks whether block characters show; else ASCII
record Canvas(int width, int height, boolean colour, boolean blocks) {
  static final Canvas USUAL = new Canvas(80, 24, false, true);

  String paint(String sgr, String text) {
    return colour ? "\u001b[" + sgr + "m" + text + "\u001b[0m" : text;
  }
}
