import { createHash, timingSafeEqual } from "node:crypto";
import type { LogSender } from "../../log-sender/index.ts";

/**
 * The LogSender of a header `Authorization: Basic ...`, as far as it may send by HTTP from the address. Every sender is compared, so that the time it takes
 * tells nothing of their names. Pure.
 */
export function findBasicSender(
  senders: readonly LogSender[],
  header: string | undefined,
  address: string,
): LogSender | null {
  const encoded = /^Basic +([A-Za-z0-9+/=]{1,8192})$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon === -1) return null;
  const [username, password] = [text.slice(0, colon), text.slice(colon + 1)];
  let found: LogSender | null = null;
  for (const sender of senders) {
    if (!sender.protocols.includes("http") || sender.username === null || sender.password === null) continue;
    const isUser = isSame(sender.username, username);
    const isPassword = isSame(sender.password, password);
    if (isUser && isPassword && sender.mayProveAt(address)) found ??= sender;
  }
  return found;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
