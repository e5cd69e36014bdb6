import { statusOfErrorCode } from "@mycloud/protocol/error";
import type { Request, RequestHandler, Response } from "express";
import { DomainError } from "../error/index.ts";
import { scopeOf } from "../http/actor.ts";
import { discardBody } from "../http/discard-body.ts";
import { requestContextOf } from "../http/request-context.ts";
import { sendContent } from "../http/send-content.ts";
import { type AnswerFile, contentHeaders, type Onlooker, slotKeyOf, type Viewing } from "../smart-view/index.ts";
import { type AppPasswordDependencies, findDavActor } from "./app-password.ts";
import { davRoot, readDavAddress } from "./dav-address.ts";
import { type DavPlace, findPlace } from "./dav-tree.ts";
import { multistatusEnd, multistatusStart, responseOf } from "./multistatus.ts";
import { maximumPropfindBytes, type Propfind, parsePropfind } from "./parse-propfind.ts";
import { readSmallBody } from "./read-small-body.ts";

export interface WebdavDependencies extends AppPasswordDependencies {
  readonly viewing: Viewing;
  readonly answerFile: AnswerFile;
}

const allowed = "OPTIONS, GET, HEAD, PROPFIND";
/** Methods of WebDAV that would change something. Any other is none that we know. */
const writing = new Set(["PUT", "POST", "PATCH", "DELETE", "MKCOL", "COPY", "MOVE", "PROPPATCH", "LOCK", "UNLOCK"]);
const pieceBytes = 32_768;

/** Serves snapshots read-only over WebDAV, class 1. Answers everything below its path, errors too. */
export function createWebdav(deps: WebdavDependencies): RequestHandler {
  const { viewing, answerFile } = deps;

  async function answer(request: Request, response: Response): Promise<void> {
    const { method } = request;
    if (method === "OPTIONS") return answerOptions(response);
    const actor = await findDavActor(request, deps);
    requestContextOf(response).actor = actor;
    if (writing.has(method)) {
      await finishRequest(request, response);
      return answerText(response, 403, "backups are read only here\n");
    }
    if (method !== "GET" && method !== "HEAD" && method !== "PROPFIND") {
      response.setHeader("allow", allowed);
      return answerText(response, 405, `${method} means nothing here\n`);
    }
    const onlooker = { actor, scope: scopeOf(actor), signal: signalOf(response) };
    const segments = readDavAddress(request.originalUrl);
    if (method === "PROPFIND") return await answerPropfind(request, response, onlooker, segments);
    const place = await findPlace(viewing, onlooker, segments);
    if (place.inSnapshot === null || place.self.isFolder) return await answerFolder(request, response, onlooker, place);
    const { entry } = place.inSnapshot;
    await answerFile({ request, response, ...onlooker }, { ...place.inSnapshot, path: entry.path, isDownload: true });
  }

  async function answerPropfind(
    request: Request,
    response: Response,
    onlooker: Onlooker,
    segments: readonly string[],
  ): Promise<void> {
    const depth = request.headers.depth ?? "infinity";
    const propfind = parsePropfind(await readSmallBody(request, maximumPropfindBytes));
    if (depth !== "0" && depth !== "1") {
      const error =
        '<?xml version="1.0" encoding="utf-8"?>\n<d:error xmlns:d="DAV:"><d:propfind-finite-depth/></d:error>\n';
      return answerText(response, 403, error, "application/xml; charset=utf-8");
    }
    const place = await findPlace(viewing, onlooker, segments);
    await sendPieces(
      response,
      onlooker,
      207,
      "application/xml; charset=utf-8",
      linesOf(place, propfind, depth === "1"),
    );
  }

  /** A folder as a person with curl likes to see it: one name a line. */
  async function answerFolder(
    request: Request,
    response: Response,
    onlooker: Onlooker,
    place: DavPlace,
  ): Promise<void> {
    const contentType = "text/plain; charset=utf-8";
    if (request.method === "HEAD") return answerText(response, 200, "", contentType);
    await sendPieces(response, onlooker, 200, contentType, namesOf(place));
  }

  async function sendPieces(
    response: Response,
    { actor, signal }: Onlooker,
    status: number,
    contentType: string,
    lines: AsyncIterable<string>,
  ): Promise<void> {
    const giveBack = await viewing.slots.take(slotKeyOf(actor), signal);
    try {
      const headers = { ...contentHeaders, "cache-control": "no-store", "content-type": contentType };
      await sendContent(response, { status, headers, lengthBytes: null, body: inPieces(lines) }, { signal });
    } finally {
      giveBack();
    }
  }

  return (request, response) => {
    requestContextOf(response).routePath = davRoot;
    answer(request, response).catch((error: unknown) => answerError(request, response, error));
  };
}

function answerOptions(response: Response): void {
  response.setHeader("dav", "1");
  response.setHeader("allow", allowed);
  response.setHeader("ms-author-via", "DAV");
  response.status(200).setHeader("content-length", "0").end();
}

async function* linesOf(place: DavPlace, propfind: Propfind, isWithChildren: boolean): AsyncGenerator<string> {
  yield multistatusStart + responseOf(place.self, propfind);
  if (isWithChildren) for await (const child of place.children()) yield responseOf(child, propfind);
  yield multistatusEnd;
}

async function* namesOf(place: DavPlace): AsyncGenerator<string> {
  for await (const { segments, isFolder } of place.children()) yield `${segments.at(-1)}${isFolder ? "/" : ""}\n`;
}

/** Lines put together, so that a folder of ten thousand is not ten thousand packets. */
async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let piece = "";
  for await (const line of lines) {
    piece += line;
    if (piece.length < pieceBytes) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  if (piece !== "") yield Buffer.from(piece);
}

function answerText(response: Response, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  response.status(status);
  for (const [name, value] of Object.entries(contentHeaders)) response.setHeader(name, value);
  response.setHeader("cache-control", "no-store");
  response.setHeader("content-type", type);
  response.end(text);
}

/** Who sends a large body looks for the answer afterwards; what is not read of it would be taken for the next request. */
async function finishRequest(request: Request, response: Response): Promise<void> {
  if (!(await discardBody(request))) response.setHeader("connection", "close");
}

async function answerError(request: Request, response: Response, error: unknown): Promise<void> {
  requestContextOf(response).error = error;
  if (response.headersSent || response.destroyed) {
    // Half an answer is out; cutting the connection is the only way left to say that it is not whole.
    response.destroy();
    return;
  }
  const known = error instanceof DomainError ? error : null;
  const status = known === null ? 500 : statusOfErrorCode[known.code];
  if (status === 401) response.setHeader("www-authenticate", 'Basic realm="MyCloud backups", charset="UTF-8"');
  if (known?.retryAfterSeconds !== undefined) {
    response.setHeader("retry-after", String(Math.ceil(known.retryAfterSeconds)));
  }
  await finishRequest(request, response);
  answerText(response, status, `${known?.message ?? "something failed inside MyCloud"}\n`);
}

function signalOf(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort(new Error("the client went away"));
  });
  return gone.signal;
}
