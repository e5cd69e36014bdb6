import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import type { Executor } from "../database/dialect/dialect.ts";

/** Devices that were not seen for this long are new again. */
const keptMs = 180 * 86_400_000;

/** The network somebody comes from: IPv4 by its first three bytes, IPv6 by its first 48 bits; addresses inside change by themselves. Pure. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (isIPv4(plain)) return plain.split(".").slice(0, 3).join(".");
  const [head = ""] = plain.split("%");
  const halves = head.split("::");
  const left = (halves[0] ?? "").split(":").filter((group) => group !== "");
  const right = (halves[1] ?? "").split(":").filter((group) => group !== "");
  const zeros = halves.length > 1 ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0") : [];
  return [...left, ...zeros, ...right]
    .slice(0, 3)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":");
}

/** What makes a device another one: the browser without its version, which changes every few weeks, and the network. Pure. */
export function deviceHash(userAgent: string | null, address: string | null): string {
  const browser = (userAgent ?? "").replaceAll(/\d+/g, "");
  return createHash("sha256")
    .update(`${browser}\n${address === null ? "" : networkOf(address)}`)
    .digest("hex");
}

/** Remembers the device; true when somebody who signed in before had not used it. */
export async function isNewDevice(
  tx: Executor,
  userId: number,
  circumstances: { readonly address: string | null; readonly userAgent: string | null },
  nowMs: number,
): Promise<boolean> {
  const hash = deviceHash(circumstances.userAgent, circumstances.address);
  await tx
    .deleteFrom("known_device")
    .where("user_id", "=", userId)
    .where("last_seen_at_ms", "<", nowMs - keptMs)
    .execute();
  const known = await tx.selectFrom("known_device").select("device_hash").where("user_id", "=", userId).execute();
  if (known.some((device) => device.device_hash === hash)) {
    await tx
      .updateTable("known_device")
      .set({ last_seen_at_ms: nowMs })
      .where("user_id", "=", userId)
      .where("device_hash", "=", hash)
      .execute();
    return false;
  }
  await tx.insertInto("known_device").values({ user_id: userId, device_hash: hash, last_seen_at_ms: nowMs }).execute();
  return known.length > 0;
}
