import {
  Acknowledgement,
  AcknowledgementFilter,
  AcknowledgementInput,
  BulkAnswer,
} from "@mycloud/protocol/acknowledgement";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import type { Acknowledgements } from "./acknowledge.ts";
import { listAcknowledgements } from "./store.ts";

export interface AcknowledgementRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly acknowledgements: Acknowledgements;
}

/** Whose acknowledgements are taken back. */
const RemovalInput = z
  .object({
    serviceIds: z.array(z.number().int()).max(1000).default([]),
    hostIds: z.array(z.number().int()).max(1000).default([]),
  })
  .refine((input) => input.serviceIds.length + input.hostIds.length > 0, {
    path: ["serviceIds"],
    message: "no host and no service given",
  });

/** Acknowledge problems, many at once: each on its own, so that one that recovered meanwhile does not stop the others. */
export function createAcknowledgementRoutes({
  database,
  acknowledgements,
}: AcknowledgementRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/acknowledgements",
      summary: "List acknowledgements, also ended ones",
      access: forViewers,
      query: ListQuery,
      filter: AcknowledgementFilter,
      answer: listAnswer(Acknowledgement),
      handle: ({ scope, query }) => listAcknowledgements(database.db, scope, query),
    }),
    route({
      method: "post",
      path: "/api/v1/acknowledgements",
      summary: "Acknowledge problems of hosts and services; what is no problem is refused, one by one",
      access: forOperators,
      body: AcknowledgementInput,
      answer: BulkAnswer,
      handle: ({ actor, scope, body }) => acknowledgements.acknowledge({ actor, scope }, body),
    }),
    route({
      method: "post",
      path: "/api/v1/acknowledgements/remove",
      summary: "Take acknowledgements back; problems nobody was told of are told then",
      access: forOperators,
      body: RemovalInput,
      answer: BulkAnswer,
      handle: ({ actor, scope, body }) => acknowledgements.remove({ actor, scope }, body),
    }),
  ];
}
