package dev.salvor.controller.launch.spec;

/// A text of the file, and the line that it begins on.
record Said(String text, int line) {}
