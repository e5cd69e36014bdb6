import { createHash } from "node:crypto";

/** The name of a destination's folder: readable, safe whatever the destination is called, and no other's. Pure. */
export function destinationFolder(name: string): string {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 12);
  return `${name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64)}-${digest}`;
}
