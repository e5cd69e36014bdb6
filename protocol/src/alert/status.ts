import { z } from "zod";

/** GET /api/v2/status, as Alertmanager answers it. */
export const AlertmanagerStatus = z.object({
  cluster: z.object({
    name: z.string(),
    status: z.enum(["ready", "settling", "disabled"]),
    peers: z.array(z.object({ name: z.string(), address: z.string() })),
  }),
  config: z.object({ original: z.string() }),
  uptime: z.string(),
  versionInfo: z.object({
    version: z.string(),
    revision: z.string(),
    branch: z.string(),
    buildUser: z.string(),
    buildDate: z.string(),
    goVersion: z.string(),
  }),
});
export type AlertmanagerStatus = z.infer<typeof AlertmanagerStatus>;
