import { z } from "zod";
import { ResourceName } from "../name/index.ts";

/**
 * Fields that hosts, checks or passive services take over by naming it in `uses:`. Of several, the first that sets a field wins, and the
 * object's own fields win over all; maps (labels, variables) are joined key by key (`null` takes a key away), lists whose first entry is `+` add to the
 * inherited, and `null` where a field takes none is the field's default again.
 */
export const TemplateInput = z.object({
  name: ResourceName,
  for: z.enum(["Host", "Check", "Service"]),
  uses: z.array(ResourceName).max(20).default([]),
  spec: z.record(z.string().max(64), z.unknown()).default({}),
});
export type TemplateInput = z.infer<typeof TemplateInput>;
