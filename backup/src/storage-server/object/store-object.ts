import { randomBytes } from "node:crypto";
import { link, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncDirectory, writeFileDurably } from "../../durable-file/index.ts";
import { reachFaultPoint } from "../../fault-point/index.ts";
import { Hold, isAtLeastAsLong } from "../hold/hold.ts";
import { type OpenRepository, relativePathOf, type StoredObject } from "../repository/index.ts";
import type { Arrival } from "../repository/snapshot-order.ts";
import { BadRequestError, ConflictError, MissingError } from "../request/request-error.ts";
import { makeDirectory, moveToTrash } from "../trash/index.ts";
import { hashFile } from "./hash-file.ts";
import { type ReceivedBody, receiveBody } from "./receive-body.ts";

/** What storing an object needs besides its bytes. */
export interface StoreContext {
  /** Directory of uploads under way, on the file system of the repositories. */
  readonly temporaries: string;
  readonly maxBytes: number;
  /** Asked before each write with the bytes so far; throws when there is no room. */
  readonly beforeWrite: (soFarBytes: number) => Promise<void>;
  /** Called when the bytes count as stored, so that they do not count as coming any more. */
  readonly releaseRoom: () => void;
  /** Unix time in ms. */
  readonly now: () => number;
  readonly uptimeMs: () => number;
  /** Called when a snapshot has its place and is about to appear; what it makes durable is so before the snapshot is. */
  readonly onSnapshot: (snapshot: NewSnapshot) => Promise<void>;
}

/** A snapshot that has just come. */
export interface NewSnapshot extends Arrival {
  readonly repository: string;
  readonly sizeBytes: number;
}

const maximumHoldBytes = 64 * 1024;

/** Whether an object of this name and size is there, so that storing it again is needless. A size that differs is damage. */
export async function isStored(
  repository: OpenRepository,
  object: StoredObject,
  sizeBytes: number | null,
): Promise<boolean> {
  if (object.type === "config" || object.type === "holds") return false;
  const path = repository.layout.object(object);
  const info = await stat(path).catch(() => null);
  if (info === null || (sizeBytes !== null && info.size !== sizeBytes)) return false;
  // The upload before may have died between the rename and this: saying "stored" must be true after a power cut too.
  await syncDirectory(dirname(path));
  return true;
}

/**
 * Stores an object from a stream: checked against its name, durable and whole when it resolves, absent when it throws (BadRequestError
 * for content that is not what the name says, ConflictError for another config). Returns the bytes received.
 */
export async function storeObject(
  repository: OpenRepository,
  object: StoredObject,
  body: AsyncIterable<Uint8Array>,
  context: StoreContext,
): Promise<ReceivedBody> {
  const temporary = join(context.temporaries, randomBytes(12).toString("hex"));
  const maxBytes = object.type === "holds" ? Math.min(maximumHoldBytes, context.maxBytes) : context.maxBytes;
  try {
    const received = await receiveBody(temporary, body, { maxBytes, beforeWrite: context.beforeWrite });
    await check(object, received, temporary);
    await repository.mutex.run(relativePathOf(object), () => place(repository, object, received, temporary, context));
    return received;
  } finally {
    // Renamed or linked to its place by now, else to go.
    await unlink(temporary).catch(() => undefined);
  }
}

