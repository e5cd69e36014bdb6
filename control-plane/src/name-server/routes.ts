import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import {
  NameServer,
  NameServerFilter,
  NameServerStatus,
  NameServerStatusQuery,
  NameServerStreamQuery,
  UpdateAnswer,
  UpdateRelay,
} from "@mycloud/protocol/name-server";
import type { Logger } from "pino";
import { z } from "zod";
import type { ZoneDependencies } from "../dns-zone/change-zone.ts";
import { parseZoneName } from "../dns-zone/zone-name.ts";
import { NotFoundError } from "../error/index.ts";
import { begin, writePiece } from "../http/answer-in-pieces.ts";
import { IdParams } from "../http/id-params.ts";
import { type Access, forStaffOperators, forStaffViewers, type Route, route } from "../http/route.ts";
import type { NameServerStreams } from "./name-server-streams.ts";
import { deleteNameServer, findNameServer, listNameServers, saveStatus } from "./status-store.ts";
import { takeUpdate } from "./take-update.ts";
import { writeZoneFeed } from "./zone-feed.ts";

/** Their tokens and nobody else: what they are told holds the secrets of keys. */
const forNameServers: Access = { kind: "tokenScope", tokenScope: "name-server", orRole: null };
/** The status of a hundred thousand zones. */
const maximumStatusBytes = 64 * 1024 * 1024;

export interface NameServerRoutesDependencies extends ZoneDependencies {
  readonly streams: NameServerStreams;
  /** Told of each status, once it is stored. */
  readonly noteStatus: (name: string, status: NameServerStatus, nowMs: number) => void;
  readonly logger: Logger;
}

/** What name servers call, and how people see them. */
export function createNameServerRoutes(dependencies: NameServerRoutesDependencies): Route[] {
  const { database, audit, changes, streams, noteStatus, logger, now } = dependencies;
  const { db, dialect } = database;
  return [
    route({
      method: "get",
      path: "/api/v1/name-server/stream",
      summary: "What a name server is told, and which zones changed, as server-sent events",
      access: forNameServers,
      query: NameServerStreamQuery,
      answerKind: "stream",
      handle: async ({ query, response }) => await streams.open(query.settings, response),
    }),
    route({
      method: "get",
      path: "/api/v1/name-server/zones/:name",
      summary: "A zone as it is published, or the steps from a serial to it, as lines of JSON",
      access: forNameServers,
      params: z.object({ name: z.string().min(1).max(1004) }),
      query: z.object({
        view: z.string().max(128).optional(),
        from: z.coerce.number().int().min(0).max(0xffff_ffff).optional(),
      }),
      answerKind: "stream",
      handle: async ({ params, query, response }) => {
        const reference = { name: parseZoneName(params.name).text, view: query.view ?? null };
        await writeZoneFeed({ database, logger }, reference, query.from, async (line) => {
          if (!response.headersSent) begin(response, "application/x-ndjson");
          await writePiece(response, `${JSON.stringify(line)}\n`);
        });
        response.end();
      },
    }),
    route({
      method: "post",
      path: "/api/v1/name-server/updates",
      summary: "Pass an UPDATE message on (RFC 2136); answered after its change is committed",
      access: forNameServers,
      body: UpdateRelay,
      answer: UpdateAnswer,
      handle: async ({ actor, body }) => await takeUpdate(dependencies, actor, body),
    }),
    route({
      method: "post",
      path: "/api/v1/name-server/status",
      summary: "Say how a name server is",
      access: forNameServers,
      query: NameServerStatusQuery,
      body: NameServerStatus,
      maximumBodyBytes: maximumStatusBytes,
      handle: async ({ actor, query, body }) => {
        const from = { tokenId: Number(actor.id), name: query.name ?? actor.name };
        await saveStatus(db, dialect, from, body, now());
        noteStatus(from.name, body, now());
        changes.publish("name-servers", null);
        return undefined;
      },
    }),
    route({
      method: "get",
      path: "/api/v1/dns/name-servers",
      summary: "List name servers as they were heard of last",
      access: forStaffViewers,
      query: ListQuery,
      filter: NameServerFilter,
      answer: listAnswer(NameServer),
      handle: ({ query }) => listNameServers(db, query, now()),
    }),
    route({
      method: "delete",
      path: "/api/v1/dns/name-servers/:id",
      summary: "Forget a name server; one that is still there comes back",
      access: forStaffOperators,
      params: IdParams,
      answer: NameServer,
      handle: async ({ actor, params: { id } }) => {
        const before = await database.transaction(async (tx) => {
          const known = await findNameServer(tx, id, now());
          if (known === null) throw new NotFoundError(`there is no name server ${id}`);
          await deleteNameServer(tx, id);
          const named = { resourceKind: "name-server", resourceId: id, resourceName: known.name };
          await audit.record(tx, { actor, action: "name-server.delete", ...named, before: { name: known.name } });
          return known;
        });
        changes.publish("name-servers", null);
        return before;
      },
    }),
  ];
}
