import { readFile } from "node:fs/promises";
import { z } from "zod";
import { UnavailableError } from "../error/index.ts";

/** Where a Prometheus-compatible server answers queries. */
export interface MetricsServer {
  /** GET /api/v1/query_range. Throws UnavailableError that says what the server said, or that it did not. */
  queryRange(query: RangeQuery, signal: AbortSignal): Promise<readonly RangeSeries[]>;
}

export interface RangeQuery {
  readonly query: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** Milliseconds and finite values, in order. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [atMs: number, value: number])[];
}

export interface MetricsServerOptions {
  /** With a user name or without; a path below which the API lies, as of Mimir or vmselect. */
  readonly url: string;
  /** Holds the user's password or, without a user, a bearer token; read for each query, so that it may be changed. */
  readonly passwordFile: string | null;
  readonly timeoutMs?: number;
  readonly maximumAnswerBytes?: number;
}

const RangeAnswer = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("success"),
    data: z.object({
      resultType: z.literal("matrix"),
      result: z.array(
        z.object({
          metric: z.record(z.string(), z.string()),
          values: z.array(z.tuple([z.number(), z.string()])),
        }),
      ),
    }),
  }),
  z.object({ status: z.literal("error"), error: z.string() }),
]);

/** Speaks to one. Throws InputError-free: faults of its address show with the first query. */
export function createMetricsServer({
  url,
  passwordFile,
  timeoutMs = 15_000,
  maximumAnswerBytes = 32 * 1024 * 1024,
}: MetricsServerOptions): MetricsServer {
  const { username, href } = withoutCredentials(url);

  async function authorization(): Promise<Record<string, string>> {
    if (passwordFile === null) return {};
    const secret = (await readFile(passwordFile, "utf8")).replace(/\r?\n$/, "");
    const basic = () => `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}`;
    return { authorization: username === "" ? `Bearer ${secret}` : basic() };
  }

  return {
    async queryRange({ query, startMs, endMs, stepMs }, signal) {
      const parameters = new URLSearchParams({
        query,
        start: seconds(startMs),
        end: seconds(endMs),
        step: seconds(stepMs),
        timeout: `${Math.ceil(timeoutMs / 1000)}s`,
        // VictoriaMetrics would otherwise move the range to round instants; others do not know the word.
        nocache: "1",
      });
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const answer = await fetch(`${href}/api/v1/query_range?${parameters}`, {
          headers: { accept: "application/json", ...(await authorization()) },
          redirect: "error",
          signal: deadline,
        });
        const text = await readAtMost(answer, maximumAnswerBytes);
        return seriesOf(answer.status, text);
      } catch (error) {
        signal.throwIfAborted();
        const fault = deadline.aborted ? `it did not answer within ${timeoutMs / 1000} s` : describe(error);
        throw new UnavailableError(`the metrics server at ${href} cannot be read: ${fault}`, 10, error);
      }
    },
  };
}

function seriesOf(status: number, text: string): RangeSeries[] {
  const parsed = RangeAnswer.safeParse(jsonOf(text));
  if (!parsed.success) {
    throw new Error(`HTTP ${status}, ${text.trim().split("\n")[0]?.slice(0, 200) || "without a word"}`);
  }
  if (parsed.data.status === "error") throw new Error(parsed.data.error.slice(0, 500));
  return parsed.data.data.result.map(({ metric, values }) => ({
    labels: metric,
    values: values.flatMap(([at, value]) => {
      const number = Number(value);
      return Number.isFinite(number) ? [[Math.round(at * 1000), number] as const] : [];
    }),
  }));
}

async function readAtMost(answer: Response, maximumBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > maximumBytes) throw new Error(`its answer is longer than ${maximumBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function withoutCredentials(text: string): { readonly username: string; readonly href: string } {
  const url = new URL(text);
  const username = decodeURIComponent(url.username);
  url.username = "";
  url.password = "";
  return { username, href: `${url.origin}${url.pathname.replace(/\/+$/, "")}` };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch keeps what happened in `cause`. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
