import { RemoteWriteQueue } from "@mycloud/protocol/host-metrics";
import { z } from "zod";
import { forStaffViewers, type Route, route } from "../http/route.ts";

/** How remote writes fare. */
export function createRemoteWriteRoutes({ queues }: { readonly queues: () => readonly RemoteWriteQueue[] }): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/remote-write-queues",
      summary: "What waits for each remote write, and what became of the rest since this control plane started",
      access: forStaffViewers,
      answer: z.object({ data: z.array(RemoteWriteQueue) }),
      handle: async () => ({ data: queues() }),
    }),
  ];
}
