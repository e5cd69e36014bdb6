import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A clock for another program that stands still until it is moved: Debian's package `faketime`. */
export interface FakeClock {
  /** For the program's environment. */
  readonly environment: Readonly<Record<string, string>>;
  nowMs(): number;
  /** Moves it, whole seconds only; the program sees it at its next look. */
  set(nowMs: number): void;
}

/** The library that Debian's package `faketime` installs; a path that does not exist where it is missing. */
export const FAKETIME_LIBRARY = findLibrary();

/** Makes a clock that is kept in a file of `directory`; instants are UTC. */
export function createFakeClock(directory: string, startMs: number): FakeClock {
  const file = path.join(directory, "clock");
  let now = startMs;
  const set = (nowMs: number) => {
    now = nowMs;
    // Replaced, never rewritten: a program that looks meanwhile sees one or the other.
    writeFileSync(`${file}.new`, `${new Date(nowMs).toISOString().slice(0, 19).replace("T", " ")}\n`);
    renameSync(`${file}.new`, file);
  };
  set(startMs);
  return {
    environment: {
      LD_PRELOAD: FAKETIME_LIBRARY,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      // Waiting goes by the real clock.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      TZ: "UTC",
    },
    nowMs: () => now,
    set,
  };
}

function findLibrary(): string {
  const name = "faketime/libfaketime.so.1";
  const directories = readdirSync("/usr/lib", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = directories.map((entry) => path.join("/usr/lib", entry.name, name)).find((file) => existsSync(file));
  return found ?? `/usr/lib/${name}`;
}
