import { numberOf, type SnmpValue, textOf } from "../../snmp/snmp-value.ts";
import { standardNames } from "../../snmp/standard-names.ts";

/** The columns of IF-MIB (RFC 2863) that are read, by what they are called here. */
export const interfaceColumns = {
  name: column("ifName"),
  description: column("ifDescr"),
  alias: column("ifAlias"),
  type: column("ifType"),
  hasConnector: column("ifConnectorPresent"),
  adminStatus: column("ifAdminStatus"),
  operStatus: column("ifOperStatus"),
  highSpeed: column("ifHighSpeed"),
  speed: column("ifSpeed"),
  inOctets64: column("ifHCInOctets"),
  outOctets64: column("ifHCOutOctets"),
  inOctets32: column("ifInOctets"),
  outOctets32: column("ifOutOctets"),
  inErrors: column("ifInErrors"),
  outErrors: column("ifOutErrors"),
  inDiscards: column("ifInDiscards"),
  outDiscards: column("ifOutDiscards"),
  discontinuity: column("ifCounterDiscontinuityTime"),
} as const;

/** One interface of a device. Octet counters are of 64 bits where it has such. */
export interface InterfaceRow {
  readonly index: string;
  /** The short name where there is one, `Gi0/1`; else the description. */
  readonly name: string;
  /** All that it may be called by. */
  readonly names: readonly string[];
  readonly isAdminUp: boolean;
  readonly operStatus: OperStatus;
  /** A port one can see, rather than something made up inside. */
  readonly isPhysical: boolean;
  readonly isLoopback: boolean;
  /** Undefined where the device does not say, or says 0. */
  readonly bitsPerSecond: number | undefined;
  readonly counters: InterfaceCounters;
  /** sysUpTime when its counters last began anew; 0 where the device does not say. */
  readonly discontinuityTicks: number;
}

export interface InterfaceCounters {
  readonly inOctets: SnmpValue | undefined;
  readonly outOctets: SnmpValue | undefined;
  readonly errors: readonly (SnmpValue | undefined)[];
  readonly discards: readonly (SnmpValue | undefined)[];
}

const operStatuses = ["up", "down", "testing", "unknown", "dormant", "not present", "lower layer down"] as const;
export type OperStatus = (typeof operStatuses)[number];

/** What IANAifType-MIB calls ports with a wire or an antenna: Ethernet, Wi-Fi, fibre channel, and links of several. */
const physicalTypes = new Set([6, 56, 62, 69, 71, 117, 161]);
const loopbackType = 24;
/** What ifSpeed says of an interface that is faster than it can say. */
const beyondSpeed = 4_294_967_295;

/** A row of ifTable and ifXTable. Pure. */
export function toInterfaceRow(index: string, values: ReadonlyMap<string, SnmpValue>): InterfaceRow {
  const at = (name: keyof typeof interfaceColumns) => present(values.get(interfaceColumns[name]));
  const number = (name: keyof typeof interfaceColumns) => numberOf(at(name));
  const name = textOf(at("name")) ?? "";
  const description = textOf(at("description")) ?? "";
  const alias = textOf(at("alias")) ?? "";
  const type = number("type");
  const connector = number("hasConnector");
  const highSpeed = number("highSpeed") ?? 0;
  const speed = number("speed") ?? 0;
  const bits = highSpeed > 0 ? highSpeed * 1_000_000 : speed === beyondSpeed ? 0 : speed;
  return {
    index,
    name: name || description || `interface ${index}`,
    names: [index, name, description, alias].filter((one) => one !== ""),
    isAdminUp: (number("adminStatus") ?? 1) === 1,
    operStatus: operStatuses[(number("operStatus") ?? 4) - 1] ?? "unknown",
    isPhysical: connector === undefined ? physicalTypes.has(type ?? 0) : connector === 1,
    isLoopback: type === loopbackType,
    bitsPerSecond: bits > 0 ? bits : undefined,
    counters: {
      inOctets: at("inOctets64") ?? at("inOctets32"),
      outOctets: at("outOctets64") ?? at("outOctets32"),
      errors: [at("inErrors"), at("outErrors")],
      discards: [at("inDiscards"), at("outDiscards")],
    },
    discontinuityTicks: number("discontinuity") ?? 0,
  };
}

function present(value: SnmpValue | undefined): SnmpValue | undefined {
  return value?.kind === "absent" ? undefined : value;
}

function column(name: string): string {
  return standardNames[name] ?? "";
}
