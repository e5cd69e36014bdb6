import { resourceKinds } from "@mycloud/protocol/resource";
import { z } from "zod";

/** Kinds in a query: `Check,Service`. */
export const KindList = z
  .string()
  .transform((list) => list.split(",").filter((name) => name !== ""))
  .pipe(z.array(z.enum(resourceKinds)));
