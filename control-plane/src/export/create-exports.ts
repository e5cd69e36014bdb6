import type { ResourceKind } from "@mycloud/protocol/resource";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { UnavailableError } from "../error/index.ts";
import type { Scope } from "../scope/index.ts";
import { createExportWriter, type ExportForm } from "./export-form.ts";
import { startExporter } from "./exporter.ts";
import { readDefinitions } from "./read-definitions.ts";

export interface ExportsDependencies {
  readonly database: ConnectedDatabase;
  /** Where the database is, with its password: the thread of an export opens it for itself. */
  readonly databaseLocation: string;
  /** So many large ones are read or taken at once, each by a thread; default 10. */
  readonly mostOpen?: number;
}

/** An export that is asked for. */
export interface AskedExport {
  readonly scope: Scope;
  readonly kinds: readonly ResourceKind[];
  readonly form: ExportForm;
  /** Fires when nobody waits any more. */
  readonly signal: AbortSignal;
}

type Use = (piece: string | Uint8Array) => Promise<void>;

export interface Exports {
  /**
   * Reads all definitions in scope and gives them to `use` piece by piece, the next when the last is taken. They are a set as it was stored at one moment: a
   * change that is carried out meanwhile is in it as a whole or not at all, and one that is carried out in slices as far as it was. So everything that a definition
   * names is there, and applying the export to what was stored at that moment changes nothing. Throws UnavailableError when too many wait already.
   */
  stream(asked: AskedExport, use: Use): Promise<void>;
}

/** Of so many hosts, checks or services reading takes some twenty milliseconds, which is less than a thread costs. */
const smallUpTo = 250;

/** Wires exports: of those too large for the event loop one is read at a time. */
export function createExports({ database, databaseLocation, mostOpen = 10 }: ExportsDependencies): Exports {
  let readBefore: Promise<void> = Promise.resolve();
  let open = 0;

  async function streamLarge({ scope, kinds, form, signal }: AskedExport, use: Use): Promise<void> {
    if (open >= mostOpen) throw new UnavailableError("many exports are asked for at once; ask again later");
    open++;
    const before = readBefore;
    const read = Promise.withResolvers<void>();
    readBefore = read.promise;
    try {
      await before;
      if (signal.aborted) return;
      const exporter = startExporter({ location: databaseLocation, scope, kinds, form });
      // The next begins when this is read, however slowly it is taken.
      void exporter.isRead.then(read.resolve);
      try {
        for (let piece = await exporter.next(); piece !== null && !signal.aborted; piece = await exporter.next()) {
          await use(piece);
        }
      } finally {
        await exporter.close();
      }
    } finally {
      open--;
      read.resolve();
    }
  }

  return {
    async stream(asked, use) {
      if (await isSmall(database.db)) await use(await readAtOnce(database, asked));
      else await streamLarge(asked, use);
    },
  };
}

async function readAtOnce(database: ConnectedDatabase, { scope, kinds, form }: AskedExport): Promise<string> {
  const wanted = new Set(kinds);
  return await database.transaction(async (executor) => {
    const writer = createExportWriter(form);
    const texts: string[] = [];
    const reading = { executor, dialect: database.dialect, scope, isWanted: wanted.has.bind(wanted) };
    for await (const page of readDefinitions(reading)) texts.push(writer.write(page));
    return texts.join("") + writer.end();
  });
}

async function isSmall(executor: Executor): Promise<boolean> {
  for (const table of ["host", "check_definition", "service", "definition"] as const) {
    const beyond = executor.selectFrom(table).select("id").offset(smallUpTo).limit(1);
    if ((await beyond.executeTakeFirst()) !== undefined) return false;
  }
  return true;
}
