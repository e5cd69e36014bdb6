import type { ByteString } from "../../byte-string/index.ts";
import { type Directory, openRoot } from "../../filesystem/index.ts";
import { addEntry, type RuleTally } from "./rule-tally.ts";
import { noAmount } from "./survey.ts";
import type { SurveyTime } from "./survey-time.ts";
import { isUncounted } from "./uncounted-file-system.ts";

/** A folder of which something is left out. */
export interface LeftOutFolder {
  readonly tally: RuleTally;
  readonly path: ByteString;
  /** These alone are backed up; null: the folder itself is left out, with everything in it. */
  readonly onlyNames: ReadonlySet<ByteString> | null;
  /** The file system around it; null: which one it is does not matter. */
  readonly deviceIdAbove: bigint | null;
}

export interface MeasureContext {
  readonly time: SurveyTime;
  /** Something could not be looked at. */
  readonly onUnread: (path: ByteString, error: unknown) => void;
  readonly onUncountedMount: () => void;
}

interface Level {
  readonly directory: Directory;
  readonly deviceId: bigint;
  readonly names: readonly ByteString[];
  at: number;
}

/** Counts what a rule leaves out of a folder: everything below it, whatever other rules say of that. Ends when the time is up. */
export async function measureLeftOut(folder: LeftOutFolder, context: MeasureContext): Promise<void> {
  const { tally, path, onlyNames, deviceIdAbove } = folder;
  const { time } = context;
  const found = noAmount();
  if (onlyNames === null) found.folders += 1;
  const stack: Level[] = [];
  try {
    const top = enter(openRoot(path, { isNoFollow: true }), deviceIdAbove);
    for (let level = top; level !== undefined; level = stack.at(-1)) {
      const name = level.names[level.at++];
      if (name === undefined) {
        level.directory.close();
        stack.pop();
      } else if (onlyNames === null || stack.length > 1 || !onlyNames.has(name)) {
        countEntry(level, name);
      }
      if (time.isRestDue()) {
        await time.rest();
        if (time.isUp) break;
      }
    }
    if (stack.length > 0) tally.isWhole = false;
  } catch (error) {
    time.throwIfAborted();
    context.onUnread(path, error);
  } finally {
    for (const { directory } of stack) directory.close();
  }
  tally.files += found.files;
  tally.folders += found.folders;
  tally.others += found.others;
  tally.bytes += found.bytes;
  const isSomething = found.files + found.folders + found.others > 0;
  if (isSomething) tally.offer({ path, isFolder: true, files: found.files, bytes: found.bytes });

  function countEntry(level: Level, name: ByteString): void {
    try {
      const stat = level.directory.stat(name);
      addEntry(found, stat);
      if (stat.type === "dir") enter(level.directory.openDirectory(name), level.deviceId);
    } catch (error) {
      context.onUnread(path, error);
    }
  }

  function enter(directory: Directory, above: bigint | null): Level | undefined {
    try {
      const { deviceId } = directory.statSelf();
      if (above !== null && above !== deviceId && isUncounted(directory)) {
        context.onUncountedMount();
        directory.close();
        return undefined;
      }
      const level = { directory, deviceId, names: directory.readNames(), at: 0 };
      stack.push(level);
      return level;
    } catch (error) {
      directory.close();
      throw error;
    }
  }
}
