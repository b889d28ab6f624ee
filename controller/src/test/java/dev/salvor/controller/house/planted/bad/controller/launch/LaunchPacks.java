package dev.salvor.controller.house.planted.bad.controller.launch;

import com.github.luben.zstd.ZstdInputStream;

/// Planted: breaks a rule of imports.
record LaunchPacks(ZstdInputStream packed) {}
