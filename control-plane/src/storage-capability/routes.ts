import { StorageKeys } from "@mycloud/protocol/storage-server";
import { forEveryone, type Route, route } from "../http/route.ts";
import type { StorageSigner } from "./storage-signer.ts";

/** What storage servers verify our tokens with. */
export function createStorageKeyRoutes(signer: Pick<StorageSigner, "publicKeys">): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/storage-keys",
      summary: "Public keys of the tokens that storage servers get from us (JWK set)",
      access: forEveryone,
      answer: StorageKeys,
      handle: () => signer.publicKeys(),
    }),
  ];
}