async function check({ type, name }: StoredObject, { sha256 }: ReceivedBody, path: string): Promise<void> {
  if (type === "config") return;
  if (type !== "holds") {
    if (sha256 === name) return;
    throw new BadRequestError(`the content has the SHA-256 ${sha256}, the name is ${name}; nothing was stored`);
  }
  const hold = Hold.safeParse(await readFile(path, "utf8").then(parseJson));
  if (!hold.success) throw new BadRequestError("a hold is JSON with snapshot, reason, untilMs, createdAtMs, createdBy");
  if (hold.data.snapshot !== name) throw new BadRequestError("a hold is named by the snapshot it holds");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function place(
  repository: OpenRepository,
  object: StoredObject,
  received: ReceivedBody,
  temporary: string,
  context: StoreContext,
): Promise<void> {
  const path = repository.layout.object(object);
  const before = await stat(path).catch(() => null);
  if (object.type === "config") return placeConfig(repository, received, temporary, context);
  if (before !== null && before.size === received.sizeBytes && object.type !== "holds") {
    // Another upload of the same came first.
    await syncDirectory(dirname(path));
    return;
  }
  if (object.type === "holds" && before !== null) await refuseWeakerHold(path, temporary);
  if (object.type === "snapshots") {
    const arrival = await repository.order.add(object.name, context.now());
    await context.onSnapshot({ ...arrival, repository: repository.name, sizeBytes: received.sizeBytes });
  }
  await renameInto(temporary, path, repository);
  reachFaultPoint("storage/upload-renamed");
  await syncDirectory(dirname(path));
  reachFaultPoint("storage/upload-directory-synced");
  if (before !== null) repository.usage.removed(object.type, before.size, false);
  context.releaseRoom();
  repository.usage.added(object.type, received.sizeBytes);
  await heal(repository, object, context.uptimeMs());
}

// Ending a hold early takes another verb than making one: it must not be had by writing a shorter one over it.
async function refuseWeakerHold(path: string, temporary: string): Promise<void> {
  const [present, fresh] = await Promise.all([path, temporary].map((each) => readFile(each, "utf8")));
  if (!isAtLeastAsLong(fresh ?? "", present ?? ""))
    throw new ConflictError("the snapshot is held for longer already; a hold is only shortened by removing it");
}

// A repository that was copied here by hand may lack a directory of packs; one that has just been deleted stays deleted.
async function renameInto(temporary: string, path: string, { name, layout }: OpenRepository): Promise<void> {
  try {
    await rename(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    if ((await stat(layout.typeDirectory("keys")).catch(() => null)) === null)
      throw new MissingError(`there is no repository "${name}" any more`);
    await makeDirectory(dirname(path));
    await rename(temporary, path);
  }
}

// `config` has no hash for a name: the first one stays, and the same again is no mistake but a repeated request.
async function placeConfig(
  repository: OpenRepository,
  received: ReceivedBody,
  temporary: string,
  context: StoreContext,
): Promise<void> {
  const object = { type: "config", name: "" } as const;
  const path = repository.layout.object(object);
  const { sha256, sizeBytes } = received;
  const present = await hashFile(path).catch(() => null);
  const recorded = await readConfigRecord(repository);
  if (present !== null && present.sha256 !== sha256) {
    // A damaged config may be replaced by the one that was there, and by nothing else.
    if (!repository.wanted.has(object) || recorded !== sha256)
      throw new ConflictError("the repository has a config already");
    await moveToTrash(path, repository.layout.trash, object, context.uptimeMs());
    repository.usage.removed("config", present.sizeBytes, true);
  }
  if (present === null || present.sha256 !== sha256) {
    await link(temporary, path);
    reachFaultPoint("storage/upload-renamed");
    repository.usage.added("config", sizeBytes);
  }
  await syncDirectory(dirname(path));
  if (recorded !== sha256) {
    await makeDirectory(repository.layout.records);
    const record = JSON.stringify({ sha256, sizeBytes, receivedAtMs: context.now() });
    await writeFileDurably(repository.layout.configRecordFile, Buffer.from(record));
  }
  await repository.wanted.remove(object);
}

/** The SHA-256 that `config` had when it came; null when that is not known. */
export async function readConfigRecord(repository: OpenRepository): Promise<string | null> {
  const text = await readFile(repository.layout.configRecordFile, "utf8").catch(() => "");
  const record = parseJson(text);
  const isRecord = typeof record === "object" && record !== null && "sha256" in record;
  return isRecord && typeof record.sha256 === "string" ? record.sha256 : null;
}

// What was missing has come: off the list first, so that a crash leaves a stray quarantined file rather than a good one taken for bad.
async function heal(repository: OpenRepository, object: StoredObject, uptimeMs: number): Promise<void> {
  if (!repository.wanted.has(object)) return;
  await repository.wanted.remove(object);
  const quarantined = join(repository.layout.quarantine, object.type, object.name);
  const info = await stat(quarantined).catch(() => null);
  if (info === null) return;
  await moveToTrash(quarantined, repository.layout.trash, object, uptimeMs);
  repository.usage.removed(object.type, info.size, true);
}
