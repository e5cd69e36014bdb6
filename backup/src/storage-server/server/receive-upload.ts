import { randomUUID } from "node:crypto";
import type { PreparedEvent, StorageEvent } from "../event/index.ts";
import { isStored, type NewSnapshot, storeObject } from "../object/index.ts";
import { isDiskFull, refusalOfRoom } from "../quota/index.ts";
import type { OpenRepository, StoredObject } from "../repository/index.ts";
import { NoSpaceError, RequestError, TooLargeError } from "../request/index.ts";
import type { RepositoryRequest } from "./answer-repository-request.ts";
import { readBody } from "./transfer.ts";

/** Takes an object: refused before its body is read where that can be known, else stored. Throws RequestError. */
export async function receiveUpload(
  { request, response, grant, context }: RepositoryRequest,
  repository: OpenRepository,
  object: StoredObject,
): Promise<void> {
  const sizeBytes = lengthOf(request.headers["content-length"]);
  if (sizeBytes !== null && sizeBytes > context.maxObjectBytes)
    throw new TooLargeError(`an object has at most ${context.maxObjectBytes} bytes, this one ${sizeBytes}`);
  // The caller drains the body.
  if (await isStored(repository, object, sizeBytes)) return;

  const quotaBytes = grant.quotaBytes ?? context.defaultQuotaBytes;
  context.quotas.set(repository.name, quotaBytes);
  const mayDelete = grant.verbs.includes("delete") || grant.verbs.includes("maintain");

  /** Looks whether there is room, and takes it. Nothing happens between the two: uploads at the same time cannot take the same room. */
  async function takeRoom(bytes: number): Promise<() => void> {
    const freeBytes = await context.freeSpace.freeBytes();
    if (quotaBytes > 0) await repository.usage.count();
    const usage = repository.usage.current();
    const refusal = refusalOfRoom({
      type: object.type,
      sizeBytes: bytes,
      mayDelete,
      quotaBytes,
      usedBytes: (usage?.bytes ?? 0) + repository.usage.incomingBytes,
      trashBytes: usage?.trashBytes ?? 0,
      freeBytes,
      reserveBytes: context.freeSpace.reserveBytes,
    });
    if (refusal !== null) throw new NoSpaceError(refusal);
    const releases = [repository.usage.reserve(bytes), context.freeSpace.reserve(bytes)];
    return () => {
      for (const release of releases) release();
    };
  }

  const leave = await context.uploads.enter();
  const taken: (() => void)[] = [];
  const releaseRoom = () => {
    for (const release of taken.splice(0)) release();
  };
  let event: PreparedEvent | null = null;
  try {
    taken.push(await takeRoom(sizeBytes ?? 0));
    if (object.type === "locks" || (object.type === "index" && mayDelete)) await context.freeSpace.makeRoom();
    if (request.headers.expect !== undefined) response.writeContinue();
    // Of a body without a length room is taken as it grows.
    let grownBytes = 0;
    const beforeWrite = async (soFar: number) => {
      if (sizeBytes === null) taken.push(await takeRoom(soFar - grownBytes));
      grownBytes = soFar;
    };
    await storeObject(repository, object, readBody(request, context, context.connectionLimits(request.socket)), {
      temporaries: context.layout.temporaries,
      maxBytes: context.maxObjectBytes,
      beforeWrite,
      releaseRoom,
      now: context.now,
      uptimeMs: () => context.clock.uptimeMs(),
      onSnapshot: async (snapshot) => {
        event = await context.prepareEvent(eventOf(snapshot));
      },
    });
    await confirm(event);
  } catch (error) {
    await cancel(event);
    if (isDiskFull(error)) throw new NoSpaceError("the disk is full");
    throw error;
  } finally {
    releaseRoom();
    leave();
  }
}

// The compiler follows no assignment made in a callback, so that these take what it believes to be null.
const confirm = async (event: PreparedEvent | null): Promise<void> => event?.confirm();
const cancel = async (event: PreparedEvent | null): Promise<void> => event?.cancel();

function lengthOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  const length = Number(header);
  if (!Number.isSafeInteger(length)) throw new RequestError(400, "MYCLOUD_INPUT", "the content-length makes no sense");
  return length;
}

function eventOf({ repository, id, sizeBytes, receivedAtMs, sequence }: NewSnapshot): StorageEvent {
  return { type: "snapshot", id: randomUUID(), repository, snapshot: id, sizeBytes, receivedAtMs, sequence };
}
