import type { RrsetDifference, RrsetRecord } from "@mycloud/protocol/dns-zone";

/** A line of a difference, as patches have them. */
export interface DifferenceLine {
  readonly mark: "+" | "-" | " ";
  readonly text: string;
}

/** What becomes of an RRset, record by record; after them what changed about all of them. */
export function linesOf({ name, type, before, after }: RrsetDifference): DifferenceLine[] {
  const lines: DifferenceLine[] = [];
  const hasOtherTtl = before !== null && after !== null && before.ttlSeconds !== after.ttlSeconds;
  const line = (side: NonNullable<RrsetDifference["before"]>, record: RrsetRecord) =>
    `${name} ${side.ttlSeconds === null ? "" : `${side.ttlSeconds} `}${type} ${recordText(record)}`;
  const afterTexts = new Set(after?.records.map(recordText));
  const beforeTexts = new Set(before?.records.map(recordText));
  for (const record of before?.records ?? []) {
    const stays = afterTexts.has(recordText(record)) && !hasOtherTtl;
    if (before !== null) lines.push({ mark: stays ? " " : "-", text: line(before, record) });
  }
  for (const record of after?.records ?? []) {
    const wasThere = beforeTexts.has(recordText(record)) && !hasOtherTtl;
    if (after !== null && !wasThere) lines.push({ mark: "+", text: line(after, record) });
  }
  if (before === null || after === null) return lines;
  for (const [field, what] of [
    ["minimumAnswers", "minimum answers"],
    ["answers", "answers"],
    ["comment", "comment"],
    ["owner", "owner"],
  ] as const) {
    if (before[field] === after[field]) continue;
    lines.push({ mark: "-", text: `${name} ${type} ${what}: ${before[field] ?? "all"}` });
    lines.push({ mark: "+", text: `${name} ${type} ${what}: ${after[field] ?? "all"}` });
  }
  return lines;
}

/** A record's data, and what decides how often and whether it is handed out. */
export function recordText({ data, weight, tier, service }: RrsetRecord): string {
  return [
    data,
    ...(weight === undefined ? [] : [`weight ${weight}`]),
    ...(tier === undefined ? [] : [`tier ${tier}`]),
    ...(service === undefined ? [] : [`while ${service.service} on ${service.host} is well`]),
  ].join(", ");
}
