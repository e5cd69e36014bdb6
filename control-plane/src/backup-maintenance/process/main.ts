// The process that maintains one repository and ends, so that neither its memory nor a crash takes the control plane down. It ends with the channel
// to the control plane: killed in the middle, it leaves a whole repository behind, and a lock that says whose it was.
import { type Backend, openBackend } from "@mycloud/backup/backend";
import { openRepository, type Repository } from "@mycloud/backup/repository";
import { serveTask, type TaskTools } from "@mycloud/backup/task-process";
import { examineObjects } from "./examine-objects.ts";
import { holdSnapshots, releaseSnapshots } from "./hold-snapshots.ts";
import { type MaintenanceResult, MaintenanceTask } from "./message.ts";
import { retain } from "./retain.ts";

serveTask(MaintenanceTask, maintain);

async function maintain(
  { location, certificateAuthority, work: wanted }: MaintenanceTask,
  { nextToken, signal }: TaskTools<never>,
): Promise<MaintenanceResult> {
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
        return await withRepository(backend, wanted.password, signal, (repository) =>
          retain(repository, wanted.retention, Date.now, signal),
        );
      case "examine":
        return await withRepository(backend, wanted.password, signal, (repository) =>
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
  signal: AbortSignal,
  use: (repository: Repository) => Promise<MaintenanceResult>,
): Promise<MaintenanceResult> {
  const repository = await openRepository(backend, password, { cacheDirectory: null, now: Date.now, signal });
  try {
    return await use(repository);
  } finally {
    await repository.close();
  }
}
