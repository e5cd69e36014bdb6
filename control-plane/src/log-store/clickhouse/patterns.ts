import { logSeverities } from "@mycloud/protocol/log-record";
import type { LogPattern, LogPatterns } from "@mycloud/protocol/log-search";
import type { LogRange } from "../log-store.ts";
import { mergeShapes, type PatternOrder, patternId, rankPatterns } from "../pattern/index.ts";
import { literal } from "./literal.ts";
import { type Reading, rangeSql } from "./reading.ts";
import { type RecordRow, recordColumns, recordOf } from "./rows.ts";

const maximumShapes = 5_000;

interface ShapeRow {
  readonly template: string;
  readonly here: string;
  readonly earlier: string;
  readonly first: string;
  readonly last: string;
  readonly worst: number;
  readonly hosts: readonly string[];
}

interface Shape {
  readonly template: string;
  readonly count: number;
  readonly countBefore: number;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly severity: number;
  readonly hosts: ReadonlySet<string>;
  /** Of which records are. */
  readonly templates: readonly string[];
}

export async function patterns(
  reading: Reading,
  range: LogRange,
  before: LogRange,
  order: PatternOrder,
  limit: number,
): Promise<LogPatterns> {
  const isHere = `(${rangeSql(range)})`;
  const rows = await reading.query<ShapeRow>(
    `select template, countIf(${isHere}) as here, count() - here as earlier, minIf(time_us, ${isHere}) as first,
       maxIf(time_us, ${isHere}) as last, minIf(severity, ${isHere}) as worst,
       groupUniqArrayIf(host, ${isHere}) as hosts
     from ${reading.table} where (${isHere} or (${rangeSql(before)})) and ${reading.matches}
     group by template order by count() desc limit ${maximumShapes * 2}`,
  );
  const shapes = (rows ?? []).map(shapeOf);
  const others = shapes.slice(maximumShapes).reduce((sum, { count }) => sum + count, 0);
  const merged = mergeShapes(shapes.slice(0, maximumShapes)).map(({ template, shapes: same }) => sumOf(template, same));
  const ratio = (range.toUs - range.fromUs) / Math.max(1, before.toUs - before.fromUs);
  const ranked = rankPatterns(merged, order, ratio).slice(0, limit);
  const found: LogPattern[] = [];
  for (const shape of ranked) {
    const [example] = (await reading.query<RecordRow>(exampleSql(reading, shape))) ?? [];
    found.push({
      id: patternId(shape.template),
      template: shape.template,
      count: shape.count,
      countBefore: shape.countBefore,
      firstSeenUs: shape.firstUs,
      lastSeenUs: shape.lastUs,
      severity: logSeverities[shape.severity] ?? null,
      hosts: shape.hosts.size,
      example: example === undefined ? null : recordOf(example),
    });
  }
  return { patterns: found, others, isComplete: rows !== null };
}

/** The newest record of a shape. */
function exampleSql({ table, matches }: Reading, { lastUs, templates }: Shape): string {
  const range = rangeSql({ fromUs: lastUs, toUs: lastUs + 1 });
  return `select ${recordColumns} from ${table} where ${range} and template in (${templates.map(literal).join(", ")}) and ${matches}
    order by seq desc limit 1`;
}

function shapeOf({ template, here, earlier, first, last, worst, hosts }: ShapeRow): Shape {
  const count = Number(here);
  return {
    template,
    count,
    countBefore: Number(earlier),
    firstUs: count === 0 ? Number.POSITIVE_INFINITY : Number(first),
    lastUs: count === 0 ? 0 : Number(last),
    severity: count === 0 ? 8 : worst,
    hosts: new Set(hosts),
    templates: [template],
  };
}

function sumOf(template: string, shapes: readonly Shape[]): Shape {
  const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  return {
    template,
    count: sum(shapes.map(({ count }) => count)),
    countBefore: sum(shapes.map(({ countBefore }) => countBefore)),
    firstUs: shapes.reduce((first, { firstUs }) => Math.min(first, firstUs), Number.POSITIVE_INFINITY),
    lastUs: shapes.reduce((last, { lastUs }) => Math.max(last, lastUs), 0),
    severity: shapes.reduce((worst, { severity }) => Math.min(worst, severity), 8),
    hosts: new Set(shapes.flatMap(({ hosts }) => [...hosts])),
    templates: shapes.map((shape) => shape.template),
  };
}
