import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Request } from "express";
import { z } from "zod";
import {
  AuthenticationError,
  InputError,
  NotAllowedError,
  TooLargeError,
  TooManyRequestsError,
} from "../../error/index.ts";
import type { Actor } from "../../http/actor.ts";
import { forEveryone, type Route, route } from "../../http/route.ts";
import type { HostDirectory, LogIdentity, LogSender } from "../../log-sender/index.ts";
import type { ByteBudget } from "../intake/byte-budget.ts";
import type { Intake } from "../intake/intake.ts";
import type { Quotas } from "../intake/quota.ts";
import type { LogReceiverMetrics } from "../metrics.ts";
import { findBasicSender } from "./basic-sender.ts";
import { readLines } from "./read-lines.ts";

export interface LogsRouteDependencies {
  readonly senders: () => Promise<readonly LogSender[]>;
  readonly hosts: () => Promise<HostDirectory>;
  readonly retentionDays: () => number;
  readonly intake: Intake;
  readonly quotas: Quotas;
  readonly budget: ByteBudget;
  readonly metrics: LogReceiverMetrics;
  readonly now: () => number;
}

/** As it was sent, and decompressed. */
const maximumSentBytes = 16 * 1024 * 1024;
const maximumBytes = 32 * 1024 * 1024;

const Answer = z.object({ stored: z.number().int(), isDuplicate: z.boolean() });

/** Taking logs in over HTTP: a line of JSON for each record. */
export function createLogsRoute(dependencies: LogsRouteDependencies): Route {
  const { intake, quotas, budget, metrics, now } = dependencies;
  return route({
    method: "post",
    path: "/api/v1/logs",
    summary:
      "Store log records: a JSON object a line (time, host, service, severity, message; everything else is a field), gzip too. All or nothing; Idempotency-Key makes sending again harmless. By an API token with the scope logs, or a LogSender's user name and password.",
    // Who may is decided below: senders are no users.
    access: forEveryone,
    isBasicTaken: true,
    bodyKind: "raw",
    answer: Answer,
    async handle({ request, actor }) {
      const identity = await identify(request, actor, dependencies);
      refuseTooMuch(identity, dependencies);
      const chunk = chunkOf(request);
      const bytes = await readBody(request);
      const release = await budget.take(bytes.length);
      try {
        const receivedAtMs = now();
        const context = {
          identity,
          hosts: await dependencies.hosts(),
          receivedAtMs,
          peerAddress: actor.address ?? "",
          retentionDays: dependencies.retentionDays(),
        };
        const records = readLines(bytes.toString("utf8"), context);
        if (records.length === 0) return { stored: 0, isDuplicate: false };
        quotas.use(identity, records.length, bytes.length, receivedAtMs);
        const { stored, isDuplicate } = await intake.store({
          protocol: "http",
          identity,
          chunk: chunk ?? randomUUID(),
          receivedAtMs,
          records,
          bytes: bytes.length,
        });
        return { stored, isDuplicate };
      } catch (error) {
        metrics.refused("http", error instanceof InputError ? "invalid" : "store");
        throw error;
      } finally {
        release();
      }
    },
  });
}

async function identify(
  request: Request,
  actor: Actor,
  { senders, metrics }: LogsRouteDependencies,
): Promise<LogIdentity> {
  if (actor.kind === "token" && actor.id !== null && actor.scopes.includes("logs")) {
    return {
      kind: "token",
      key: `token:${actor.id}`,
      name: actor.name,
      hostId: null,
      hostName: null,
      customer: actor.customer,
      maximumLinesPerSecond: null,
      maximumBytesPerDay: null,
    };
  }
  if (actor.kind !== "anonymous") {
    metrics.refused("http", "unknown-sender");
    throw new NotAllowedError("this needs a token with the scope logs, or the credentials of a LogSender");
  }
  const found = findBasicSender(await senders(), request.headers.authorization, actor.address ?? "");
  if (found !== null) return found.identity;
  const isGiven = request.headers.authorization !== undefined;
  metrics.refused("http", isGiven ? "wrong-credentials" : "unknown-sender");
  throw new AuthenticationError(
    isGiven
      ? "no LogSender has this user name and password here, and no token with the scope logs is like this"
      : "send a token with the scope logs (Authorization: Bearer ...), or the user name and password of a LogSender",
  );
}

function refuseTooMuch(identity: LogIdentity, { quotas, metrics, now }: LogsRouteDependencies): void {
  const allowance = quotas.check(identity, now());
  if (allowance.kind === "go") return;
  metrics.refused("http", "quota");
  const seconds = Math.ceil((allowance.kind === "wait" ? allowance.ms : allowance.untilMs - now()) / 1000);
  throw new TooManyRequestsError(`${identity.name} has sent what it may; send it again later`, seconds);
}

function chunkOf(request: Request): string | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key === "string" && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new InputError("Idempotency-Key is not 1 to 255 printable characters without spaces");
}

async function readBody(request: Request): Promise<Buffer> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return await collect(request, Math.min(maximumSentBytes, maximumBytes));
  if (encoding !== "gzip" && encoding !== "x-gzip") {
    throw new InputError(`content-encoding is ${encoding}; send gzip, or nothing of the kind`);
  }
  const gunzip = createGunzip();
  let sent = 0;
  request.on("data", (chunk: Buffer) => {
    sent += chunk.length;
    if (sent > maximumSentBytes) gunzip.destroy(tooLarge());
  });
  request.once("close", () => {
    if (!request.complete) gunzip.destroy(new InputError("the request ended before its body did"));
  });
  request.pipe(gunzip);
  try {
    return await collect(gunzip, maximumBytes);
  } catch (error) {
    if (error instanceof TooLargeError || error instanceof InputError) throw error;
    throw new InputError(`the body is no gzip: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    request.unpipe(gunzip);
    request.resume();
  }
}

async function collect(stream: Readable, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream.iterator({ destroyOnReturn: false })) {
    length += piece.length;
    if (length > most) {
      stream.resume();
      throw tooLarge();
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function tooLarge(): TooLargeError {
  return new TooLargeError(`more than ${maximumSentBytes} bytes, or ${maximumBytes} decompressed; send it in parts`);
}
