import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { OwnerNameText, RrsetInput, RrsetSource } from "./rrset.ts";
import { RecordTypeText, ZoneSettings } from "./zone.ts";

/**
 * One wish of a change. `expectedRevision`: the RRset's revision that it was made of, null where there was none; the change is refused (412) when that is
 * not so any more. Left out: whatever is there.
 */
export const RrsetWish = z.discriminatedUnion("action", [
  z.strictObject({
    action: z.literal("set"),
    rrset: RrsetInput,
    expectedRevision: z.number().int().nullable().optional(),
  }),
  z.strictObject({
    action: z.literal("delete"),
    name: OwnerNameText,
    type: RecordTypeText,
    expectedRevision: z.number().int().nullable().optional(),
  }),
]);
export type RrsetWish = z.infer<typeof RrsetWish>;

/** POST /api/v1/dns/zones/ZONE/changes: all or nothing, one serial. */
export const ZoneChangeRequest = z.strictObject({
  changes: z.array(RrsetWish).min(1).max(10_000),
  /** Why; kept in the history. */
  comment: z.string().max(1000).default(""),
  /** Answers what would be, and changes nothing. */
  preview: z.boolean().default(false),
});
export type ZoneChangeRequest = z.infer<typeof ZoneChangeRequest>;
export type ZoneChangeRequestInput = z.input<typeof ZoneChangeRequest>;

/** POST .../changes/REVISION/undo: the opposite of that change; refused (409) when what it changed was changed since. */
export const ZoneUndoRequest = z.strictObject({
  comment: z.string().max(1000).default(""),
  preview: z.boolean().default(false),
});
export type ZoneUndoRequest = z.infer<typeof ZoneUndoRequest>;

/** How an RRset is changed: from nothing, to nothing, or both. */
export const RrsetDifference = z.strictObject({
  name: z.string(),
  type: z.string(),
  before: RrsetInput.omit({ name: true, type: true }).nullable(),
  after: RrsetInput.omit({ name: true, type: true }).nullable(),
});
export type RrsetDifference = z.infer<typeof RrsetDifference>;

/** How settings of a zone are changed. */
export const ZoneSettingsDifference = z.strictObject({ before: ZoneSettings, after: ZoneSettings });
export type ZoneSettingsDifference = z.infer<typeof ZoneSettingsDifference>;

/** Something about a zone that a person should know. An `error` that a change brings is why it is refused. */
export const ZoneFinding = z.strictObject({
  severity: z.enum(["error", "warning"]),
  /** For programs; stable. */
  code: z.string(),
  /** Absolute. */
  name: z.string(),
  type: z.string().nullable(),
  message: z.string(),
});
export type ZoneFinding = z.infer<typeof ZoneFinding>;

/** What a change, an undo or an import comes to. Of many differences the first 1,000 are there; `differenceCount` says how many they are. */
export const ZoneChangeAnswer = z.strictObject({
  isPreview: z.boolean(),
  /** After it; the present one where nothing changes. */
  revision: z.number().int(),
  serialBefore: z.number().int(),
  serial: z.number().int(),
  differences: z.array(RrsetDifference),
  differenceCount: z.number().int(),
  settings: ZoneSettingsDifference.nullable(),
  findings: z.array(ZoneFinding).max(1000),
});
export type ZoneChangeAnswer = z.infer<typeof ZoneChangeAnswer>;

/** POST .../import?mode=merge|replace&preview=true&create=true&comment=: the body is a zone file (RFC 1035 §5). Faults: nothing is changed. */
export const ZoneImportQuery = z.object({
  /** `merge`: RRsets of the file replace those of their name and type, others stay. `replace`: what the file does not have goes. */
  mode: z.enum(["merge", "replace"]).default("merge"),
  preview: z.enum(["true", "false"]).default("false"),
  comment: z.string().max(1000).default(""),
  /** `true`: a zone that is not there is made of the file: with its SOA record's timers, hostmaster, primary name server and a serial after its. */
  create: z.enum(["true", "false"]).default("false"),
});
export type ZoneImportQuery = z.infer<typeof ZoneImportQuery>;

export const ZoneImportAnswer = ZoneChangeAnswer.extend({
  /** What of the file cannot be read; at most 1,000. Lines from 1. */
  faults: z.array(z.strictObject({ line: z.number().int(), message: z.string() })),
  recordCount: z.number().int(),
  /** The zone is not there before: it is made of the file. */
  isNew: z.boolean(),
});
export type ZoneImportAnswer = z.infer<typeof ZoneImportAnswer>;

/** A change that was made: GET .../changes, newest first. */
export const ZoneHistoryEntry = z.strictObject({
  /** The zone's revision: its id within the zone. */
  id: z.number().int(),
  atMs: z.number().int(),
  /** Who: a person, a token, a TSIG key, a host. */
  author: z.string(),
  source: RrsetSource,
  comment: z.string(),
  /** The serial it was published with. */
  serial: z.number().int(),
  /** The revision that it undoes; null: none. */
  undoes: z.number().int().nullable(),
  differenceCount: z.number().int(),
  /** Whether its differences are kept; those of very large ones are not, and cannot be undone. */
  isKept: z.boolean(),
  /** Of a list the first 20, of a single one the first 1,000. */
  differences: z.array(RrsetDifference),
  settings: ZoneSettingsDifference.nullable(),
});
export type ZoneHistoryEntry = z.infer<typeof ZoneHistoryEntry>;

export const ZoneHistoryFilter = z.strictObject({
  ...baseFilter,
  author: z.string().max(255).optional(),
  source: RrsetSource.optional(),
  /** That changed RRsets of this name. */
  name: OwnerNameText.optional(),
});
export type ZoneHistoryFilter = z.infer<typeof ZoneHistoryFilter>;
