import { hostname } from "node:os";
import { StorageKeys, StorageServerInput } from "@mycloud/protocol/storage-server";
import { z } from "zod";
import { type ApiClient, listAll, parseAnswer } from "../client/index.ts";
import { writeFileAtomically } from "../state-directory/index.ts";
import { type RoleContext, storageKeysFile } from "./roles.ts";

/** The storage server that `mycloud up` runs, as policies name it. */
const ownName = "local";

/** Keeps the public keys of the control plane's tokens where the storage server reads them, at every start and whenever they change. */
export async function keepStorageKeys(context: RoleContext, client: ApiClient): Promise<void> {
  const keys = parseAnswer(StorageKeys, await client.request("GET", "/api/v1/storage-keys"));
  await writeFileAtomically(storageKeysFile(context.settings), `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o644 });
}

const StoredServer = StorageServerInput.extend({ id: z.number().int() });

/** Tells the control plane of this storage server, so that policies can go to it; an address that somebody gave it by hand is left. */
export async function announceStorage(client: ApiClient, url: string): Promise<void> {
  const path = "/api/v1/storage-servers";
  const { rows } = await listAll(client, path, { limit: 1000 });
  const servers = rows.map((row) => parseAnswer(StoredServer, row));
  const own = servers.find(({ name }) => name === ownName);
  if (own === undefined) {
    const isDefault = !servers.some((server) => server.isDefault);
    await client.request("POST", path, {
      body: { name: ownName, url, isDefault, host: hostname() } satisfies z.input<typeof StorageServerInput>,
    });
    return;
  }
  const { id, ...server } = own;
  if ((server.url === url && server.host !== null) || !isOwnAddress(server.url)) return;
  await client.request("PUT", `${path}/${id}`, { body: { ...server, url, host: server.host ?? hostname() } });
}

/** Whether an address is of this machine alone, as `up` announces them. */
function isOwnAddress(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
