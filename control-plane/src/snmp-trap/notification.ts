import type { BoundObject, Pdu, TrapV1 } from "../snmp-message/index.ts";

/** A trap or inform of any version, as version 2 says it (RFC 3416 §4.2.6). */
export interface TrapNotification {
  readonly isInform: boolean;
  readonly trapOid: string;
  /** Hundredths of a second since the device began; null where it does not say. */
  readonly uptimeTicks: number | null;
  /** Without sysUpTime, snmpTrapOID and what is secret. */
  readonly varbinds: readonly BoundObject[];
  /** Who it is from by its own words: a relay passes on traps of others. */
  readonly saidAddress: string | null;
}

const sysUpTime = "1.3.6.1.2.1.1.3.0";
const snmpTrapOid = "1.3.6.1.6.3.1.1.4.1.0";
const snmpTrapEnterprise = "1.3.6.1.6.3.1.1.4.3.0";
const snmpTrapAddress = "1.3.6.1.6.3.18.1.3.0";
const snmpTrapCommunity = "1.3.6.1.6.3.18.1.4.0";
const standardTraps = "1.3.6.1.6.3.1.1.5";
const enterpriseSpecific = 6;

/** Null for PDUs that are neither, and for those that do not say which trap they are. Pure. */
export function readNotification(pdu: Pdu | TrapV1): TrapNotification | null {
  if (pdu.type === "trapV1") return translate(pdu);
  if (pdu.type !== "trap" && pdu.type !== "inform") return null;
  const trapOid = pdu.varbinds.find(({ oid }) => oid === snmpTrapOid)?.bound;
  if (trapOid?.type !== "oid") return null;
  const uptime = pdu.varbinds.find(({ oid }) => oid === sysUpTime)?.bound;
  const address = pdu.varbinds.find(({ oid }) => oid === snmpTrapAddress)?.bound;
  return {
    isInform: pdu.type === "inform",
    trapOid: trapOid.value,
    uptimeTicks: uptime?.type === "timeticks" ? uptime.value : null,
    varbinds: withoutHeads(pdu.varbinds),
    saidAddress: address?.type === "address" ? address.value : null,
  };
}

/** RFC 3584 §3.1; the community, which would come along, is left out. */
function translate(trap: TrapV1): TrapNotification {
  const { enterprise, agentAddress, genericTrap, specificTrap, timestamp, varbinds } = trap;
  const trapOid =
    genericTrap === enterpriseSpecific ? `${enterprise}.0.${specificTrap}` : `${standardTraps}.${genericTrap + 1}`;
  const has = (wanted: string) => varbinds.some(({ oid }) => oid === wanted);
  const more: BoundObject[] = [];
  if (!has(snmpTrapAddress)) more.push({ oid: snmpTrapAddress, bound: { type: "address", value: agentAddress } });
  if (!has(snmpTrapEnterprise)) more.push({ oid: snmpTrapEnterprise, bound: { type: "oid", value: enterprise } });
  return {
    isInform: false,
    trapOid,
    uptimeTicks: timestamp,
    varbinds: [...withoutHeads(varbinds), ...more],
    saidAddress: agentAddress === "0.0.0.0" ? null : agentAddress,
  };
}

function withoutHeads(varbinds: readonly BoundObject[]): readonly BoundObject[] {
  return varbinds.filter(({ oid }) => oid !== sysUpTime && oid !== snmpTrapOid && oid !== snmpTrapCommunity);
}
