import { z } from "zod";
import { CheckInput } from "../check/index.ts";
import { ContactInput } from "../contact/index.ts";
import { type StoredKind, storedKinds, TemplateInput } from "../definition/index.ts";
import { ErrorBody } from "../error/index.ts";
import { HostInput } from "../host/index.ts";
import { ResourceName } from "../name/index.ts";
import { NotificationRuleInput, RecipientChange } from "../notification/index.ts";
import { PassiveServiceInput } from "../service/index.ts";
import { ZoneDefinition } from "./zone-definition.ts";

/**
 * Definitions as files: `mycloud apply -f DIR` reads YAML documents of this shape, `mycloud export` writes them. Other resources are
 * named by name, never by id.
 *
 * @example
 * kind: Check
 * name: disk
 * spec: { command: disk, arguments: [-w, "20%", -c, "10%"], selector: { labels: { os: linux } } }
 */
export const HostDefinition = z.object({
  kind: z.literal("Host"),
  name: HostInput.shape.name,
  spec: HostInput.omit({ name: true }).strict().prefault({}),
});
export const CheckDefinition = z.object({
  kind: z.literal("Check"),
  name: CheckInput.shape.name,
  spec: CheckInput.omit({ name: true }).strict(),
});
/** A passive service; its name is `host/service`. */
export const ServiceDefinition = z.object({
  kind: z.literal("Service"),
  name: PassiveServiceInput.shape.name,
  host: HostInput.shape.name,
  spec: PassiveServiceInput.omit({ name: true, hostId: true }).strict().prefault({}),
});
export const ContactDefinition = z.object({
  kind: z.literal("Contact"),
  name: ContactInput.shape.name,
  spec: ContactInput.omit({ name: true, userId: true }).strict(),
});
export const NotificationRuleDefinition = z.object({
  kind: z.literal("NotificationRule"),
  name: NotificationRuleInput.shape.name,
  spec: NotificationRuleInput.omit({ name: true, contactIds: true })
    .extend({ contacts: z.array(ContactInput.shape.name).max(200).default([]) })
    .strict(),
});

export const ResourceDefinition = z.discriminatedUnion("kind", [
  HostDefinition,
  CheckDefinition,
  ServiceDefinition,
  ContactDefinition,
  NotificationRuleDefinition,
  fileOf("TimePeriod", storedKinds.TimePeriod.input),
  fileOf("Dependency", storedKinds.Dependency.input),
  fileOf("HostGroup", storedKinds.HostGroup.input),
  fileOf("ServiceGroup", storedKinds.ServiceGroup.input),
  fileOf("ContactGroup", storedKinds.ContactGroup.input),
  fileOf("OnCallSchedule", storedKinds.OnCallSchedule.input),
  fileOf("RecurringDowntime", storedKinds.RecurringDowntime.input),
  fileOf("EventHandler", storedKinds.EventHandler.input),
  fileOf("Forward", storedKinds.Forward.input),
  fileOf("Template", storedKinds.Template.input),
  fileOf("StorageServer", storedKinds.StorageServer.input),
  fileOf("BackupPolicy", storedKinds.BackupPolicy.input),
  fileOf("LogSource", storedKinds.LogSource.input),
  fileOf("LogDestination", storedKinds.LogDestination.input),
  fileOf("LogSender", storedKinds.LogSender.input),
  fileOf("LogForward", storedKinds.LogForward.input),
  fileOf("MetricsPush", storedKinds.MetricsPush.input),
  fileOf("RemoteWrite", storedKinds.RemoteWrite.input),
  fileOf("SnmpCredential", storedKinds.SnmpCredential.input),
  fileOf("TrapRule", storedKinds.TrapRule.input),
  fileOf("TsigKey", storedKinds.TsigKey.input),
  fileOf("DnsRegistration", storedKinds.DnsRegistration.input),
  fileOf("DnsView", storedKinds.DnsView.input),
  fileOf("NameServerSettings", storedKinds.NameServerSettings.input),
  ZoneDefinition,
]);
export type ResourceDefinition = z.infer<typeof ResourceDefinition>;

