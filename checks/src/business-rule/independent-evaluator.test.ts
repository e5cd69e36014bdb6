import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { evaluateRule, type RuleState } from "./evaluate.ts";
import type { Leaf } from "./expression.ts";
import { parseRule } from "./parse-rule.ts";

/** A rule as text, and as a function that knows nothing of the parser: what Shinken's documentation says, by counting. */
interface Written {
  readonly text: string;
  stateIn(states: readonly RuleState[]): RuleState;
}

const fromBest = [0, 1, 2, 3] as const;
const fromWorst = [2, 3, 1, 0] as const;
const firstOf = (order: readonly RuleState[], states: readonly RuleState[]) =>
  order.find((state) => states.includes(state)) ?? 3;

function join(word: "&" | "|", sons: readonly Written[]): Written {
  const order = word === "&" ? fromWorst : fromBest;
  return {
    text: `(${sons.map(({ text }) => text).join(` ${word} `)})`,
    stateIn: (states) =>
      firstOf(
        order,
        sons.map((son) => son.stateIn(states)),
      ),
  };
}

function negate({ text, stateIn }: Written): Written {
  const turned = [2, 1, 0, 3] as const;
  return { text: `!${text}`, stateIn: (states) => turned[stateIn(states)] };
}

/** `N of:` in its simple form: CRITICAL when all are, WARNING when all are bad, OK when so many are; else as bad as the worst. */
function ofThese(count: number, sons: readonly Written[]): Written {
  return {
    text: `(${count} of: ${sons.map(({ text }) => text).join(" & ")})`,
    stateIn(states) {
      const own = sons.map((son) => son.stateIn(states));
      if (own.every((state) => state === 2)) return 2;
      if (own.every((state) => state === 1 || state === 2)) return 1;
      return own.filter((state) => state === 0).length >= count ? 0 : firstOf(fromWorst, own);
    },
  };
}

const names = ["a", "b", "c", "d"];
const leaf = fc
  .integer({ min: 0, max: names.length - 1 })
  .map((at): Written => ({ text: names[at] ?? "", stateIn: (states) => states[at] ?? 3 }));
const { rule } = fc.letrec<{ rule: Written }>((tie) => {
  const sons = fc.array(tie("rule"), { minLength: 2, maxLength: 4 });
  return {
    rule: fc.oneof(
      { maxDepth: 4 },
      leaf,
      leaf.map(negate),
      sons.map((list) => join("&", list)),
      sons.map((list) => join("|", list)),
      sons.map((list) => negate(join("&", list))),
      fc.tuple(fc.integer({ min: 1, max: 4 }), sons).map(([count, list]) => ofThese(count, list)),
    ),
  };
});

test("rules of any shape have the state that an independent evaluator gives them", () => {
  const states = fc.array(fc.constantFrom<RuleState>(0, 1, 2, 3), { minLength: names.length, maxLength: names.length });
  fc.assert(
    fc.property(rule, states, (written, now) => {
      const parsed = parseRule(written.text);
      assert.ok("rule" in parsed, written.text);
      const state = evaluateRule(parsed.rule, ({ host }: Leaf) => {
        const found = now[names.indexOf(host?.text ?? "")];
        return found === undefined ? [] : [found];
      });
      assert.equal(state, written.stateIn(now), `${written.text} in ${now.join()}`);
    }),
    { numRuns: 2000 },
  );
});
