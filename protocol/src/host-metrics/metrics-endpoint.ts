import { z } from "zod";

/** Where an agent answers scrapes, as its keepalive tells: on its host's address. */
export const MetricsEndpoint = z.object({
  port: z.number().int().min(1).max(65_535),
  scheme: z.enum(["http", "https"]),
});
export type MetricsEndpoint = z.infer<typeof MetricsEndpoint>;
