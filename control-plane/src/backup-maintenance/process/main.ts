// The process that maintains one repository and ends, so that neither its memory nor a crash takes the control plane down. It ends with the channel
// to the control plane: killed in the middle, it leaves a whole repository behind, and a lock that says whose it was.
import { setPriority } from "node:os";
import { type Backend, openBackend } from "@mycloud/backup/backend";
import { openRepository, type Repository } from "@mycloud/backup/repository";
import { examineObjects } from "./examine-objects.ts";
import { holdSnapshots, releaseSnapshots } from "./hold-snapshots.ts";
import { type FromProcess, type MaintenanceResult, type MaintenanceTask, ToProcess } from "./message.ts";
import { retain } from "./retain.ts";

/** Everything else on the machine goes first. */
const niceness = 10;

const stopping = new AbortController();
let firstToken: string | undefined;
let waitingForToken: PromiseWithResolvers<string> | undefined;

process.on("disconnect", () => {
  stopping.abort(new Error("the control plane is gone"));
  setTimeout(() => process.exit(1), 5_000).unref();
});
// `restic unlock` asks with this signal whether a lock's owner is there; it must not end it.
process.on("SIGHUP", () => undefined);
process.on("message", (message) => {
  const told = ToProcess.safeParse(message);
  if (!told.success) return;
  if (told.data.kind === "start") void work(told.data);
  else if (told.data.kind === "stop") stopping.abort(new Error("stopped"));
  else {
    waitingForToken?.resolve(told.data.token);
    waitingForToken = undefined;
  }
});

async function work(task: MaintenanceTask): Promise<void> {
  firstToken = task.token;
  try {
    setPriority(niceness);
  } catch {
    // A container may not allow it.
  }
  let end: FromProcess;
  try {
    end = { kind: "done", result: await maintain(task) };
  } catch (error) {
    end = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
  await tell(end);
  process.disconnect?.();
}

async function maintain({ location, certificateAuthority, work: wanted }: MaintenanceTask): Promise<MaintenanceResult> {
  const { signal } = stopping;
  const backend = await openBackend(location, {
    readCredentials: async () => ({ token: await nextToken() }),
    ...(certificateAuthority === null ? {} : { certificateAuthority }),
  });
  try {
    switch (wanted.kind) {
      case "hold":
        return await holdSnapshots(backend, wanted.except, wanted.reason, Date.now(), signal);
      case "release":
        return await releaseSnapshots(backend, signal);
      case "retention":
        return await withRepository(backend, wanted.password, (repository) =>
          retain(repository, wanted.retention, Date.now, signal),
        );
      case "examine":
        return await withRepository(backend, wanted.password, (repository) =>
          examineObjects(repository, wanted.objects, signal),
        );
    }
  } finally {
    await backend.close().catch(() => undefined);
  }
}

async function withRepository(
  backend: Backend,
  password: string,
  use: (repository: Repository) => Promise<MaintenanceResult>,
): Promise<MaintenanceResult> {
  const repository = await openRepository(backend, password, {
    cacheDirectory: null,
    now: Date.now,
    signal: stopping.signal,
  });
  try {
    return await use(repository);
  } finally {
    await repository.close();
  }
}

/** The first one comes with the task; each further is asked for, since the one before was refused. */
async function nextToken(): Promise<string> {
  if (firstToken !== undefined) {
    const token = firstToken;
    firstToken = undefined;
    return token;
  }
  waitingForToken ??= Promise.withResolvers<string>();
  const { promise } = waitingForToken;
  await tell({ kind: "token-wanted" });
  return await promise;
}

function tell(message: FromProcess): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
}
