import { z } from "zod";

/** Flapping thresholds in percent of the 21-state window (Nagios: low_flap_threshold, high_flap_threshold). */
export const FlapDetection = z
  .object({
    isEnabled: z.boolean().default(true),
    lowPercent: z.number().min(0).max(100).default(20),
    highPercent: z.number().min(0).max(100).default(30),
  })
  .refine((flap) => flap.lowPercent <= flap.highPercent, "lowPercent is above highPercent");
export type FlapDetection = z.infer<typeof FlapDetection>;
