import { readFile } from "node:fs/promises";
import { type NameServerStatus, UpdateAnswer, type UpdateRelay } from "@mycloud/protocol/name-server";
import { EventReader, type ServerEvent } from "./event-reader.ts";

export interface ControlPlaneClientOptions {
  readonly url: string;
  /** Read for each request: a token may be exchanged at any time. */
  readonly tokenFile: string;
  /** Which of the name servers that share a token this is. */
  readonly name: string;
}

/** The control plane said no, or nothing; `status` is its HTTP status where there is one. */
export class ControlPlaneError extends Error {
  override readonly name = "ControlPlaneError";
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}

/** A heartbeat comes every 15 s: a stream that is silent for longer is dead. */
const silentMs = 45_000;
const feedSilentMs = 60_000;
const postMs = 10_000;

/** Asks the control plane, as protocol/name-server has it. Every method rejects with ControlPlaneError. */
export class ControlPlaneClient {
  readonly #options: ControlPlaneClientOptions;

  constructor(options: ControlPlaneClientOptions) {
    this.#options = options;
  }

  /** The events of the stream, until it ends. */
  async *events(signal: AbortSignal): AsyncGenerator<ServerEvent> {
    const reader = new EventReader();
    const headers = { accept: "text/event-stream" };
    for await (const text of this.#read("/api/v1/name-server/stream", headers, silentMs, signal))
      yield* reader.push(text);
  }

  /** The lines of a zone's feed; `from` is the serial that is here already. */
  async *zone(name: string, view: string | null, from: number | null, signal: AbortSignal): AsyncGenerator<string> {
    const query = new URLSearchParams();
    if (view !== null) query.set("view", view);
    if (from !== null) query.set("from", String(from));
    const path = `/api/v1/name-server/zones/${encodeURIComponent(name)}?${query}`;
    let rest = "";
    for await (const text of this.#read(path, { accept: "application/x-ndjson" }, feedSilentMs, signal)) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield line;
    }
    if (rest !== "") yield rest;
  }

  async relayUpdate(update: UpdateRelay): Promise<UpdateAnswer> {
    const answer = UpdateAnswer.safeParse(await this.#post("/api/v1/name-server/updates", update));
    if (!answer.success) throw new ControlPlaneError("the answer to an update is not what it should be", undefined);
    return answer.data;
  }

  async postStatus(status: NameServerStatus): Promise<void> {
    await this.#post(`/api/v1/name-server/status?name=${encodeURIComponent(this.#options.name)}`, status);
  }

  async *#read(
    path: string,
    headers: Record<string, string>,
    longestSilenceMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const silence = new AbortController();
    const giveUp = () => silence.abort(new ControlPlaneError("the control plane has fallen silent", undefined));
    let timer = setTimeout(giveUp, longestSilenceMs);
    try {
      const both = AbortSignal.any([signal, silence.signal]);
      const response = await this.#open(path, { headers, signal: both });
      const decoder = new TextDecoder();
      for await (const octets of response.body ?? []) {
        clearTimeout(timer);
        timer = setTimeout(giveUp, longestSilenceMs);
        yield decoder.decode(octets, { stream: true });
      }
    } catch (error) {
      throw asFault(silence.signal.aborted ? silence.signal.reason : error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(postMs);
    try {
      const response = await this.#open(path, { method: "POST", headers, body: JSON.stringify(body), signal });
      const text = await response.text();
      return text === "" ? undefined : JSON.parse(text);
    } catch (error) {
      throw asFault(error);
    }
  }

  async #open(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const { url, tokenFile } = this.#options;
    const token = (await readFile(tokenFile, "utf8")).trim();
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    const response = await fetch(new URL(path, url), { ...init, headers, redirect: "error" });
    if (response.ok) return response;
    const text = (await response.text()).slice(0, 300);
    throw new ControlPlaneError(`the control plane answers ${response.status}: ${text}`, response.status);
  }
}

function asFault(error: unknown): ControlPlaneError {
  if (error instanceof ControlPlaneError) return error;
  // fetch says only "fetch failed"; its cause says why.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ControlPlaneError(`the control plane cannot be reached: ${message}`, undefined, error);
}
