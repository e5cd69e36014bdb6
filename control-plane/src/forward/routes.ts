import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forStaffViewers, type Route, route } from "../http/route.ts";
import { findFigures } from "./queue-store.ts";

const Figures = z.object({
  forwardId: z.number().int(),
  waiting: z.number().int(),
  sent: z.number().int(),
  refused: z.number().int(),
  dropped: z.number().int(),
  lastSentAtMs: z.number().int().nullable(),
  lastError: z.string().nullable(),
});

/** How forwards fare. */
export function createForwardRoutes({ database }: { readonly database: ConnectedDatabase }): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/forward-queues",
      summary: "How many results wait for each forward, and what became of the others",
      access: forStaffViewers,
      answer: z.object({ data: z.array(Figures) }),
      handle: async () => ({ data: await findFigures(database) }),
    }),
  ];
}
