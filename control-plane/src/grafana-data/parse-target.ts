import { GrafanaAnnotationKind, type GrafanaQueryTarget, GrafanaTarget } from "@mycloud/protocol/grafana-data";
import { InputError } from "../error/index.ts";

/** What a panel's query asks for; `words` restrict it: a log query, or a host's name. Throws InputError naming what there is. Pure. */
export function parseTarget({ target, payload }: GrafanaQueryTarget): { name: GrafanaTarget; words: string } {
  const colon = target.indexOf(":");
  const name = (colon < 0 ? target : target.slice(0, colon)).trim();
  const words = colon < 0 ? payload : target.slice(colon + 1);
  const known = GrafanaTarget.safeParse(name);
  if (!known.success) {
    const message = `there is no target "${name}"; there are ${GrafanaTarget.options.join(", ")}`;
    throw new InputError(message, [{ field: "targets", message }]);
  }
  return { name: known.data, words: words.trim() };
}

/** What an annotation asks for, `state backup host=web1`; empty for the usual kinds of all hosts. Throws InputError. Pure. */
export function parseAnnotationQuery(query: string): { kinds: GrafanaAnnotationKind[]; host: string | undefined } {
  const kinds: GrafanaAnnotationKind[] = [];
  let host: string | undefined;
  for (const word of query.split(/[\s,]+/).filter((part) => part !== "")) {
    const kind = GrafanaAnnotationKind.safeParse(word);
    if (kind.success) kinds.push(kind.data);
    else if (word.startsWith("host=")) host = word.slice("host=".length);
    else {
      const message = `"${word}" is no kind; write host=NAME, or some of ${GrafanaAnnotationKind.options.join(", ")}`;
      throw new InputError(message, [{ field: "annotation.query", message }]);
    }
  }
  return { kinds, host };
}
