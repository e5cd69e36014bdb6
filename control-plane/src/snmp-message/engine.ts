import { randomBytes } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartError } from "../start-error.ts";

/** Who we are for managers and devices of version 3 (RFC 3414 §2.2): an id that stays, how often we began, and for how long we run. */
export interface SnmpEngine {
  readonly id: Buffer;
  readonly boots: number;
  /** Whole seconds since it began. */
  readonly timeSeconds: () => number;
}

const EngineFile = z.object({ id: z.string().regex(/^[0-9a-f]{10,64}$/), boots: z.number().int().min(0) });
/** RFC 3414 §2.2.2: at the last number nothing would be in time any more. */
const mostBoots = 2_147_483_646;

/** An engine in memory. Pure, but for the clock. */
export function createSnmpEngine(id: Buffer, boots: number, monotonicNow: () => number): SnmpEngine {
  const startedAtMs = monotonicNow();
  return { id, boots, timeSeconds: () => Math.floor((monotonicNow() - startedAtMs) / 1000) };
}

/** Reads `snmp-engine.json` of the state directory, counts this start, and writes it back before anybody hears of it. Throws StartError. */
export async function openSnmpEngine(directory: string, monotonicNow: () => number): Promise<SnmpEngine> {
  const path = join(directory, "snmp-engine.json");
  try {
    const before = await readEngine(path);
    const boots = before.boots >= mostBoots ? 1 : before.boots + 1;
    // As long as a start is not counted for sure, what was signed before it could be sent again.
    const file = await open(`${path}.new`, "w", 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ ...before, boots })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    return createSnmpEngine(Buffer.from(before.id, "hex"), boots, monotonicNow);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError("cannotWrite", `the SNMP engine's file ${path} cannot be used: ${reason}`, error);
  }
}

async function readEngine(path: string): Promise<z.infer<typeof EngineFile>> {
  try {
    return EngineFile.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    // RFC 3411 §5: the first bit, an enterprise (Net-SNMP's, since MyCloud has no number of its own), 5 for octets of our choice.
    return { id: `80001f8805${randomBytes(12).toString("hex")}`, boots: 0 };
  }
}
