package dev.salvor.controller.provider;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Sight;

/// One rental as the provider lists it.
///
/// @param label ours if it begins with "salvor:"; empty if none
/// @param storage what it costs an hour while stopped
public record Row(
    InstanceId instance,
    String label,
    MachineId machine,
    String gpu,
    int gpus,
    Sight sight,
    UsdPerHour storage) {}
