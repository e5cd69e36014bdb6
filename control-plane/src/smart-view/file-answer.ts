import { createHash } from "node:crypto";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { SnapshotEntry, SnapshotId } from "@mycloud/protocol/snapshot-view";
import type { Request, Response } from "express";
import { InputError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { hasVersion, isRangeWanted, readByteRange } from "../http/byte-range.ts";
import { contentDisposition } from "../http/content-disposition.ts";
import { endBody, sendContent } from "../http/send-content.ts";
import type { Slots } from "../http/slots.ts";
import type { AskRepository } from "../snapshot-view/ask-repository.ts";
import type { StaffAccess } from "../staff-access/index.ts";
import { mediaTypeOf } from "./media-type.ts";

/** Whose request it is, and where its answer goes. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly actor: Actor;
  readonly signal: AbortSignal;
}

export interface AskedFile {
  readonly repository: BackupRepository;
  readonly snapshotId: SnapshotId;
  readonly path: string;
  /** What is there, where that is known already. */
  readonly entry?: SnapshotEntry;
  /** Whether it is to be saved, also where it could be shown. */
  readonly isDownload: boolean;
}

/** Answers GET and HEAD of one file of a snapshot, with ranges and versions. */
export type AnswerFile = (exchange: Exchange, asked: AskedFile) => Promise<void>;

export interface FileAnswerDependencies {
  readonly ask: AskRepository;
  readonly slots: Slots;
  readonly staff: StaffAccess;
}

/** A video player, or a mount, asks for one file in many parts. */
const noteFileEveryMs = 10 * 60_000;

/** What keeps content of customers from doing anything in a browser: it is nobody's page, and no other type than it says. */
export const contentHeaders = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
  // Kept by the one browser that asked, and asked about again each time: who may see it can change. Never compressed on the way: lengths must hold.
  "cache-control": "private, no-cache, no-transform",
  "x-accel-buffering": "no",
} as const;

export function createFileAnswer({ ask, slots, staff }: FileAnswerDependencies): AnswerFile {
  return async ({ request, response, actor, signal }, asked) => {
    const { repository, snapshotId, path } = asked;
    const question = { snapshotId, path } as const;
    const entry = asked.entry ?? (await ask(repository.id, { kind: "entry", ...question }, { signal })).head.entry;
    const sizeBytes = sizeOf(entry);
    const etag = versionOf(entry, snapshotId);
    const headers = headersOf(entry, etag, asked.isDownload);
    const { "if-none-match": ifNoneMatch, "if-range": ifRange, range: rangeHeader } = request.headers;
    if (hasVersion(ifNoneMatch, etag)) return answerEmpty(response, 304, headers);
    const isPartWanted = request.method === "GET" && isRangeWanted(single(ifRange), etag);
    const range = readByteRange(isPartWanted ? rangeHeader : undefined, sizeBytes);
    if (range.kind === "unsatisfiable") {
      return answerEmpty(response, 416, { ...contentHeaders, "content-range": `bytes */${sizeBytes}` });
    }
    if (request.method === "HEAD") {
      return answerEmpty(response, 200, { ...headers, "content-length": String(sizeBytes) });
    }
    await staff.note(actor, {
      customer: repository.customer,
      action: "snapshot.read-file",
      resourceKind: "backup-repository",
      resourceId: repository.id,
      resourceName: repository.path,
      detail: { snapshotId, path },
      onceInMs: noteFileEveryMs,
      sameBy: `${snapshotId} ${path}`,
    });
    const { offset, length } = range.kind === "part" ? range : { offset: 0, length: sizeBytes };
    const giveBack = await slots.take(slotKeyOf(actor), signal);
    try {
      const { head, body } = await ask(repository.id, { kind: "file", ...question, offset, length }, { signal });
      if (body === null) throw new Error("a file was answered without its content");
      if (head.sizeBytes !== sizeBytes || head.length !== length) {
        await endBody(body);
        throw new Error(`${head.length} of ${head.sizeBytes} bytes were answered, not ${length} of ${sizeBytes}`);
      }
      const part = { "content-range": `bytes ${offset}-${offset + length - 1}/${sizeBytes}` };
      const isPart = range.kind === "part";
      await sendContent(
        response,
        { status: isPart ? 206 : 200, headers: { ...headers, ...(isPart ? part : {}) }, lengthBytes: length, body },
        { signal },
      );
    } finally {
      giveBack();
    }
  };
}

/** Downloads are counted by customer; all of the staff is one. */
export function slotKeyOf(actor: Actor): string {
  return actor.customer === null ? "staff" : `customer ${actor.customer}`;
}

/** Throws InputError for what has no content. */
function sizeOf({ type, sizeBytes, path }: SnapshotEntry): number {
  if (type === "file" && sizeBytes !== null) return sizeBytes;
  const what = type === "dir" ? "is a folder; ask for it as an archive" : `has no content: it is a ${type}`;
  throw new InputError(`${path} ${what}`);
}

/** An ETag: the same for the same content, in whatever snapshot it is. Pure. */
export function versionOf({ contentId, path }: SnapshotEntry, snapshotId: SnapshotId): string {
  const version = contentId ?? `${snapshotId} ${path}`;
  return `"${createHash("sha256").update(version).digest("base64url").slice(0, 27)}"`;
}

function headersOf(entry: SnapshotEntry, etag: string, isDownload: boolean): Record<string, string> {
  const { type, mayBeShown } = mediaTypeOf(entry.name);
  return {
    ...contentHeaders,
    etag,
    "content-type": type,
    "content-disposition": contentDisposition(isDownload || !mayBeShown ? "attachment" : "inline", entry.name),
    "last-modified": httpDate(entry.modifiedAtMs),
    "accept-ranges": "bytes",
  };
}

/** An instant as HTTP writes it; years that it cannot write become the nearest that it can. Pure. */
export function httpDate(atMs: number): string {
  return new Date(Math.min(Math.max(Number.isFinite(atMs) ? atMs : 0, 0), 253_402_300_799_000)).toUTCString();
}

function answerEmpty(response: Response, status: number, headers: Readonly<Record<string, string>>): void {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) {
    if (status !== 304 || !/^content-(type|disposition)$/.test(name)) response.setHeader(name, value);
  }
  response.end();
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
