import { databaseFaultOf, messageOf } from "../database-fault.ts";
import { dayPath, listDays, type Quarantined, quarantineDay, syncDirectory } from "../day-files.ts";
import { DayFormatError } from "../day-schema.ts";
import { type DayWriter, openDayWriter } from "./day-writer.ts";

/** Days that are open at once: today, yesterday, and what late records or maintenance need. */
const maximumOpen = 4;

/** The open days' files. A file that turns out to be damaged, or of another version, is put aside, and the day begins anew. */
export interface DayWriters {
  /** Throws what SQLite throws when the file cannot be opened for another reason than damage. */
  open(day: number): DayWriter;
  /** As `open`; null when the day has no file. */
  openExisting(day: number): DayWriter | null;
  /** Runs `work` on a day; once more on a new file when the old one turned out to be damaged. After any other error the file is opened anew the next time. */
  on<Result>(day: number, work: (writer: DayWriter) => Result): Result;
  close(day: number): void;
  quarantine(day: number, reason: string): void;
  closeAll(): void;
}

interface DayWritersOptions {
  readonly directory: string;
  readonly now: () => number;
  readonly onQuarantine: (quarantined: Quarantined) => void;
}

export function createDayWriters({ directory, now, onQuarantine }: DayWritersOptions): DayWriters {
  // In the order of their last use.
  const writers = new Map<number, DayWriter>();

  function close(day: number): void {
    const writer = writers.get(day);
    writers.delete(day);
    try {
      writer?.close();
    } catch {
      // What was committed is safe in the log beside the file.
    }
  }

  function quarantine(day: number, reason: string): void {
    close(day);
    onQuarantine(quarantineDay(directory, day, reason, now()));
  }

  function open(day: number): DayWriter {
    const known = writers.get(day);
    if (known !== undefined) {
      writers.delete(day);
      writers.set(day, known);
      return known;
    }
    const [oldest] = writers.keys();
    if (writers.size >= maximumOpen && oldest !== undefined) close(oldest);
    const writer = openSound(day);
    writers.set(day, writer);
    return writer;
  }

  function openSound(day: number): DayWriter {
    const path = dayPath(directory, day);
    try {
      return openDayWriter(path, day);
    } catch (error) {
      // What another version wrote is kept beside as well: writing goes on, and its reason says what it is.
      if (databaseFaultOf(error) !== "corrupt" && !(error instanceof DayFormatError)) throw error;
      quarantine(day, messageOf(error));
      return openDayWriter(path, day);
    } finally {
      syncDirectory(directory);
    }
  }

  function on<Result>(day: number, work: (writer: DayWriter) => Result): Result {
    try {
      return work(open(day));
    } catch (error) {
      close(day);
      if (databaseFaultOf(error) !== "corrupt") throw error;
      quarantine(day, messageOf(error));
      return work(open(day));
    }
  }

  return {
    open,
    openExisting(day) {
      return writers.get(day) ?? (listDays(directory).includes(day) ? open(day) : null);
    },
    on,
    close,
    quarantine,
    closeAll() {
      for (const day of [...writers.keys()]) close(day);
    },
  };
}
