import { SelectInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { createPages } from "../../definition/create-pages.tsx";
import { NamesInput } from "../../form/NamesInput.tsx";
import { JsonInput } from "./JsonInput.tsx";

const examples: Readonly<Record<string, string>> = {
  Host: '{ "groups": ["+", "web"], "labels": { "role": "web" }, "maxCheckAttempts": 5, "checkPeriod": "office" }',
  Check: '{ "checkIntervalSeconds": 300, "maxCheckAttempts": 3, "timeoutSeconds": 30 }',
  Service: '{ "freshnessSeconds": 90000, "notes": "the nightly backup reports here" }',
};

function TemplateInputs() {
  const of: unknown = useWatch({ name: "for" });
  return (
    <fieldset>
      <legend>What it gives</legend>
      <SelectInput
        source="for"
        label="To"
        choices={[
          { id: "Host", name: "hosts" },
          { id: "Check", name: "checks" },
          { id: "Service", name: "passive services" },
        ]}
        isRequired
        helperText={false}
      />
      <NamesInput
        source="uses"
        label="Takes over from"
        reference="templates"
        helperText="Other templates; of several that set a field, the first counts"
      />
      <JsonInput
        source="spec"
        label="Fields (JSON)"
        helperText={`As in a definition file's spec, e.g. ${examples[String(of)] ?? examples.Host}. A list that begins with "+" adds to the inherited.`}
      />
    </fieldset>
  );
}

export const templatePages = createPages<"Template">({
  kind: "Template",
  title: "Templates",
  subtitle: "Fields that definitions take over by naming a template under uses:",
  empty:
    "A template holds what many hosts, checks or passive services have in common; definition files name it under uses:.",
  columns: [
    { key: "for", label: "For", width: 110, render: (template) => template.for },
    {
      key: "uses",
      label: "Takes over from",
      width: "22%",
      narrow: "hide",
      render: ({ uses }) => <span className="clip">{uses.join(", ")}</span>,
    },
    {
      key: "fields",
      label: "Fields",
      narrow: "full",
      render: ({ spec }) => <span className="clip quiet">{Object.keys(spec).join(", ")}</span>,
    },
  ],
  defaults: () => ({ for: "Host" }),
  Inputs: TemplateInputs,
  facts: (template) => [
    ["For", template.for],
    ["Takes over from", template.uses.join(", ") || null],
    ...Object.entries(template.spec).map(
      ([name, value]) =>
        [
          name,
          <code key={name} className="mono wrap">
            {typeof value === "string" ? value : JSON.stringify(value)}
          </code>,
        ] as const,
    ),
  ],
});
