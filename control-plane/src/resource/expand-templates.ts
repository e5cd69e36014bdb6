import {
  type Fields,
  inheritedFields,
  isDeepEqual,
  joinFields,
  plainFields,
  type TemplateFault,
} from "@mycloud/protocol/definition";
import type { InputIssue } from "@mycloud/protocol/error";
import {
  CheckDefinition,
  HostDefinition,
  type ResourceDefinition,
  ServiceDefinition,
} from "@mycloud/protocol/resource";
import { z } from "zod";
import type { Templates, TemplateUse } from "./template-use.ts";

const Templated = z.looseObject({
  kind: z.enum(["Host", "Check", "Service"]),
  name: z.string(),
  host: z.string().optional(),
  uses: z.array(z.string().max(128)).min(1).max(20),
  spec: z.record(z.string(), z.unknown()).default({}),
});
const specs = {
  Host: HostDefinition.shape.spec.unwrap().shape,
  Check: CheckDefinition.shape.spec.shape,
  Service: ServiceDefinition.shape.spec.unwrap().shape,
} as const satisfies Partial<Record<ResourceDefinition["kind"], Readonly<Record<string, z.ZodType>>>>;

/**
 * Puts the fields of templates into definitions that name some in `uses:`, before anything is checked; others are answered as they are. `uses` has, by
 * `definitionKey`, what those definitions said themselves. A template that is missing, for another kind or in a circle is an issue of its user. Pure.
 */
export function expandTemplates(
  items: readonly unknown[],
  templates: Templates,
): { readonly items: unknown[]; readonly uses: Map<string, TemplateUse>; readonly issues: InputIssue[] } {
  const issues: InputIssue[] = [];
  const found = new Map<string, TemplateUse>();
  const expanded = items.map((item) => {
    const parsed = Templated.safeParse(item);
    if (!parsed.success) return item;
    const { uses, spec, ...rest } = parsed.data;
    const label = `${rest.kind} ${rest.kind === "Service" ? `${rest.host}/` : ""}${rest.name}`;
    const faults: TemplateFault[] = [];
    const fields = joinFields(spec, inheritedFields(rest.kind, uses, templates, faults));
    for (const { name, message } of faults)
      issues.push({ field: `${label}: uses`, value: JSON.stringify(name), message });
    found.set(label, { uses, own: spec });
    return { ...rest, spec: withoutCancelled(plainFields(fields), specs[rest.kind]) };
  });
  return { items: expanded, uses: found, issues };
}

/** The fields of a definition that has only its own any more: lists that added to inherited ones are those alone. Pure. */
export function fieldsAlone(kind: keyof typeof specs, own: Fields): Fields {
  return withoutCancelled(plainFields(joinFields(own, {})), specs[kind]);
}

/** Of all fields of a definition those that somebody set: what has its default may as well come from a template. Pure. */
export function fieldsSet(kind: keyof typeof specs, fields: Fields): Fields {
  const schemas: Readonly<Record<string, z.ZodType>> = specs[kind];
  const isSet = ([name, value]: [string, unknown]) => {
    const parsed = schemas[name]?.safeParse(undefined);
    return parsed?.success !== true || !isDeepEqual(parsed.data, value);
  };
  return Object.fromEntries(Object.entries(fields).filter(isSet));
}

/** Takes out what `null` cancels: a field that takes no null has its default again. */
function withoutCancelled(fields: Fields, schemas: Readonly<Record<string, z.ZodType>>): Fields {
  const isKept = ([name, value]: [string, unknown]) =>
    value !== null || !Object.hasOwn(schemas, name) || schemas[name]?.safeParse(null).success === true;
  return Object.fromEntries(Object.entries(fields).filter(isKept));
}
