/// What torch.save writes: zips since 1.6, pickles with storages behind them before.
@NullMarked
package dev.salvor.common.format.torch;

import org.jspecify.annotations.NullMarked;
