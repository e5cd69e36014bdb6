import { join } from "node:path";
import { freePort, startMycloud, waitFor } from "../../test/support/index.ts";

/** A `mycloud storage` on loopback, without authentication and scrubbing: what is measured is the way there and back. */
export interface RunningStorage {
  readonly pid: number;
  /** The repository of this name, as `--repo` takes it, and where it lies on disk. */
  repository(name: string): { readonly location: string; readonly directory: string };
  stop(): Promise<void>;
}

/** Starts one whose repositories lie below `directory`; resolves when it answers. */
export async function startStorage(directory: string): Promise<RunningStorage> {
  const port = await freePort();
  const server = startMycloud(
    ["storage", "serve", "--state-dir", directory, "--listen", `127.0.0.1:${port}`, "--no-auth", "--scrub-rate", "0"],
    { env: { MYCLOUD_LOG_LEVEL: "warn" } },
  );
  await waitFor(() => fetch(`http://127.0.0.1:${port}/`).then(() => true), 20_000, "the storage server to answer");
  return {
    pid: server.pid,
    repository: (name) => ({
      location: `rest:http://127.0.0.1:${port}/${name}/`,
      directory: join(directory, "repositories", name),
    }),
    stop: async () => {
      await server.stop();
    },
  };
}
