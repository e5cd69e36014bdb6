import type { TemplateInput } from "@mycloud/protocol/definition";
import type { InputIssue } from "@mycloud/protocol/error";
import { z } from "zod";

const Uses = z.array(z.string().max(128)).max(20);
const Fields = z.record(z.string(), z.unknown());
const Templated = z.looseObject({
  kind: z.enum(["Host", "Check", "Service"]),
  name: z.string(),
  uses: Uses,
  spec: Fields.default({}),
});

/** Maps that are joined key by key; everything else is one value. */
const joined = new Set(["labels", "variables"]);
const maximumDepth = 20;

/**
 * Puts the fields of templates into definitions that name some in `uses:`, before anything is checked. Of several templates the first that sets a field
 * wins, the definition's own fields win over all, labels and variables are joined, and a list that begins with `+` adds to the inherited one. Others are
 * answered as they are. Pure.
 */
export function expandTemplates(
  items: readonly unknown[],
  templates: ReadonlyMap<string, Pick<TemplateInput, "for" | "uses" | "spec">>,
): { readonly items: unknown[]; readonly issues: InputIssue[] } {
  const issues: InputIssue[] = [];

  function fieldsOf(
    kind: string,
    uses: readonly string[],
    label: string,
    above: readonly string[],
  ): Record<string, unknown> {
    let fields: Record<string, unknown> = {};
    for (const name of uses) {
      const template = templates.get(name);
      const fault = faultOf(template, kind, name, above);
      if (template === undefined || fault !== null) {
        issues.push({ field: `${label}: uses`, value: JSON.stringify(name), message: fault ?? "is missing" });
        continue;
      }
      const inherited = fieldsOf(kind, template.uses, label, [...above, name]);
      fields = join(fields, join(template.spec, inherited));
    }
    return fields;
  }

  const expanded = items.map((item) => {
    const parsed = Templated.safeParse(item);
    if (!parsed.success) return item;
    const { uses, spec, ...rest } = parsed.data;
    const fields = join(spec, fieldsOf(rest.kind, uses, `${rest.kind} ${rest.name}`, []));
    return {
      ...rest,
      spec: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, withoutPlus(value)])),
    };
  });
  return { items: expanded, issues };
}

function faultOf(
  template: Pick<TemplateInput, "for"> | undefined,
  kind: string,
  name: string,
  above: readonly string[],
): string | null {
  if (template === undefined) return "there is no such template";
  if (above.includes(name) || above.length >= maximumDepth)
    return "this template uses itself, by way of others or at once";
  return template.for === kind ? null : `this template is for a ${template.for}`;
}

/** Fields with what they inherit. */
function join(
  own: Readonly<Record<string, unknown>>,
  inherited: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...inherited, ...own };
  for (const [name, value] of Object.entries(own)) {
    const other = inherited[name];
    if (Array.isArray(value) && value[0] === "+") {
      // The `+` of what is added to stays in front, so that it adds to the next one too.
      if (Array.isArray(other)) fields[name] = [...other, ...value.slice(1)];
    } else if (joined.has(name)) {
      const [mine, theirs] = [Fields.safeParse(value), Fields.safeParse(other)];
      if (mine.success && theirs.success) fields[name] = { ...theirs.data, ...mine.data };
    }
  }
  return fields;
}

function withoutPlus(value: unknown): unknown {
  return Array.isArray(value) && value[0] === "+" ? value.slice(1) : value;
}
