import type { LiveEntry } from "@mycloud/protocol/agent-question";
import { LiveChange } from "@mycloud/protocol/live-file";
import { z } from "zod";
import { ConflictError } from "../error/index.ts";
import { hasVersion, isRangeWanted, readByteRange } from "../http/byte-range.ts";
import { contentDisposition } from "../http/content-disposition.ts";
import { discardBody } from "../http/discard-body.ts";
import { forOperators, forViewers, Reply, type Route, route } from "../http/route.ts";
import { endBody, sendContent } from "../http/send-content.ts";
import { contentHeaders, httpDate, mediaTypeOf, PeoplesPath } from "../smart-view/index.ts";
import { askFiles, type LiveFiles, MachineParams, machineOf } from "./live-machine.ts";
import { noteChange } from "./note-change.ts";
import { writeCondition } from "./write-condition.ts";

const path = "/api/v1/machines/:hostId/files/content";
const ContentQuery = z.object({
  path: PeoplesPath,
  /** 0: shown in the browser, where it is of a kind that is safe to show. */
  download: z.enum(["0", "1"]).default("1"),
});
/** A video player asks for one file in many parts. */
const noteFileEveryMs = 10 * 60_000;

/** Content of files of live machines. */
export function createContentRoutes(files: LiveFiles): Route[] {
  return [
    route({
      method: "get",
      path,
      summary: "Download a file of a live machine; ranges and versions (ETag) are understood",
      access: forViewers,
      params: MachineParams,
      query: ContentQuery,
      handle: async ({ params, query, request, response, ...asker }) => {
        const machine = await machineOf(files, asker, params.hostId);
        const { signal } = asker;
        const question = { kind: "read", path: query.path } as const;
        // How large it is and which version is asked first: what part is meant follows from it.
        const first = await askFiles(files, machine, { ...question, offset: 0, length: 0 }, "read", { signal });
        if (first.body !== null) await endBody(first.body);
        const { entry, sizeBytes } = first.head;
        const etag = `"${entry.version}"`;
        const headers = headersOf(entry, etag, query.download === "1");
        const { "if-none-match": ifNoneMatch, "if-range": ifRange, range: rangeHeader } = request.headers;
        if (hasVersion(ifNoneMatch, etag)) return new Reply(304, undefined, { ...contentHeaders, etag });
        const isPartWanted = request.method === "GET" && isRangeWanted(single(ifRange), etag);
        const range = readByteRange(isPartWanted ? rangeHeader : undefined, sizeBytes);
        if (range.kind === "unsatisfiable") {
          return new Reply(416, undefined, { ...contentHeaders, "content-range": `bytes */${sizeBytes}` });
        }
        if (request.method === "HEAD") {
          return new Reply(200, undefined, { ...headers, "content-length": String(sizeBytes) });
        }
        await files.staff.note(asker.actor, {
          customer: machine.customer,
          action: "machine-file.read",
          resourceKind: "host",
          resourceId: machine.id,
          resourceName: machine.name,
          detail: { path: query.path },
          onceInMs: noteFileEveryMs,
          sameBy: query.path,
        });
        const { offset, length } = range.kind === "part" ? range : { offset: 0, length: sizeBytes };
        const { head, body } = await askFiles(files, machine, { ...question, offset, length }, "read", { signal });
        if (body === null) throw new Error("a file was answered without its content");
        if (head.entry.version !== entry.version || head.length !== length) {
          await endBody(body);
          throw new ConflictError(`${query.path} is being changed; try again`);
        }
        const isPart = range.kind === "part";
        const part = isPart ? { "content-range": `bytes ${offset}-${offset + length - 1}/${sizeBytes}` } : {};
        const content = { status: isPart ? 206 : 200, headers: { ...headers, ...part }, lengthBytes: length, body };
        return await sendContent(response, content, { signal });
      },
    }),
    route({
      method: "put",
      path,
      summary:
        "Write a file of a live machine; If-Match says which version it replaces, If-None-Match: * that it is new",
      access: forOperators,
      params: MachineParams,
      query: z.object({ path: PeoplesPath }),
      answer: LiveChange,
      bodyKind: "raw",
      isLongReceived: true,
      handle: async ({ params, query, request, response, ...asker }) => {
        let sizeBytes = 0;
        async function* content(): AsyncGenerator<Uint8Array> {
          for await (const piece of request.iterator({ destroyOnReturn: false })) {
            sizeBytes += piece.length;
            yield piece;
          }
        }
        try {
          const ifVersion = writeCondition(request.headers["if-match"], request.headers["if-none-match"]);
          const machine = await machineOf(files, asker, params.hostId);
          const change = { action: "machine-file.write", path: query.path, detail: () => ({ sizeBytes }) };
          const { entry } = await noteChange(files, asker, machine, change, async () => {
            const write = { kind: "write", path: query.path, ifVersion } as const;
            const options = { signal: asker.signal, body: content() };
            return (await askFiles(files, machine, write, "changed", options)).head;
          });
          const etag: Record<string, string> = entry === null ? {} : { etag: `"${entry.version}"` };
          return new Reply(200, { entry } satisfies LiveChange, etag);
        } catch (error) {
          // Whoever writes all of it before looking for an answer is to find one.
          if (!(await discardBody(request)) && !response.headersSent) response.setHeader("connection", "close");
          throw error;
        }
      },
    }),
  ];
}

function headersOf(entry: LiveEntry, etag: string, isDownload: boolean): Record<string, string> {
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

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
