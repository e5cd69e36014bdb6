import type { TemplateUseQuery } from "@mycloud/protocol/resource";
import { useQuery } from "@tanstack/react-query";
import { type RaRecord, useRecordContext } from "react-admin";
import { Link } from "react-router-dom";
import { useConsole, useMayAccess } from "../../providers/hooks.ts";

/** The templates that a host, check or passive service takes fields over from; none while that is not known. */
export function useTemplatesOf({ kind, id }: TemplateUseQuery) {
  const provider = useConsole();
  const maySee = useMayAccess("list", "templates");
  const { data } = useQuery({
    queryKey: ["templates", "used", kind, id],
    queryFn: ({ signal }) => provider.templatesOf({ kind, id }, signal),
    enabled: maySee && id > 0,
  });
  return data ?? [];
}

/** Those templates by name, each with the way to it. */
export function TemplateLinks({ of }: { of: TemplateUseQuery }) {
  const templates = useTemplatesOf(of);
  return (
    <span>
      {templates.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 ? ", " : null}
          <Link to={`/templates/${id}/show`}>{name}</Link>
        </span>
      ))}
    </span>
  );
}

/** Says on a form where fields come from: which templates an object uses is chosen in definition files, and only looked at here. */
export function TemplateHint({ kind }: Pick<TemplateUseQuery, "kind">) {
  const record = useRecordContext<RaRecord>();
  const of = { kind, id: Number(record?.id ?? 0) };
  const isTemplated = useTemplatesOf(of).length > 0;
  if (!isTemplated) return null;
  return (
    <p className="hint">
      Takes fields over from <TemplateLinks of={of} />, as its definition file says under <code>uses:</code>. A field
      changed here is its own from then on and no longer follows the template.
    </p>
  );
}
