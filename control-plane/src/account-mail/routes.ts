import { Unsubscribed, UnsubscribeRequest } from "@mycloud/protocol/account";
import { z } from "zod";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forEveryone, type Route, route } from "../http/route.ts";
import { savePreferences } from "./preference-store.ts";
import type { UnsubscribeSecrets } from "./unsubscribe-secret.ts";

export interface UnsubscribeRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly secrets: UnsubscribeSecrets;
}

/** Turning one kind of mail off with what the mail carries, without signing in. */
export function createUnsubscribeRoutes({ database, audit, secrets }: UnsubscribeRoutesDependencies): Route[] {
  async function unsubscribe(actor: Actor, secret: string): Promise<Unsubscribed> {
    const read = secrets.read(secret);
    return await database.transaction(async (tx) => {
      const user =
        read === null
          ? undefined
          : await tx.selectFrom("user").select(["id", "email"]).where("id", "=", read.userId).executeTakeFirst();
      if (read === null || user === undefined) throw new NotFoundError("this link is not one of ours");
      await savePreferences(tx, database.dialect, user.id, [{ kind: read.kind, isWanted: false }]);
      const resource = { resourceKind: "user", resourceId: user.id, resourceName: user.email };
      await audit.record(tx, { actor, action: "user.unsubscribe", ...resource, after: { kind: read.kind } });
      return { kind: read.kind, email: user.email };
    });
  }

  return [
    route({
      method: "post",
      path: "/api/v1/unsubscriptions",
      summary: "Turn a kind of mail off, with what the link at the end of one carries",
      access: forEveryone,
      body: UnsubscribeRequest,
      answer: Unsubscribed,
      maximumBodyBytes: 4096,
      handle: ({ actor, body }) => unsubscribe(actor, body.secret),
    }),
    route({
      // Mail programs post a form here (RFC 8058 §3.2); what it says is always the same, so it is not read.
      method: "post",
      path: "/api/v1/unsubscriptions/:secret",
      summary: "The same, as mail programs do it (RFC 8058)",
      access: forEveryone,
      params: z.object({ secret: z.string().max(256) }),
      bodyKind: "raw",
      answer: Unsubscribed,
      handle: ({ actor, params }) => unsubscribe(actor, params.secret),
    }),
  ];
}
