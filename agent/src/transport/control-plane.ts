import type { IncomingMessage } from "node:http";
import {
  type AgentCommandOutcome,
  AgentConfiguration,
  AgentResultAnswer,
  type AgentResultBatch,
  EnrolAnswer,
  type EnrolRequest,
  type Keepalive,
  KeepaliveAnswer,
} from "@mycloud/protocol/agent";
import { ReadCredentials } from "@mycloud/protocol/backup-repository";
import {
  BackupCredentials,
  type BackupCredentialsRequest,
  type BackupProgress,
  type BackupRunOutcome,
  BackupRunReceipt,
} from "@mycloud/protocol/backup-run";
import { MetricsPushAnswer } from "@mycloud/protocol/host-metrics";
import {
  RestoreCredentials,
  type RestoreCredentialsRequest,
  type RestoreProgress,
  type RestoreRunOutcome,
  RestoreRunReceipt,
} from "@mycloud/protocol/restore-run";
import { DiscoveryAnswer, type DiscoveryReport } from "@mycloud/protocol/service-proposal";
import type { z } from "zod";
import type { ServerClock } from "../clock/index.ts";
import type { HttpConnection } from "./http-connection.ts";
import { failureOf, type Outcome } from "./outcome.ts";

/** What the agent says to the control plane. Nothing here throws; every outcome says whether trying again can help. */
export interface ControlPlane {
  enrol(request: EnrolRequest): Promise<Outcome<EnrolAnswer>>;
  /** `configuration` is undefined when the one with `etag` is still right. */
  fetchConfiguration(
    etag: string | null,
  ): Promise<Outcome<{ readonly etag: string; readonly configuration: AgentConfiguration | undefined }>>;
  sendResults(batch: AgentResultBatch): Promise<Outcome<AgentResultAnswer>>;
  sendKeepalive(keepalive: Keepalive): Promise<Outcome<KeepaliveAnswer>>;
  /** `body` is a MetricsPush as JSON, compressed by gzip. */
  sendMetrics(body: Uint8Array): Promise<Outcome<MetricsPushAnswer>>;
  /** What there is to watch on this host. */
  sendDiscovery(report: DiscoveryReport): Promise<Outcome<DiscoveryAnswer>>;
  /** Begins a backup run, or renews its token. */
  backupCredentials(runId: string, request: BackupCredentialsRequest): Promise<Outcome<BackupCredentials>>;
  sendBackupProgress(runId: string, progress: BackupProgress): Promise<Outcome<undefined>>;
  sendBackupOutcome(outcome: BackupRunOutcome): Promise<Outcome<BackupRunReceipt>>;
  /** For looking into a private repository of this host. */
  readCredentials(repositoryId: number): Promise<Outcome<ReadCredentials>>;
  /** Answers a question as the answer is made. */
  answerQuestion(
    questionId: string,
    answer: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<QuestionOutcome<undefined>>;
  /** Fetches what came with a question. */
  questionBody(questionId: string, signal: AbortSignal): Promise<QuestionOutcome<IncomingMessage>>;
  /** Begins a checkout, rollback or restore, or renews its token. */
  restoreCredentials(runId: string, request: RestoreCredentialsRequest): Promise<Outcome<RestoreCredentials>>;
  sendRestoreProgress(runId: string, progress: RestoreProgress): Promise<Outcome<undefined>>;
  sendRestoreOutcome(outcome: RestoreRunOutcome): Promise<Outcome<RestoreRunReceipt>>;
  acknowledgeCommand(commandId: number, outcome: AgentCommandOutcome): Promise<Outcome<undefined>>;
  /** Opens the stream of commands; the answer's body is text/event-stream. */
  openStream(signal: AbortSignal): Promise<Outcome<IncomingMessage>>;
}

/** As an outcome; `unwanted`: nobody waits any more. `misdirected`: somebody at another control plane does, which another connection may reach. */
export type QuestionOutcome<Value> = Outcome<Value> | { readonly kind: "unwanted" | "misdirected" };

/** What it needs from outside. */
export interface ControlPlaneOptions {
  readonly connection: HttpConnection;
  readonly clock: ServerClock;
  readonly now: () => number;
  /** The token of a request; undefined while enrolling. */
  readonly requestToken: (() => string) | undefined;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** Silence on the stream after which it counts as dead; the server sends a heartbeat more often. */
  readonly streamTimeoutMs?: number;
}

/** Answers longer than this are not ours: the largest is a configuration of a few thousand checks. */
const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;
/** Longer than control planes bear with a body that does not move. */
const QUESTION_SILENCE_MS = 180_000;

interface Request {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A body that is made as it is sent, over a connection of its own. */
  readonly pieces?: AsyncIterable<Uint8Array>;
  readonly isAlone?: boolean;
}

/** Speaks the agent API over one connection. */
export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { connection, clock, now, signal, timeoutMs = 15_000, streamTimeoutMs = 60_000 } = options;

