import { z } from "zod";

/**
 * Events of GET /api/v1/events (SSE, event name = `type`). They say what changed, not how: the page asks again for what it
 * shows. Many changes within a moment are one event with many ids; `ids` is null when there were too many to list.
 */
export const ConsoleEvent = z.object({
  type: z.enum([
    "services",
    "hosts",
    "machines",
    "state-changes",
    "definitions",
    "downtimes",
    "notifications",
    "enrolments",
    "service-proposals",
    "backup-runs",
    "restore-runs",
    "dns-zones",
    "name-servers",
    "overview",
  ]),
  ids: z.array(z.number().int()).max(500).nullable(),
  atMs: z.number().int(),
});
export type ConsoleEvent = z.infer<typeof ConsoleEvent>;
