import Autocomplete from "@mui/material/Autocomplete";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { TemplateUseQuery } from "@mycloud/protocol/resource";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type RaRecord, useInput, useNotify, useRecordContext, useRefresh } from "react-admin";
import { useFormState } from "react-hook-form";
import { Link } from "react-router-dom";
import { useNames } from "../../form/NamesInput.tsx";
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

/** Chooses the templates that an object takes fields over from; nothing for who may not see templates. */
export function TemplateChoice({ kind }: Pick<TemplateUseQuery, "kind">) {
  const record = useRecordContext<RaRecord>();
  const maySee = useMayAccess("list", "templates");
  const of = { kind, id: Number(record?.id ?? 0) };
  const used = useTemplatesOf(of);
  if (!maySee) return null;
  if (of.id === 0) return <NewTemplateChoice kind={kind} />;
  // Chosen anew whenever what is stored changes.
  const names = used.map(({ name }) => name);
  return <TemplatePicker key={names.join("\n")} of={of} used={names} />;
}

function TemplatePicker({ of, used }: { of: TemplateUseQuery; used: readonly string[] }) {
  const provider = useConsole();
  const { isDirty } = useFormState();
  const [chosen, setChosen] = useState(used);
  const client = useQueryClient();
  const refresh = useRefresh();
  const notify = useNotify();
  const { mutate, isPending } = useMutation({
    mutationFn: () => provider.chooseTemplates({ ...of, uses: [...chosen] }),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ["templates", "used", of.kind, of.id] });
      refresh();
      notify("Templates chosen", { type: "success" });
    },
    onError: (error) => notify(error.message, { type: "error" }),
  });
  const isChanged = chosen.join("\n") !== used.join("\n");
  return (
    <div className="template-choice">
      <TemplateNames
        kind={of.kind}
        chosen={chosen}
        onChoose={setChosen}
        helperText="Templates; of several that set a field, the first counts. A field changed here is its own and follows none"
      />
      {isChanged ? (
        <div className="row">
          <Button variant="outlined" size="small" disabled={isDirty || isPending} onClick={() => mutate()}>
            {chosen.length === 0 ? "Follow no template" : "Follow these"}
          </Button>
          <span className="quiet">{isDirty ? "Save what was changed below first." : consequence(used, chosen)}</span>
        </div>
      ) : null}
    </div>
  );
}

/** Of what is not stored yet: a field of the form, for `useTemplatesOnCreate`. */
function NewTemplateChoice({ kind }: Pick<TemplateUseQuery, "kind">) {
  const { field } = useInput<string[]>({ source: "uses", defaultValue: [] });
  return (
    <TemplateNames
      kind={kind}
      chosen={field.value ?? []}
      onChoose={field.onChange}
      helperText="Templates; of several that set a field, the first counts. Fields that are left as they are here are filled from them"
    />
  );
}

interface TemplateNamesProps extends Pick<TemplateUseQuery, "kind"> {
  readonly chosen: readonly string[];
  readonly onChoose: (names: string[]) => void;
  readonly helperText: string;
}

/** Names of templates to choose from; nothing where there are none. */
function TemplateNames({ kind, chosen, onChoose, helperText }: TemplateNamesProps) {
  const [words, setWords] = useState("");
  const known = useNames("templates", words, (template) => template.for === kind);
  if (chosen.length === 0 && known.length === 0 && words === "") return null;
  return (
    <Autocomplete
      multiple
      filterSelectedOptions
      options={[...known]}
      value={[...chosen]}
      onChange={(_, next) => onChoose(next)}
      inputValue={words}
      onInputChange={(_, text, reason) => {
        if (reason !== "blur") setWords(text);
      }}
      onBlur={() => setWords("")}
      noOptionsText="No template of this name"
      renderInput={(parameters) => <TextField {...parameters} label="Takes over from" helperText={helperText} />}
    />
  );
}

/** What comes of it, in a sentence. */
function consequence(used: readonly string[], chosen: readonly string[]): string {
  const gone = used.filter((name) => !chosen.includes(name));
  const fills = "Fields that nobody set are filled from them at once.";
  return gone.length === 0 ? fills : `What came from ${gone.join(" and ")} goes. ${chosen.length > 0 ? fills : ""}`;
}
