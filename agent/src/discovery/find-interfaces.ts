import { readInterfaces } from "@mycloud/checks/proc";
import type { FoundThing } from "./proposed-thing.ts";

/** The physical interfaces that are up, since unused sockets are normal. Throws what the file system says. */
export function findInterfaces(sysRoot: string): FoundThing[] {
  return readInterfaces(sysRoot)
    .filter(({ isPhysical, isSwitchedOn, operState }) => isPhysical && isSwitchedOn && operState === "up")
    .map(({ name, speedBitsPerSecond }) => ({
      kind: "interface",
      key: name,
      title: `network interface ${name}${speedBitsPerSecond === undefined ? "" : ` (${speedBitsPerSecond / 1_000_000} Mbit/s)`}`,
      serviceName: `interface ${name}`,
      command: "interface",
      arguments: ["-i", name],
    }));
}
