import { loadLibc } from "./libc.ts";

/** What only libc can do. */
export type Capability = "extended attributes" | "exact times" | "device nodes and FIFOs" | "holes" | "file flags";

const all: readonly Capability[] = [
  "extended attributes",
  "exact times",
  "device nodes and FIFOs",
  "holes",
  "file flags",
];

/** What this process cannot read or restore, with the reason; null where nothing is missing. Say it once in every summary. */
export function missingCapabilities(): { readonly missing: readonly Capability[]; readonly reason: string } | null {
  const libc = loadLibc();
  return libc.isAvailable ? null : { missing: all, reason: libc.reason };
}
