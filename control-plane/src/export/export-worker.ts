// The thread of an export (`exporter.ts`): reads definitions in pages, all as of one moment, and hands out what it has written of them.
import { setImmediate as turn } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { resourceKinds } from "@mycloud/protocol/resource";
import { pino } from "pino";
import { z } from "zod";
import { connectDatabase } from "../database/connect-database.ts";
import { readConsistently } from "../database/read-consistently.ts";
import { giveWay } from "../schedule/give-way.ts";
import { createExportWriter } from "./export-form.ts";
import type { ExportPiece, FromExporter } from "./exporter.ts";
import { readDefinitions } from "./read-definitions.ts";

giveWay();

const { location, scope, kinds, form } = z
  .object({
    location: z.string(),
    scope: z.union([
      z.object({ kind: z.literal("all") }),
      z.object({ kind: z.literal("customer"), customer: z.string() }),
    ]),
    kinds: z.array(z.enum(resourceKinds)),
    form: z.enum(["lines", "written", "expanded"]),
  })
  .parse(workerData);

/** What is read and not yet taken: definitions have much in common, so that a tenth of their size is kept. */
const pieces: Buffer[] = [];
let isRead = false;
let wake: (() => void) | undefined;

/** Read as fast as it goes, whoever takes it: the database keeps for a reader what is overwritten meanwhile. */
async function read(): Promise<void> {
  const writer = createExportWriter(form);
  const database = await connectDatabase(location, pino({ level: "silent" }));
  const wanted = new Set(kinds);
  try {
    await readConsistently(database, async (executor) => {
      const reading = { executor, dialect: database.dialect, scope, isWanted: wanted.has.bind(wanted) };
      for await (const page of readDefinitions(reading)) {
        keep(writer.write(page));
        // SQLite answers at once: without this nobody else in this thread would get their turn.
        await turn();
      }
    });
  } finally {
    await database.close();
  }
  keep(writer.end());
  isRead = true;
  wake?.();
  tell("read");
}

function keep(text: string): void {
  if (text === "") return;
  pieces.push(deflateRawSync(text, { level: 1 }));
  wake?.();
}

async function next(): Promise<ExportPiece> {
  while (pieces.length === 0 && !isRead) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  const piece = pieces.shift();
  return piece === undefined ? null : inflateRawSync(piece);
}

function tell(message: FromExporter): void {
  parentPort?.postMessage(message);
}

parentPort?.on("message", () => {
  void next().then((piece) => tell({ piece }));
});
await read();