  async function open(request: Request, silenceMs: number, abort: AbortSignal): Promise<IncomingMessage> {
    const token = options.requestToken?.();
    const sentAtMs = now();
    const answer = await connection.open({
      method: request.method,
      path: `api/v1/agent/${request.path}`,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        ...(request.pieces === undefined ? {} : { "content-type": "application/octet-stream" }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.pieces === undefined ? {} : { body: request.pieces }),
      ...(request.isAlone === undefined ? {} : { isAlone: request.isAlone }),
      timeoutMs: silenceMs,
      signal: abort,
    });
    clock.sampleDate(answer.headers.date, sentAtMs, now());
    return answer;
  }

  /** One exchange. A refusal right after the clock estimate jumped is tried once more: the token was made with the wrong time. */
  async function exchange(request: Request): Promise<Outcome<{ status: number; etag: string; text: string }>> {
    for (let isSecondTry = false; ; isSecondTry = true) {
      const assumedOffset = clock.offsetMs() ?? 0;
      try {
        const answer = await open(request, timeoutMs, signal);
        const text = await readBody(answer);
        const status = answer.statusCode ?? 0;
        if (status < 300 || status === 304) {
          return { kind: "ok", value: { status, etag: answer.headers.etag ?? "", text } };
        }
        const hasClockJumped = Math.abs((clock.offsetMs() ?? 0) - assumedOffset) > 5_000;
        if (status === 401 && hasClockJumped && !isSecondTry) continue;
        return failureOf({ status, retryAfter: answer.headers["retry-after"], text });
      } catch (error) {
        return { kind: "unreachable", message: describe(error) };
      }
    }
  }

  async function exchangeJson<Schema extends z.ZodType>(
    request: Request,
    schema: Schema,
  ): Promise<Outcome<z.output<Schema>>> {
    const outcome = await exchange(request);
    return outcome.kind === "ok" ? parseAnswer(outcome.value.text, schema) : outcome;
  }

  async function askAlone(request: Request, abort: AbortSignal): Promise<QuestionOutcome<IncomingMessage>> {
    try {
      const either = AbortSignal.any([signal, abort]);
      const answer = await open({ ...request, isAlone: true }, QUESTION_SILENCE_MS, either);
      const status = answer.statusCode ?? 0;
      if (status < 300) return { kind: "ok", value: answer };
      if (status === 404 || status === 421) {
        answer.destroy();
        return { kind: status === 404 ? "unwanted" : "misdirected" };
      }
      return failureOf({ status, retryAfter: answer.headers["retry-after"], text: await readBody(answer) });
    } catch (error) {
      return { kind: "unreachable", message: describe(error) };
    }
  }

