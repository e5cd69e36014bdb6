import { getSystemErrorMessage, getSystemErrorName } from "node:util";
import type { ItemError } from "../progress/index.ts";

/** Something about one entry that could not be read or done. The caller knows the path and makes an ItemError of it. */
export interface Fault {
  /** What was being done: "lstat", "open", "xattr", "owner", "mode", "times", "flags" ... */
  readonly during: string;
  readonly message: string;
  /** `ENOENT`, `EPERM` ...; empty when the system gave none. */
  readonly code: string;
  /** Whether the system refused it for want of rights (EPERM, EACCES): expected when not root. */
  readonly isForbidden: boolean;
}

/** A system call failed. `code` as in Node's own errors. */
export class SystemCallError extends Error {
  readonly code: string;
  readonly syscall: string;
  constructor(syscall: string, errno: number) {
    const code = getSystemErrorName(-errno);
    super(`${code}: ${getSystemErrorMessage(-errno)}, ${syscall}`);
    this.code = code;
    this.syscall = syscall;
  }
}

/** The fault that a thrown error means. */
export function faultOf(during: string, error: unknown): Fault {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return { during, message: withoutDescriptorPaths(message), code, isForbidden: code === "EPERM" || code === "EACCES" };
}

/** The system's name for what went wrong (`ENOENT`), or "" when the error carries none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** A fault as it is told: with the path as text. */
export function itemErrorOf(item: string, fault: Fault): ItemError {
  return { item, during: fault.during, message: fault.message };
}

/** Node appends the path it was given; ours begins with a descriptor, which tells a person nothing. */
function withoutDescriptorPaths(message: string): string {
  const at = message.search(/,? '\/proc\/self\/fd\//);
  return at === -1 ? message : message.slice(0, at);
}
