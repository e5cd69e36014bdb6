import type { SweptDevice } from "@mycloud/checks/snmp";
import { HostName } from "@mycloud/protocol/name";

/** A device as `mycloud apply` takes it. */
export interface DeviceDefinition {
  readonly kind: "Host";
  readonly name: string;
  readonly spec: {
    readonly address: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly probers: readonly string[];
    readonly notes: string;
  };
}

/**
 * Makes host definitions of devices: named by sysName where that is a name a host may have and no other device found has it, else by address. Pure.
 */
export function deviceDefinitions(
  devices: readonly SweptDevice[],
  labels: Readonly<Record<string, string>>,
  probers: readonly string[],
): DeviceDefinition[] {
  const counts = new Map<string, number>();
  for (const { sysName } of devices) counts.set(sysName ?? "", (counts.get(sysName ?? "") ?? 0) + 1);
  return devices.map(({ address, sysName, sysDescr, sysObjectId }) => {
    const parsed = HostName.safeParse(sysName?.trim() ?? "");
    const isOwn = parsed.success && counts.get(sysName ?? "") === 1;
    return {
      kind: "Host",
      name: isOwn ? parsed.data : address,
      spec: {
        address,
        labels,
        probers,
        notes: [sysDescr, sysObjectId === null ? null : `sysObjectID ${sysObjectId}`]
          .filter((line) => line !== null)
          .join("\n")
          .slice(0, 10_000),
      },
    };
  });
}
