import type { SnmpDevice } from "@mycloud/protocol/snmp";
import type { SnmpSessions } from "./snmp-sessions.ts";

/** What the agent gives a check that asks a device: sessions shared by all checks, and the devices that it probes. */
export interface SnmpContext {
  /** Made when they are first asked for: most hosts ask no device. */
  sessions(): Promise<SnmpSessions>;
  /** The device of that name or address; without one, that of the host whose check it is. */
  findDevice(host: string | undefined): SnmpDevice | undefined;
}