  return {
    enrol: (body) => exchangeJson({ method: "POST", path: "enrol", body }, EnrolAnswer),
    async fetchConfiguration(etag) {
      const headers = etag === null ? {} : { "if-none-match": etag };
      const outcome = await exchange({ method: "GET", path: "configuration", headers });
      if (outcome.kind !== "ok") return outcome;
      if (outcome.value.status === 304) return { kind: "ok", value: { etag: etag ?? "", configuration: undefined } };
      const parsed = parseAnswer(outcome.value.text, AgentConfiguration);
      if (parsed.kind !== "ok") return parsed;
      return { kind: "ok", value: { etag: outcome.value.etag, configuration: parsed.value } };
    },
    sendResults: (body) => exchangeJson({ method: "POST", path: "check-results", body }, AgentResultAnswer),
    async sendKeepalive(body) {
      const sentAtMs = now();
      const outcome = await exchangeJson({ method: "POST", path: "keepalive", body }, KeepaliveAnswer);
      if (outcome.kind === "ok") clock.sampleExact(outcome.value.receivedAtMs, sentAtMs, now());
      return outcome;
    },
    sendMetrics(body) {
      const headers = { "content-type": "application/json", "content-encoding": "gzip" };
      // An iterable that may be asked again: a request is sent twice when the clock was wrong.
      const pieces = { [Symbol.asyncIterator]: () => oneOf(body) };
      return exchangeJson({ method: "POST", path: "metrics", pieces, headers }, MetricsPushAnswer);
    },
    sendDiscovery: (body) => exchangeJson({ method: "POST", path: "discovery", body }, DiscoveryAnswer),
    backupCredentials: (runId, body) =>
      exchangeJson({ method: "POST", path: `backup-runs/${runId}/credentials`, body }, BackupCredentials),
    async sendBackupProgress(runId, body) {
      const outcome = await exchange({ method: "POST", path: `backup-runs/${runId}/progress`, body });
      return outcome.kind === "ok" ? { kind: "ok", value: undefined } : outcome;
    },
    sendBackupOutcome: (body) => exchangeJson({ method: "POST", path: "backup-runs", body }, BackupRunReceipt),
    readCredentials: (repositoryId) =>
      exchangeJson({ method: "POST", path: `backup-repositories/${repositoryId}/read-credentials` }, ReadCredentials),
    async answerQuestion(questionId, pieces, abort) {
      const outcome = await askAlone({ method: "POST", path: `questions/${questionId}/answer`, pieces }, abort);
      if (outcome.kind !== "ok") return outcome;
      outcome.value.destroy();
      return { kind: "ok", value: undefined };
    },
    questionBody: (questionId, abort) => askAlone({ method: "GET", path: `questions/${questionId}/body` }, abort),
    restoreCredentials: (runId, body) =>
      exchangeJson({ method: "POST", path: `restore-runs/${runId}/credentials`, body }, RestoreCredentials),
    async sendRestoreProgress(runId, body) {
      const outcome = await exchange({ method: "POST", path: `restore-runs/${runId}/progress`, body });
      return outcome.kind === "ok" ? { kind: "ok", value: undefined } : outcome;
    },
    sendRestoreOutcome: (body) => exchangeJson({ method: "POST", path: "restore-runs", body }, RestoreRunReceipt),
    async acknowledgeCommand(commandId, body) {
      const outcome = await exchange({ method: "POST", path: `commands/${commandId}/acknowledgement`, body });
      return outcome.kind === "ok" ? { kind: "ok", value: undefined } : outcome;
    },
    async openStream(abort) {
      try {
        const request: Request = { method: "GET", path: "stream", headers: { accept: "text/event-stream" } };
        const answer = await open(request, streamTimeoutMs, abort);
        const status = answer.statusCode ?? 0;
        if (status === 200) return { kind: "ok", value: answer };
        const text = await readBody(answer);
        return failureOf({ status, retryAfter: answer.headers["retry-after"], text });
      } catch (error) {
        return { kind: "unreachable", message: describe(error) };
      }
    },
  };
}

async function* oneOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer) {
    if (!Buffer.isBuffer(part)) continue;
    length += part.length;
    if (length > MAXIMUM_ANSWER_BYTES)
      throw new Error(`the server's answer is longer than ${MAXIMUM_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parseAnswer<Schema extends z.ZodType>(text: string, schema: Schema): Outcome<z.output<Schema>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "unreachable", message: "the server's answer is not JSON (is this a MyCloud control plane?)" };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { kind: "ok", value: parsed.data };
  const issue = parsed.error.issues[0];
  return {
    kind: "unreachable",
    message: `the server's answer is not understood: ${issue?.path.join(".")} ${issue?.message}`,
  };
}

/** A system error's code and sentence; node joins several addresses' errors into one without a message. */
function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
