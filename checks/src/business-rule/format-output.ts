import type { RuleState } from "./evaluate.ts";

/** Something a rule looks at, as its output names it. */
export interface RuleElement {
  readonly host: string;
  /** Null for the host itself. */
  readonly service: string | null;
  readonly state: RuleState;
  /** As people see it: `CRITICAL`, `DOWN`, `STALE`. */
  readonly shown: string;
  readonly output: string;
}

const words = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;
const shortWords: Readonly<Record<string, string>> = {
  OK: "O",
  WARNING: "W",
  CRITICAL: "C",
  UNKNOWN: "U",
  UP: "U",
  DOWN: "D",
};
/** Who reads a line has no use for more names. */
const namedAtMost = 10;

/** What a rule's service says: its state and what is bad, `CRITICAL - 2 of 3 are bad: web1/http CRITICAL, web2 DOWN`. Pure. */
export function ruleOutput(state: RuleState, elements: readonly RuleElement[]): string {
  const bad = elements.filter((element) => element.state !== 0);
  if (bad.length === 0) return `${words[state]} - all ${elements.length} are fine`;
  const named = bad.slice(0, namedAtMost).map((element) => `${fullName(element)} ${element.shown}`);
  const more = bad.length > namedAtMost ? ` and ${bad.length - namedAtMost} more` : "";
  return `${words[state]} - ${bad.length} of ${elements.length} are bad: ${named.join(", ")}${more}`;
}

/** What a template sees of the rule's own service. */
export interface RuleService {
  readonly host: string;
  readonly service: string;
  readonly state: RuleState;
}

/**
 * Fills in Shinken's business_rule_output_template: what stands between `$(` and `)$` once for each element that is not OK, the rest for the rule's own
 * service. Macros: STATUS, SHORTSTATUS, FULLNAME, HOSTNAME, SERVICEDESC, HOSTSTATE, SERVICESTATE, HOSTOUTPUT, SERVICEOUTPUT; others stay as written. Pure.
 */
export function fillTemplate(template: string, own: RuleService, elements: readonly RuleElement[]): string {
  const start = template.indexOf("$(");
  const end = template.lastIndexOf(")$");
  const rule = { host: own.host, service: own.service, state: own.state, shown: words[own.state], output: "" };
  if (start < 0 || end < start) return replaceMacros(template, rule).trim();
  const each = template.slice(start + 2, end);
  const bad = elements.filter((element) => element.state !== 0);
  const children = bad.map((element) => replaceMacros(each, element)).join("");
  const before = replaceMacros(template.slice(0, start), rule);
  const after = replaceMacros(template.slice(end + 2), rule);
  return `${before}${bad.length === 0 ? "all checks were successful." : children}${after}`.trim();
}

function replaceMacros(text: string, element: RuleElement): string {
  return text.replace(/\$([A-Z]+)\$/g, (whole, name: string) => {
    switch (name) {
      case "STATUS":
        return element.shown;
      case "SHORTSTATUS":
        return shortWords[element.shown] ?? element.shown.slice(0, 1);
      case "FULLNAME":
        return fullName(element);
      case "HOSTNAME":
        return element.host;
      case "SERVICEDESC":
        return element.service ?? "";
      case "HOSTSTATE":
      case "SERVICESTATE":
        return element.shown;
      case "HOSTOUTPUT":
      case "SERVICEOUTPUT":
        return element.output;
      default:
        return whole;
    }
  });
}

function fullName({ host, service }: Pick<RuleElement, "host" | "service">): string {
  return service === null ? host : `${host}/${service}`;
}
