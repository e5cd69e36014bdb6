import { z } from "zod";
import { CommandError } from "../command-line/index.ts";
import type { ApiClient } from "./api-client.ts";

const Page = z.object({ data: z.array(z.unknown()), total: z.number().int() });
const pageSize = 1000;

export interface ListRequest {
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly sort?: string;
  readonly order?: "ASC" | "DESC";
  /** At most this many; infinity reads every page. */
  readonly limit: number;
}

/** Reads a list page by page up to `limit` rows; `total` is how many the filter matches. Filter keys that are undefined are left out. */
export async function listAll(
  client: ApiClient,
  path: string,
  request: ListRequest,
): Promise<{ rows: unknown[]; total: number }> {
  const filter = Object.fromEntries(Object.entries(request.filter ?? {}).filter(([, value]) => value !== undefined));
  const rows: unknown[] = [];
  // One page size for all pages: pages of different sizes would overlap.
  const perPage = Math.min(pageSize, request.limit);
  for (let page = 1; ; page++) {
    const answer = await client.request("GET", path, {
      query: {
        page: String(page),
        perPage: String(perPage),
        sort: request.sort,
        order: request.order,
        filter: Object.keys(filter).length > 0 ? JSON.stringify(filter) : undefined,
      },
    });
    const parsed = parseAnswer(Page, answer);
    rows.push(...parsed.data);
    if (rows.length >= Math.min(request.limit, parsed.total) || parsed.data.length === 0) {
      return { rows: rows.slice(0, request.limit), total: parsed.total };
    }
  }
}

/** Checks an answer against its schema; throws CommandError when server and client do not understand each other. */
export function parseAnswer<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue ? ` (${issue.path.join(".")}: ${issue.message})` : "";
  throw new CommandError(
    "failed",
    `the control plane's answer is not understood; its version may differ from this one's${where}`,
  );
}
