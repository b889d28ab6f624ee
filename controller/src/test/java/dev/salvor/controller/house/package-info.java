/// The rules of the house, as tests over every module: format, size, names, and who may import
/// whom.
@NullMarked
package dev.salvor.controller.house;

import org.jspecify.annotations.NullMarked;
