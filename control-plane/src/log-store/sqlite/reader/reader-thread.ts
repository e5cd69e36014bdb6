// A reader's thread: answers one question after another about the days' files, and nothing else.
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import type { DamagedDay } from "../damaged-day.ts";
import { messageOf } from "../database-fault.ts";
import { context } from "./context.ts";
import { count } from "./count.ts";
import { createDayReaders } from "./day-reader.ts";
import { histogram } from "./histogram.ts";
import type { FromReader, ToReader } from "./messages.ts";
import { patterns } from "./patterns.ts";
import type { ReaderAnswers, ReaderQuestion } from "./questions.ts";
import type { Reading } from "./scan.ts";
import { search } from "./search.ts";
import { AbandonedError, createStopwatch } from "./stopwatch.ts";
import { fieldNames, top } from "./top.ts";

const { directory } = z.object({ directory: z.string() }).parse(workerData);
const readers = createDayReaders(directory);

function answer(reading: Reading, question: ReaderQuestion): ReaderAnswers[ReaderQuestion["kind"]] {
  switch (question.kind) {
    case "search":
      return search(reading, question);
    case "histogram":
      return histogram(reading, question);
    case "top":
      return top(reading, question);
    case "fieldNames":
      return fieldNames(reading, question);
    case "patterns":
      return patterns(reading, question);
    case "count":
      return count(reading, question);
    case "context":
      return context(reading, question);
  }
}

function handle({ number, question, patienceMs, control }: ToReader): FromReader {
  const damaged: DamagedDay[] = [];
  const stopwatch = createStopwatch(control, performance.now() + patienceMs);
  try {
    const result = answer({ directory, readers, stopwatch, damaged }, question);
    return { number, result, damaged };
  } catch (error) {
    const failure = error instanceof AbandonedError ? null : messageOf(error);
    return { number, failure, damaged };
  }
}

parentPort?.on("message", (message: ToReader) => parentPort?.postMessage(handle(message)));
