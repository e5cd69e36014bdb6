import { MailKind } from "@mycloud/protocol/account";
import { z } from "zod";

/** What one mail says. Instants are ms UTC, shown in the reader's zone. */
export const MailContent = z.object({
  subject: z.string(),
  /** Sentences, a paragraph each. */
  paragraphs: z.array(z.string()),
  /** Facts below them: what, when, from where. */
  details: z.array(z.tuple([z.string(), z.union([z.string(), z.object({ atMs: z.number() })])])),
  /** What to do: a button and, in the text part, an address. `path` is a page of the console: `/#/link/...`. */
  action: z.object({ text: z.string(), path: z.string() }).nullable(),
  /** Null: it says that the account was changed, and is always sent. */
  kind: MailKind.nullable(),
});
export type MailContent = z.infer<typeof MailContent>;
