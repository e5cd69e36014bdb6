import type { ByteString } from "../byte-string/index.ts";
import type { FileStat } from "../filesystem/index.ts";

/**
 * Has a say before anything that is there is changed or removed, so that a restore does what was planned and nothing else. Paths are those of
 * `RestoreItem`. What is not there is restored without asking.
 */
export interface RestoreGate {
  /**
   * What becomes of an entry that is there where the snapshot has one, unless both are directories: `change` it, `leave` it as it is, or an Error
   * that says why it is not restored.
   */
  mayChange(path: ByteString, stat: FileStat): "change" | "leave" | Error;
  /** Of an entry that is in the way, or that the snapshot does not have: `enter` looks into a directory that stays itself. */
  mayRemove(path: ByteString, stat: FileStat): "remove" | "enter" | "leave";
}
