import type { ResponseCode } from "../request/index.ts";

/** Sixteen bytes before an answer: its code, its length in bytes to the right, a newline. Pure. */
export function fixed16(code: ResponseCode, length: number): Buffer {
  return Buffer.from(`${code} ${String(length).padStart(11)}\n`, "latin1");
}
