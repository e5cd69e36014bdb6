import { StoppedWaiting } from "../plugin/stopped-waiting.ts";
import { RequestGate } from "./request-gate.ts";
import { SnmpError } from "./snmp-error.ts";
import { SnmpSession } from "./snmp-session.ts";
import type { SnmpTarget } from "./snmp-target.ts";
import { textOf } from "./snmp-value.ts";
import { standardNames } from "./standard-names.ts";

/** A device that answered. */
export interface SweptDevice {
  readonly address: string;
  readonly sysObjectId: string | null;
  readonly sysName: string | null;
  readonly sysDescr: string | null;
}

export interface Sweep {
  readonly addresses: readonly string[];
  /** All but the address. */
  readonly target: Omit<SnmpTarget, "host" | "family">;
  readonly concurrent: number;
  readonly perSecond: number;
  /** A clock that is never set back. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, found: number) => void;
  /** An address where something answers, but not this credential. */
  readonly onRefused?: (address: string, error: SnmpError) => void;
}

/** Asks each address for its sysObjectID, and those that answer for their name and description; answers them in the addresses' order. */
export async function sweep(request: Sweep): Promise<SweptDevice[]> {
  const { addresses, target, now, signal } = request;
  const gate = new RequestGate({ concurrent: request.concurrent, perSecond: request.perSecond }, now);
  const found = new Map<string, SweptDevice>();
  const left = addresses[Symbol.iterator]();
  let done = 0;

  async function work(): Promise<void> {
    for (const address of left) {
      const session = new SnmpSession({ ...target, host: address, family: 4 }, { gates: [gate] });
      try {
        const device = await ask(session, address, signal);
        if (device !== null) found.set(address, device);
      } catch (error) {
        if (error instanceof StoppedWaiting || !(error instanceof SnmpError)) throw error;
        if (!error.isRetriable) request.onRefused?.(address, error);
      } finally {
        session.close();
      }
      done++;
      request.onProgress?.(done, found.size);
    }
  }

  await Promise.all(Array.from({ length: Math.min(request.concurrent, addresses.length) }, work));
  return addresses.flatMap((address) => found.get(address) ?? []);
}

async function ask(session: SnmpSession, address: string, signal: AbortSignal): Promise<SweptDevice | null> {
  const { sysObjectID, sysName, sysDescr } = standardNames;
  const [id] = await session.get([`${sysObjectID}.0`], signal);
  const [name, description] = await session.get([`${sysName}.0`, `${sysDescr}.0`], signal);
  return {
    address,
    sysObjectId: textOf(id?.value),
    sysName: textOf(name?.value),
    sysDescr: textOf(description?.value),
  };
}
