import { TsigKeyCreated, TsigKeyRequest } from "@mycloud/protocol/dns-zone";
import { newTsigSecret, saveDefinition } from "../definition/store.ts";
import { ConflictError } from "../error/index.ts";
import { forStaffOperators, type Route, route } from "../http/route.ts";
import type { Sealer } from "../sealing/index.ts";
import type { ZoneDependencies } from "./change-zone.ts";

/** Makes TSIG keys: the only place where a secret is shown, once. Everything else about them is a stored definition's. */
export function createKeyRoutes({
  database,
  audit,
  changes,
  sealer,
  now,
}: Pick<ZoneDependencies, "database" | "audit" | "changes" | "now"> & { readonly sealer: Sealer }): Route[] {
  return [
    route({
      method: "post",
      path: "/api/v1/dns/keys",
      summary: "Make a TSIG key with a new secret, which is shown this once",
      access: forStaffOperators,
      body: TsigKeyRequest,
      answer: TsigKeyCreated,
      handle: async ({ actor, body: { name, algorithm, replace } }) => {
        const secret = newTsigSecret();
        const made = await database.transaction(async (tx) => {
          const known = await tx
            .selectFrom("definition")
            .select("id")
            .where("kind", "=", "TsigKey")
            .where("name", "=", name)
            .executeTakeFirst();
          if (known !== undefined && !replace) {
            const issues = [{ field: "name", value: name, message: "is taken" }];
            throw new ConflictError(`there is a TSIG key ${name} already; replace it to give it a new secret`, issues);
          }
          const input = { name, algorithm, secret };
          const id = await saveDefinition(tx, database.dialect, sealer, "TsigKey", known?.id ?? null, input, now());
          await audit.record(tx, {
            ...{ actor, action: known === undefined ? "TSIG-key.create" : "TSIG-key.replace" },
            ...{ resourceKind: "TSIG-key", resourceId: id, resourceName: name, after: { name, algorithm } },
          });
          return { id, name, algorithm, secret };
        });
        changes.publish("definitions", null);
        return made;
      },
    }),
  ];
}
