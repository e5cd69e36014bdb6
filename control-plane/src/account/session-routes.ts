import { OwnSessions } from "@mycloud/protocol/account";
import { z } from "zod";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import type { SessionCookie } from "../http/session-cookie.ts";
import { deleteSessionsOfUser, hashSecret } from "../session/index.ts";
import { ownIdOf, ownResource } from "./own-user.ts";

export interface OwnSessionRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly cookie: SessionCookie;
  readonly now: () => number;
}

/** The first characters of the stored hash: enough to tell one's own sessions apart, and nothing to sign in with. */
const shownCharacters = 16;
const OwnSessionId = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/, "is no session's id") });

/** Where one is signed in, and ending that. */
export function createOwnSessionRoutes({ database, audit, cookie, now }: OwnSessionRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/account/sessions",
      summary: "List one's own sessions",
      access: forViewers,
      answer: OwnSessions,
      handle: async ({ actor, request }) => {
        const secret = cookie.read(request);
        const present = secret === null ? null : hashSecret(secret);
        const rows = await database.db
          .selectFrom("session")
          .selectAll()
          .where("user_id", "=", ownIdOf(actor))
          .where("expires_at_ms", ">", now())
          .orderBy("last_used_at_ms", "desc")
          .execute();
        return {
          sessions: rows.map((row) => ({
            id: row.id.slice(0, shownCharacters),
            isThis: row.id === present,
            address: row.address,
            userAgent: row.user_agent,
            createdAtMs: row.created_at_ms,
            lastUsedAtMs: row.last_used_at_ms,
            expiresAtMs: row.expires_at_ms,
          })),
        };
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/account/sessions/:id",
      summary: "End one of one's own sessions",
      access: forViewers,
      params: OwnSessionId,
      handle: async ({ actor, params }) => {
        const userId = ownIdOf(actor);
        await database.transaction(async (tx) => {
          const ended = await tx
            .deleteFrom("session")
            .where("user_id", "=", userId)
            .where("id", "like", `${params.id}%`)
            .executeTakeFirst();
          if (ended.numDeletedRows === 0n) throw new NotFoundError("this session has ended already");
          await audit.record(tx, { ...ownResource(actor), action: "session.end", after: { session: params.id } });
        });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/account/sessions/end-others",
      summary: "End all of one's own sessions but this one",
      access: forViewers,
      handle: async ({ actor, request }) => {
        const userId = ownIdOf(actor);
        await database.transaction(async (tx) => {
          await deleteSessionsOfUser(tx, userId, cookie.read(request));
          await audit.record(tx, { ...ownResource(actor), action: "session.end-others" });
        });
      },
    }),
  ];
}
