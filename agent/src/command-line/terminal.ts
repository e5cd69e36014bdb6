import type { Writable } from "node:stream";
import type { HeadStart } from "@mycloud/backup/stretching";

/** The outer world as a command sees it; tests give their own. */
export interface Terminal {
  /** Data: what a script would read. */
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Everything else: progress, remarks, errors. */
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the person stands; relative paths resolve here. */
  readonly workingDirectory: string;
  /** The home directory, for credentials. */
  readonly homeDirectory: string;
  readonly now: () => number;
  /** Aborted by SIGINT and SIGTERM, and when the terminal is gone. */
  readonly signal: AbortSignal;
  /** The password of the repository that `mycloud repo` will probably open, as it is being stretched already. */
  readonly headStart?: HeadStart;
}

/** Writes to a stream and waits until it took it: long output into a pipe must not be cut off by the process' end. */
export function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // A reader that went away (`mycloud host list | head`) is no error.
    stream.write(text, () => resolve());
  });
}