/** A host, check or passive service as it is written when it takes fields from templates: `spec` has its own fields only. */
export const TemplatedDefinition = z.object({
  kind: TemplateInput.shape.for,
  name: z.string(),
  host: z.string().optional(),
  uses: z.array(ResourceName).min(1).max(20),
  spec: z.record(z.string().max(64), z.unknown()).default({}),
});
export type TemplatedDefinition = z.infer<typeof TemplatedDefinition>;
export const resourceKinds = [
  "Host",
  "Check",
  "Service",
  "Contact",
  "NotificationRule",
  "TimePeriod",
  "Dependency",
  "HostGroup",
  "ServiceGroup",
  "ContactGroup",
  "OnCallSchedule",
  "RecurringDowntime",
  "EventHandler",
  "Forward",
  "Template",
  "StorageServer",
  "BackupPolicy",
  "LogSource",
  "LogDestination",
  "LogSender",
  "LogForward",
  "MetricsPush",
  "RemoteWrite",
  "SnmpCredential",
  "TrapRule",
  "TsigKey",
  "DnsRegistration",
  "DnsView",
  "NameServerSettings",
  "Zone",
] as const satisfies readonly ResourceDefinition["kind"][];
export type ResourceKind = (typeof resourceKinds)[number];

/** A stored kind as a file: its name beside its specification. */
function fileOf<Kind extends StoredKind, Shape extends z.core.$ZodShape>(
  kind: Kind,
  input: z.ZodObject<Shape & { name: typeof ResourceName }>,
) {
  const { name: _, ...spec } = input.shape;
  return z.object({ kind: z.literal(kind), name: ResourceName, spec: z.strictObject(spec as Omit<Shape, "name">) });
}

/**
 * POST /api/v1/apply: all or nothing. Items are parsed one by one, so that every fault is reported at once, named by kind and name.
 * `prune` also deletes definitions of the kinds given that are not in the list.
 */
export const ApplyRequest = z.object({
  resources: z.array(z.unknown()).max(20_000),
  dryRun: z.boolean().default(false),
  prune: z.array(z.enum(resourceKinds)).default([]),
});
export type ApplyRequest = z.infer<typeof ApplyRequest>;

export const ResourceChange = z.object({
  kind: z.enum(resourceKinds),
  name: z.string(),
  action: z.enum(["create", "update", "delete", "unchanged"]),
  /** Fields that differ, with their values before and after. */
  fields: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
});
export type ResourceChange = z.infer<typeof ResourceChange>;

export const ApplyAnswer = z.object({
  dryRun: z.boolean(),
  changes: z.array(ResourceChange),
  /** Of a dry run: who would be told differently. */
  recipientChanges: z.array(RecipientChange).default([]),
  /** What else is to be said, in sentences. */
  notes: z.array(z.string()).default([]),
});
export type ApplyAnswer = z.infer<typeof ApplyAnswer>;

/** How far an apply is: `total` 0 while it cannot be said. */
export const ApplyProgress = z.object({
  phase: z.enum(["reading", "planning", "carrying-out"]),
  done: z.number().int(),
  total: z.number().int(),
});
export type ApplyProgress = z.infer<typeof ApplyProgress>;

/** A large change that is decided and being carried out; one of the console that takes long is answered with 202 and sends to the list of these. */
export const ApplyUnderWay = z.object({
  id: z.number().int(),
  done: z.number().int(),
  total: z.number().int(),
  startedAtMs: z.number().int(),
  /** Who asked for it. */
  actorName: z.string(),
});
export type ApplyUnderWay = z.infer<typeof ApplyUnderWay>;

/**
 * A line of the answer of POST /api/v1/apply-stream, which takes definitions one of JSON a line, as many as there are: first how far it is, then each change,
 * then the end. After an `error` nothing follows.
 */
export const ApplyLine = z.union([
  z.object({ progress: ApplyProgress }),
  z.object({ change: ResourceChange }),
  z.object({ end: ApplyAnswer.omit({ changes: true }) }),
  z.object({ error: ErrorBody.shape.error }),
]);
export type ApplyLine = z.infer<typeof ApplyLine>;

/** GET /api/v1/export?kind=Check: what `apply` takes back unchanged. With `expanded=true` nothing is templated: every definition has all its fields. */
export const ExportAnswer = z.object({ resources: z.array(z.union([TemplatedDefinition, ResourceDefinition])) });
export type ExportAnswer = z.infer<typeof ExportAnswer>;
export const ExpandedExport = z.object({ resources: z.array(ResourceDefinition) });
export type ExpandedExport = z.infer<typeof ExpandedExport>;

/**
 * A line of the answer of GET /api/v1/export-stream: each definition with all its fields, and how files have it where that differs, then the end. Without the end
 * it is not whole.
 */
export const ExportLine = z.union([
  z.object({ definition: ResourceDefinition, written: TemplatedDefinition.optional() }),
  z.object({ end: z.object({ definitions: z.number().int() }) }),
]);
export type ExportLine = z.infer<typeof ExportLine>;
