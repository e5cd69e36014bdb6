import type { SnmpValue } from "./snmp-value.ts";

/** Tags of the values that SNMP carries (RFC 2578 §7.1, RFC 3416 §3). */
const tags = {
  boolean: 1,
  integer: 2,
  octets: 4,
  nothing: 5,
  oid: 6,
  address: 64,
  counter32: 65,
  gauge32: 66,
  timeticks: 67,
  opaque: 68,
  counter64: 70,
  noSuchObject: 128,
  noSuchInstance: 129,
  endOfMibView: 130,
} as const;

/** What net-snmp decoded, as a value of ours; null when it is nothing that SNMP carries. Pure. */
export function toSnmpValue(type: number | undefined, value: unknown): SnmpValue | null {
  switch (type) {
    case tags.noSuchObject:
      return { kind: "absent", value: "no such object" };
    case tags.noSuchInstance:
    case tags.nothing:
      return { kind: "absent", value: "no such instance" };
    case tags.endOfMibView:
      return { kind: "absent", value: "end of the device's objects" };
    case tags.integer:
      return typeof value === "number" ? { kind: "integer", value } : null;
    case tags.counter32:
      return typeof value === "number" ? { kind: "counter32", value } : null;
    case tags.gauge32:
      return typeof value === "number" ? { kind: "gauge32", value } : null;
    case tags.timeticks:
      return typeof value === "number" ? { kind: "timeticks", value } : null;
    case tags.counter64:
      return Buffer.isBuffer(value) ? { kind: "counter64", value: unsigned64(value) } : null;
    case tags.octets:
      return Buffer.isBuffer(value) ? { kind: "octets", value } : null;
    case tags.opaque:
      return Buffer.isBuffer(value) ? opaque(value) : null;
    case tags.oid:
      return typeof value === "string" ? { kind: "oid", value } : null;
    case tags.address:
      return typeof value === "string" ? { kind: "address", value } : null;
    default:
      return null;
  }
}

/** Leading zeros are left out on the wire, or one is put there so that it is not negative. */
function unsigned64(octets: Buffer): bigint {
  return octets.length === 0 ? 0n : BigInt.asUintN(64, BigInt(`0x${octets.toString("hex")}`));
}

/** Net-SNMP's floating point numbers (draft-perkins-opaque): a tag of their own, 9f 78 or 9f 79, inside; the rest stays octets. */
function opaque(octets: Buffer): SnmpValue {
  if (octets.length === 7 && octets.readUInt16BE(0) === 0x9f78) {
    // A float prints as it was meant: 0.03, not 0.029999999329447746.
    return { kind: "float", value: Number(octets.readFloatBE(3).toPrecision(7)) };
  }
  if (octets.length === 11 && octets.readUInt16BE(0) === 0x9f79)
    return { kind: "float", value: octets.readDoubleBE(3) };
  return { kind: "octets", value: octets };
}
