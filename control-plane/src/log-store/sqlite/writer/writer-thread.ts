// The writer's thread: the only one that writes to days' files. What has come since the last transaction makes up the next one, so that many small batches cost
// one wait for the disk, and big ones do not wait for each other.
import { setImmediate as turn } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { databaseFaultOf, messageOf } from "../database-fault.ts";
import { inodeOf, listDays } from "../day-files.ts";
import { createCompaction } from "./compaction.ts";
import { createDayWriters } from "./day-writers.ts";
import { maintain } from "./maintain.ts";
import type { FromWriter, ToWriter, WriterAnswer } from "./messages.ts";
import { readStatus } from "./read-status.ts";
import { writeGroup } from "./write-group.ts";

/** How long the first batch of a group waits for others when nothing was being written; else those that came meanwhile are the next group. */
const gatherMs = 8;
/** From so many on nothing is waited for, and no more are put into one transaction. */
const maximumRecords = 25_000;
/** Until retention is known, records of the last four hundred days are stored where they belong. */
const defaultDays = 400;
/** How often a full disk is tried again, when nobody sends anything. */
const probeMs = 2_000;

const { directory } = z.object({ directory: z.string() }).parse(workerData);
let retentionDays = defaultDays;
let fault: string | null = null;
let probe: NodeJS.Timeout | undefined;
let waiting: (ToWriter & { kind: "append" })[] = [];
let waitingRecords = 0;
let isWriting = false;
let isClosed = false;
let timer: NodeJS.Timeout | undefined;

const writers = createDayWriters({
  directory,
  now: Date.now,
  onQuarantine: (quarantined) => tell({ kind: "quarantined", quarantined }),
});
const compaction = createCompaction({ writers, directory, monotonicNow: () => performance.now() });

function tell(message: FromWriter): void {
  parentPort?.postMessage(message);
}

function setFault(next: string | null): void {
  if (next === fault) return;
  fault = next;
  tell({ kind: "fault", fault });
  clearInterval(probe);
  if (fault !== null) probe = setInterval(tryToWrite, probeMs);
}

/** Finds out whether there is space again. */
function tryToWrite(): void {
  const day = listDays(directory).at(-1);
  if (day === undefined) {
    setFault(null);
    return;
  }
  try {
    writers.on(day, ({ database }) => {
      database.exec(
        "begin immediate; create table probe (filler blob); insert into probe values (zeroblob(1048576)); drop table probe; commit",
      );
    });
    setFault(null);
  } catch (error) {
    writers.close(day);
    setFault(describeFault(error));
  }
}

function describeFault(error: unknown): string {
  const message = messageOf(error);
  return databaseFaultOf(error) === "full"
    ? `no space is left for logs in ${directory}`
    : `logs cannot be written in ${directory}: ${message}`;
}

/** Writes a group, and then what came meanwhile, without waiting for more; other questions have their turn in between. */
function writeOn(): void {
  clearTimeout(timer);
  timer = undefined;
  if (isClosed) return;
  isWriting = waiting.length > 0;
  if (!isWriting) {
    compaction.wake();
    return;
  }
  compaction.stop();
  writeWaiting();
  compaction.giveTurn();
  setImmediate(writeOn);
}

function writeWaiting(): void {
  const group = takeGroup();
  const written = writeGroup(
    { writers, directory, oldestDay: (receivedDay) => receivedDay - retentionDays },
    group.map(({ batch }) => batch),
  );
  let next: string | null = null;
  const answers = group.map(({ number, wantsIds }, place) => {
    const one = written[place];
    if (one === undefined || one.kind === "failed") {
      const failure = describeFault(one?.error);
      next = failure;
      return { number, failure };
    }
    const { stored, isDuplicate, days, rowIds } = one;
    return { number, result: { stored, isDuplicate, places: wantsIds ? { days, rowIds } : null } };
  });
  tell({ kind: "answers", answers });
  setFault(next);
}

function takeGroup(): (ToWriter & { kind: "append" })[] {
  let records = 0;
  let count = 0;
  for (const { batch } of waiting) {
    if (count > 0 && records + batch.timesUs.length > maximumRecords) break;
    records += batch.timesUs.length;
    count += 1;
  }
  const group = waiting.slice(0, count);
  waiting = waiting.slice(count);
  waitingRecords -= records;
  return group;
}

async function handle(message: ToWriter): Promise<void> {
  switch (message.kind) {
    case "append":
      waiting.push(message);
      waitingRecords += message.batch.timesUs.length;
      if (isWriting) return;
      if (waitingRecords >= maximumRecords) writeOn();
      else timer ??= setTimeout(writeOn, gatherMs);
      return;
    case "maintain":
      retentionDays = message.retention.days;
      return await answer(message.number, () =>
        maintain({ writers, directory, giveWay: () => turn() }, message.retention, message.nowMs),
      );
    case "status":
      return await answer(message.number, async () => ({ ...readStatus(writers, directory), fault }));
    case "quarantine":
      return await answer(message.number, async () => {
        // Several readers may have found the same, and the day begun anew meanwhile.
        if (inodeOf(directory, message.day) === message.inode) writers.quarantine(message.day, message.reason);
        return null;
      });
    case "close":
      isClosed = true;
      clearTimeout(timer);
      while (waiting.length > 0) writeWaiting();
      compaction.stop();
      clearInterval(probe);
      writers.closeAll();
      tell({ kind: "answers", answers: [{ number: message.number, result: null }] });
      parentPort?.close();
      return;
  }
}

async function answer(number: number, work: () => Promise<WriterAnswer>): Promise<void> {
  try {
    tell({ kind: "answers", answers: [{ number, result: await work() }] });
  } catch (error) {
    tell({ kind: "answers", answers: [{ number, failure: messageOf(error) }] });
  }
}

parentPort?.on("message", (message: ToWriter) => void handle(message));
