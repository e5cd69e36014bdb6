import type { ZoneFinding } from "@mycloud/protocol/dns-zone";

/** What a person should know about a zone: what keeps it from working first. */
export function FindingList({ findings }: { readonly findings: readonly ZoneFinding[] }) {
  if (findings.length === 0) return null;
  const sorted = findings.toSorted((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
  return (
    <ul className="plain-list" aria-label="Findings">
      {sorted.map(({ severity, code, name, type, message }) => (
        <li key={`${code} ${name} ${type} ${message}`} className="wrap">
          <b className={severity === "error" ? "tone-critical" : "tone-warning"}>{severity}</b> {message}
        </li>
      ))}
    </ul>
  );
}
