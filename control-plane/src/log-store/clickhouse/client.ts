import { UnavailableError } from "../../error/index.ts";
import type { ClickHouseLocation } from "../log-store-location.ts";

/** What ClickHouse says to a statement that it cannot do; `errorNumber` as its source lists them (ErrorCodes.cpp). */
export class ClickHouseError extends UnavailableError {
  readonly errorNumber: number;

  constructor(code: number, message: string) {
    super(message, 5);
    this.errorNumber = code;
  }
}

/** Its code for a query that took longer than `max_execution_time`. */
export const timeoutExceeded = 159;

export interface StatementOptions {
  readonly signal?: AbortSignal;
  /** After which the server gives up by itself, and we soon after. */
  readonly timeoutMs?: number;
  /** Names the query in system.processes. */
  readonly queryId?: string;
  /** Rows of an insert, in the format that the statement names. */
  readonly body?: string;
}

/** ClickHouse's HTTP interface. */
export interface ClickHouseClient {
  /** Rows as JSON objects; 64-bit integers are texts. Throws ClickHouseError, UnavailableError, or the signal's reason. */
  query<Row>(sql: string, options?: StatementOptions): Promise<Row[]>;
  run(sql: string, options?: StatementOptions): Promise<void>;
}

const defaultTimeoutMs = 30_000;
const maximumAnswerBytes = 128 * 1024 * 1024;
/** Lists of chunks are long. */
const maximumQueryBytes = 16 * 1024 * 1024;
const maximumMemoryBytes = 2_000_000_000;

export function createClickHouseClient(location: ClickHouseLocation): ClickHouseClient {
  const { origin, database, user, password } = location;

  async function send(sql: string, options: StatementOptions): Promise<string> {
    const { signal, timeoutMs = defaultTimeoutMs, queryId, body } = options;
    const url = new URL(origin);
    url.searchParams.set("max_execution_time", String(Math.max(1, Math.ceil(timeoutMs / 1000))));
    url.searchParams.set("max_memory_usage", String(maximumMemoryBytes));
    url.searchParams.set("max_query_size", String(maximumQueryBytes));
    if (queryId !== undefined) url.searchParams.set("query_id", queryId);
    // What is inserted is the body; everything else fits better there than into a URL.
    if (body !== undefined) url.searchParams.set("query", sql);
    const patience = AbortSignal.timeout(Math.ceil(timeoutMs) + 2_000);
    try {
      const response = await fetch(url, {
        method: "POST",
        // In the header, so that it turns up in nobody's log of requests.
        headers: { "x-clickhouse-user": user, "x-clickhouse-key": password },
        body: body ?? sql,
        redirect: "error",
        signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
      });
      const text = await readText(response);
      if (!response.ok) throw errorOf(text, response.status);
      return text;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UnavailableError) throw error;
      if (patience.aborted)
        throw new ClickHouseError(timeoutExceeded, `ClickHouse at ${origin} did not answer in time`);
      throw new UnavailableError(`ClickHouse at ${origin} cannot be reached: ${causeOf(error)}`, 5, error);
    }
  }

  return {
    async query<Row>(sql: string, options: StatementOptions = {}) {
      const text = await send(`${sql} format JSONEachRow`, options);
      const rows: Row[] = [];
      for (const line of text.split("\n")) if (line !== "") rows.push(JSON.parse(line));
      return rows;
    },
    async run(sql, options = {}) {
      await send(sql, options);
    },
  };

  async function readText(response: Response): Promise<string> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of response.body ?? []) {
      bytes += piece.byteLength;
      if (bytes > maximumAnswerBytes) {
        throw new UnavailableError(`the answer of ClickHouse is longer than ${maximumAnswerBytes} bytes; ask for less`);
      }
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
  }

  function errorOf(text: string, status: number): Error {
    const found = /^Code: (\d+), e\.displayText\(\) = (.*?)(?:, e\.what\(\)|$)/s.exec(text);
    const code = Number(found?.[1] ?? 0);
    const message = (found?.[2] ?? `HTTP status ${status}`).slice(0, 500);
    return new ClickHouseError(code, `ClickHouse (database ${database} at ${origin}): ${message}`);
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
