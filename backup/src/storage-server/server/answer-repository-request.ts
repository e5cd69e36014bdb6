import type { IncomingMessage, ServerResponse } from "node:http";
import type { Grant } from "../capability/index.ts";
import { readHoldReason } from "../hold/index.ts";
import { watchPace } from "../limit/index.ts";
import { deleteObject, findObject, listObjects } from "../object/index.ts";
import type { ListedType, OpenRepository, StoredObject } from "../repository/index.ts";
import { relativePathOf } from "../repository/index.ts";
import { ForbiddenError, MissingError, parseRange, RequestError, type Target } from "../request/index.ts";
import { reasonToKeep } from "../scrub/index.ts";
import { answerJson } from "./answer.ts";
import { receiveUpload } from "./receive-upload.ts";
import type { StorageContext } from "./storage-context.ts";
import { sendFile, writePiece } from "./transfer.ts";

/** A request about a repository that has been allowed. */
export interface RepositoryRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
  readonly grant: Grant;
  /** Null when there is no such repository. */
  readonly repository: OpenRepository | null;
  readonly context: StorageContext;
}

const contentTypeV1 = "application/vnd.x.restic.rest.v1";
const contentTypeV2 = "application/vnd.x.restic.rest.v2";

/** Does what is asked. Throws RequestError for everything that is not success. */
export async function answerRepositoryRequest(asked: RepositoryRequest): Promise<void> {
  const { request, response, target, repository, context } = asked;
  if (target.kind === "repository" && target.isCreation) {
    await context.repositories.create(target.repository);
    return answerNothing(response);
  }
  if (repository === null) {
    const name = "repository" in target ? target.repository : "";
    throw new MissingError(`there is no repository "${name}"`);
  }
  if (target.kind === "repository") {
    await context.repositories.remove(repository, context.clock.uptimeMs());
    return answerNothing(response);
  }
  if (target.kind === "list") return await answerList(asked, repository, target.type);
  if (target.kind === "wanted") {
    const wanted = repository.wanted
      .all()
      .map(({ type, name, foundAtMs, reason }) => ({ type, name, foundAtMs, reason }));
    return answerJson(response, 200, wanted);
  }
  if (target.kind === "scrub") {
    context.scrub(repository.name);
    return answerJson(response, 202, {});
  }
  if (target.kind !== "object") throw new RequestError(405, "MYCLOUD_INPUT", "this means nothing here");
  if (request.method === "POST") {
    await receiveUpload(asked, repository, target.object);
    return answerNothing(response);
  }
  if (request.method === "DELETE") return await answerDeletion(asked, repository, target.object);
  await answerObject(asked, repository, target.object);
}

function answerNothing(response: ServerResponse): void {
  response.writeHead(200, { "content-length": 0 });
  response.end();
}

async function answerDeletion(
  { response, context }: RepositoryRequest,
  repository: OpenRepository,
  object: StoredObject,
): Promise<void> {
  if (object.type === "snapshots") {
    const reason = await readHoldReason(repository, object.name, context.clock.cautiousNowMs());
    if (reason !== null) throw new ForbiddenError(`snapshot ${object.name} cannot be deleted: ${reason}`);
  }
  const reason = reasonToKeep(object, repository.wanted.all());
  if (reason !== null) throw new ForbiddenError(`${relativePathOf(object)} cannot be deleted: ${reason}`);
  const uptimeMs = () => context.clock.uptimeMs();
  const isFound = await deleteObject(repository, object, { uptimeMs, freeSpace: context.freeSpace });
  if (!isFound) throw new MissingError(`there is no ${relativePathOf(object)}`);
  answerNothing(response);
}

async function answerObject(
  { request, response, context }: RepositoryRequest,
  repository: OpenRepository,
  object: StoredObject,
): Promise<void> {
  const found = await findObject(repository, object);
  if (found === null) throw new MissingError(`there is no ${relativePathOf(object)}`);
  await using file = found.file;
  const range = parseRange(request.headers.range, found.sizeBytes);
  const headers: Record<string, string | number> = {
    "content-type": "application/octet-stream",
    "accept-ranges": "bytes",
    ...(found.isQuarantined ? { "x-mycloud-quarantined": "1" } : {}),
  };
  if (request.method === "HEAD") {
    response.writeHead(200, { ...headers, "content-length": found.sizeBytes });
    response.end();
    return;
  }
  if (range === "unsatisfiable")
    throw new RequestError(416, "MYCLOUD_INPUT", `the object has ${found.sizeBytes} bytes`, {
      "content-range": `bytes */${found.sizeBytes}`,
    });
  const part = range ?? { start: 0, end: found.sizeBytes };
  if (range !== null) headers["content-range"] = `bytes ${part.start}-${part.end - 1}/${found.sizeBytes}`;
  response.writeHead(range === null ? 200 : 206, { ...headers, "content-length": part.end - part.start });
  try {
    await sendFile(file, part, response, context, context.connectionLimits(request.socket));
  } catch (error) {
    context.suspect(repository, object, error);
    throw error;
  }
  response.end();
}

async function answerList(
  { request, response, context }: RepositoryRequest,
  repository: OpenRepository,
  type: ListedType,
): Promise<void> {
  const isV2 = (request.headers.accept ?? "").includes(contentTypeV2);
  response.writeHead(200, { "content-type": isV2 ? contentTypeV2 : contentTypeV1 });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // In pieces: a repository of many packs has a list of many megabytes.
  const pace = watchPace(context.pace);
  let opening = "[";
  for await (const part of listObjects(repository, type)) {
    if (part.length === 0) continue;
    const items = isV2 ? part : part.map(({ name }) => name);
    await writePiece(response, opening + JSON.stringify(items).slice(1, -1), pace);
    opening = ",";
    if (response.destroyed) return;
  }
  response.end(opening === "[" ? "[]" : "]");
}
