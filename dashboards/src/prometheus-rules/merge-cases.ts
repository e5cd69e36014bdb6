import type { AlertRule, InputSeries } from "./rule.ts";

/** One of an alert's two cases. */
export interface AlertCase {
  readonly alert: AlertRule;
  readonly name: string;
  readonly series: InputSeries;
}

/**
 * Puts cases together that cannot see each other: no metric of one is fed, or asked for, by another. promtool evaluates every rule for every test, so
 * few tests with many cases take a fraction of the time. Pure.
 */
export function mergeCases<Case extends AlertCase>(cases: readonly Case[]): Case[][] {
  const merged: { readonly cases: Case[]; readonly fed: Set<string>; readonly asked: Set<string> }[] = [];
  for (const one of cases) {
    const fed = metricsOfSeries(one.series);
    const asked = new Set([...fed, ...namesIn(one.alert.expr)]);
    const place = merged.find((test) => isDisjoint(test.fed, asked) && isDisjoint(test.asked, fed));
    if (place === undefined) merged.push({ cases: [one], fed, asked });
    else {
      place.cases.push(one);
      for (const name of fed) place.fed.add(name);
      for (const name of asked) place.asked.add(name);
    }
  }
  return merged.map((test) => test.cases);
}

function metricsOfSeries(series: InputSeries): Set<string> {
  return new Set(Object.keys(series).map((notation) => notation.replace(/\{.*/, "")));
}

/** Everything that may be a metric's name; words of the language among them do no harm. */
function namesIn(expr: string): Set<string> {
  return new Set(expr.replaceAll(/"[^"]*"/g, "").match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g));
}

function isDisjoint(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const name of b) if (a.has(name)) return false;
  return true;
}
