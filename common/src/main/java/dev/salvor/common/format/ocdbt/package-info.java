/// OCDBT, the database that Orbax saves arrays in.
@NullMarked
package dev.salvor.common.format.ocdbt;

import org.jspecify.annotations.NullMarked;
