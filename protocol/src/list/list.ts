import { z } from "zod";

/** Query of every list: 1-based `page`, `perPage` 1 to 1000, `sort` a field of the resource, `filter` a JSON object. */
export const ListQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  perPage: z.coerce.number().int().min(1).max(1000).default(50),
  sort: z.string().max(64).optional(),
  order: z.enum(["ASC", "DESC"]).default("ASC"),
  filter: z.string().max(16_384).optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

/** Answer of every list: one page, and how many rows the filter matches in all. */
export function listAnswer<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), total: z.number().int() });
}
export interface ListAnswer<Item> {
  data: Item[];
  total: number;
}

/** Filter keys that every list takes: `id` (one or many, as react-admin's getMany asks) and `q`, words to look for. */
export const baseFilter = {
  id: z.union([z.number().int(), z.array(z.number().int()).max(1000)]).optional(),
  q: z.string().max(200).optional(),
};
