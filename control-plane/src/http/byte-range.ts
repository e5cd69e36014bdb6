/** What part of something is asked for. */
export type ByteRange =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly offset: number; readonly length: number }
  | { readonly kind: "unsatisfiable" };

const whole: ByteRange = { kind: "whole" };

/**
 * Reads a `Range` header against what there is (RFC 9110 §14). One that cannot be read, and one of several parts, is passed over as the standard
 * allows: the answer is then the whole. Pure.
 */
export function readByteRange(header: string | undefined, sizeBytes: number): ByteRange {
  const [, from = "", to = ""] = /^bytes=[ \t]*(\d*)[ \t]*-[ \t]*(\d*)[ \t]*$/i.exec(header ?? "") ?? [];
  if (from === "" && to === "") return whole;
  if (from === "") {
    const length = Math.min(Number(to), sizeBytes);
    return length === 0 ? { kind: "unsatisfiable" } : { kind: "part", offset: sizeBytes - length, length };
  }
  const offset = Number(from);
  const last = to === "" ? Number.POSITIVE_INFINITY : Number(to);
  if (last < offset) return whole;
  if (offset >= sizeBytes) return { kind: "unsatisfiable" };
  return { kind: "part", offset, length: Math.min(last, sizeBytes - 1) - offset + 1 };
}

/** Whether an `If-None-Match` says that the client has this version (RFC 9110 §13.1.2). Pure. */
export function hasVersion(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
}

/** Whether a part may be answered: without `If-Range`, or when it names just this version. A date never does: it is not exact enough. Pure. */
export function isRangeWanted(ifRange: string | undefined, etag: string): boolean {
  return ifRange === undefined || ifRange.trim() === etag;
}
