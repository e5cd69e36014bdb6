import type { TemplateUseQuery } from "@mycloud/protocol/resource";
import { useRef } from "react";
import { type RaRecord, useNotify, useRedirect, useResourceContext } from "react-admin";
import { useConsole } from "../../providers/hooks.ts";

/** What a form that makes something does with the templates chosen in it: they are no field of the thing, and are said once it is there. */
export function useTemplatesOnCreate(kind: TemplateUseQuery["kind"], redirect: "list" | "show") {
  const provider = useConsole();
  const notify = useNotify();
  const redirectTo = useRedirect();
  const resource = useResourceContext();
  const chosen = useRef<string[]>([]);
  return {
    transform(values: RaRecord): object {
      const { uses, ...rest } = values;
      chosen.current = Array.isArray(uses) ? uses.filter((name) => typeof name === "string") : [];
      return rest;
    },
    mutationOptions: {
      async onSuccess(made: RaRecord) {
        const uses = chosen.current;
        try {
          if (uses.length > 0) await provider.chooseTemplates({ kind, id: Number(made.id), uses });
          notify("Created", { type: "success" });
        } catch (error) {
          const words = error instanceof Error ? error.message : String(error);
          notify(`Created, but without its templates: ${words}`, { type: "warning" });
        }
        redirectTo(redirect, resource, made.id, made);
      },
    },
  };
}
