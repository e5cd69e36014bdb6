import type { RrsetDifference, ZoneChangeAnswer, ZoneFinding, ZoneSettings } from "@mycloud/protocol/dns-zone";
import { printable } from "../../command-line/index.ts";

/** A change as people read it: `-` and `+` lines of records, settings that differ, what is wrong or odd, and the serial. Pure. */
export function describeChange(answer: ZoneChangeAnswer): string[] {
  const { differences, differenceCount, settings, findings, serial, serialBefore, isPreview } = answer;
  if (differenceCount === 0 && settings === null) return ["nothing changes"];
  const more = differenceCount - differences.length;
  return [
    ...differences.flatMap(describeDifference),
    ...(more > 0 ? [`  ... and ${more} RRsets more`] : []),
    ...(settings === null ? [] : describeSettings(settings)),
    ...findings.map(describeFinding),
    serial === serialBefore
      ? `what is published stays as it is (serial ${serial})`
      : `serial ${serialBefore} ${isPreview ? "would become" : "is now"} ${serial}`,
  ];
}

/** One RRset: the records that go and come; `~` where only what is said about it differs (a comment, an owner, the floor). */
export function describeDifference({ name, type, before, after }: RrsetDifference): string[] {
  const [was, is] = [textsOf(type, before), textsOf(type, after)];
  const removed = was.filter((text) => !is.includes(text)).map((text) => `- ${name} ${text}`);
  const added = is.filter((text) => !was.includes(text)).map((text) => `+ ${name} ${text}`);
  const lines = [...removed, ...added];
  return (lines.length > 0 ? lines : [`~ ${name} ${type} (comment, owner or floor)`]).map(printable);
}

function textsOf(type: string, rrset: RrsetDifference["before"]): string[] {
  if (rrset === null) return [];
  const ttl = rrset.ttlSeconds === null ? "" : `${rrset.ttlSeconds} `;
  return rrset.records.map(({ data, weight, tier, service }) => {
    const bindings = [
      ...(weight === undefined ? [] : [`weight ${weight}`]),
      ...(tier === undefined ? [] : [`tier ${tier}`]),
      ...(service === undefined ? [] : [`while ${service.host}/${service.service} is well`]),
    ];
    return `${ttl}${type} ${data}${bindings.length === 0 ? "" : `  (${bindings.join(", ")})`}`;
  });
}

function describeSettings({ before, after }: NonNullable<ZoneChangeAnswer["settings"]>): string[] {
  const [was, is] = [flat(before), flat(after)];
  return Object.keys(is).flatMap((key) =>
    was[key] === is[key] ? [] : [printable(`~ ${key}: ${was[key] ?? "-"} -> ${is[key] ?? "-"}`)],
  );
}

/** Settings as texts, those of the SOA record one by one. */
function flat({ authority, ...settings }: ZoneSettings): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...settings, ...authority }).map(([key, value]) => [key, textOf(value)]));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function describeFinding({ severity, name, type, message }: ZoneFinding): string {
  return printable(
    `${severity === "error" ? "ERROR" : "warning"}: ${name}${type === null ? "" : ` ${type}`}: ${message}`,
  );
}
