import assert from "node:assert/strict";
import type { LogRecord } from "@mycloud/protocol/log-record";
import type { Api } from "../support/index.ts";

/** All records that a token sees of a query, oldest first. */
export async function exportRecords(api: Api, token: string | undefined, query: string): Promise<LogRecord[]> {
  const path = `/api/v1/logs/export?${new URLSearchParams({ query })}`;
  const { status, body } = await api("GET", path, token === undefined ? {} : { token });
  assert.equal(status, 200, JSON.stringify(body));
  if (body === undefined) return [];
  // One line alone is JSON, and was parsed.
  const records = typeof body === "string" ? body.trim().split("\n").map(parseRecord) : [body];
  return records;
}

function parseRecord(line: string): LogRecord {
  return JSON.parse(line);
}

/** What every way of asking for logs answers to a token, as text, by its path. */
export async function askEverything(api: Api, token: string): Promise<Record<string, string>> {
  const paths = [
    "logs?limit=1000",
    "logs?limit=1000&order=oldest",
    "logs/histogram",
    "logs/top?field=host",
    "logs/top?field=customer",
    "logs/top?field=badge",
    "logs/fields",
    "logs/patterns?order=count",
    "logs/patterns?order=new",
    "logs/export?limit=5000&order=newest",
    "logs/export?limit=5000&order=newest&format=csv",
  ];
  const answers: Record<string, string> = {};
  for (const path of paths) {
    const { status, body } = await api("GET", `/api/v1/${path}`, { token });
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
    answers[path] = typeof body === "string" ? body : JSON.stringify(body);
  }
  return answers;
}

/** Follows GET /api/v1/logs/tail; `text()` is all that came. */
export async function followTail(url: string, token: string): Promise<{ readonly text: () => string; close(): void }> {
  const closing = new AbortController();
  const response = await fetch(new URL("/api/v1/logs/tail", url), {
    headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
    signal: closing.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`GET /api/v1/logs/tail answered ${response.status}`);
  let text = "";
  const stream = response.body.pipeThrough(new TextDecoderStream());
  async function read(): Promise<void> {
    for await (const piece of stream) text += piece;
  }
  void read().catch(() => undefined);
  return { text: () => text, close: () => closing.abort() };
}
