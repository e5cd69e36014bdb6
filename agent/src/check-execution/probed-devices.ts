import type { SnmpContext, SnmpSessions } from "@mycloud/checks/snmp";
import type { SnmpDevice } from "@mycloud/protocol/snmp";

/** The devices that this agent probes, and the sessions that their checks share. */
export interface ProbedDevices {
  /** Those of a new configuration. */
  configure(devices: readonly SnmpDevice[]): void;
  /** What a check of this host may use: the host's own device, and no other's. Undefined `hostId`: of this agent's own host. */
  contextOf(hostId: number | undefined): SnmpContext;
  /** What a discovery of a host asks; undefined where it is no device. */
  find(hostId: number): SnmpDevice | undefined;
  readonly sessions: SnmpContext["sessions"];
  close(): Promise<void>;
}

/** Makes it, without a device. */
export function createProbedDevices(monotonicNow: () => number): ProbedDevices {
  let made: Promise<SnmpSessions> | undefined;
  // Loaded only where a device is asked: most agents have none.
  function sessions(): Promise<SnmpSessions> {
    made ??= import("@mycloud/checks/snmp").then(({ SnmpSessions }) => new SnmpSessions(monotonicNow));
    return made;
  }
  let byHost = new Map<number, SnmpDevice>();
  return {
    sessions,
    configure(devices) {
      byHost = new Map(devices.map((device) => [device.hostId, device]));
    },
    contextOf: (hostId) => ({
      sessions,
      findDevice(asked) {
        const device = hostId === undefined ? undefined : byHost.get(hostId);
        // A check that asks somebody else gets nobody's credential.
        if (device === undefined || asked === undefined) return device;
        return asked === device.address || asked === device.hostName ? device : undefined;
      },
    }),
    find: (hostId) => byHost.get(hostId),
    async close() {
      (await made)?.close();
    },
  };
}
